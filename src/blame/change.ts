import type {RevisionId} from '../graph/revision.ts'

/** The kinds of a table's parts, and the table itself. */
export type BlamedKind = 'table' | 'view' | 'column' | 'index' | 'constraint' | 'trigger' | 'policy' | 'rule'

/** A table or view, or a part of one. */
export interface NamedObject {
  readonly kind: BlamedKind
  /** The table or view, qualified unless its schema is the default one. */
  readonly table: string
  /** The name of the part, or of the table. */
  readonly name: string
}

export type ChangeKind = 'creates' | 'alters' | 'renames' | 'drops'

/** A change of an object, by its names after the revision; an object that is dropped has the names before it. */
export type ObjectChange =
  | (NamedObject & {readonly change: 'creates' | 'alters' | 'drops'})
  | (NamedObject & {readonly change: 'renames'; readonly from: string})

/** A part of a revision whose effect is not known. */
export interface Doubt {
  /** A noun phrase. */
  readonly reason: string
  /** The objects that it may change; undefined if it may change any. */
  readonly objects?: readonly string[]
}

/** The changes of the schema that a revision makes, and what is not known about them. */
export interface RevisionChanges {
  readonly revision: RevisionId
  readonly changes: readonly ObjectChange[]
  /** Objects that it names and that no revision is known to create. */
  readonly assumed: readonly NamedObject[]
  readonly doubts: readonly Doubt[]
}

export const isTableOrView = (kind: string): kind is 'table' | 'view' => kind === 'table' || kind === 'view'
