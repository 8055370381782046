import type {ObjectKind} from '../../operations/definition.ts'

/** The kinds of a model; `object` for anything else that has a name, such as a publication. */
export type ItemKind = Exclude<ObjectKind, 'unknown'> | 'object'

export type ItemId = string

/**
 * A dependency: dropping the target drops the item (`belongs`), or is refused while the item exists (`needs`). With
 * CASCADE, the item is dropped, or loses its default (`default`).
 */
export interface Reference {
  readonly to: ItemId
  readonly how: 'belongs' | 'needs' | 'default'
}

/** An object of a modelled schema. */
export interface Item {
  readonly id: ItemId
  readonly kind: ItemKind
  readonly name: string
  /** The schema, or the table or view that it is a part of. */
  readonly parent: ItemId | undefined
  /** The parts of its definition, each as comparable text. */
  readonly properties: Readonly<Record<string, string>>
  readonly references: readonly Reference[]
  /** Whether it may have parts that the model does not know. */
  readonly isOpen: boolean
}

/** A statement that fails on the modelled schema; the message is the end of a sentence. */
export class Refusal extends Error {}

/** A statement whose effect cannot be told; the message says why, as a noun phrase. */
export class Unclear extends Error {
  /** Whether it may concern objects that it does not name. */
  readonly isAnywhere: boolean

  constructor(message: string, {isAnywhere = false}: {readonly isAnywhere?: boolean} = {}) {
    super(message)
    this.isAnywhere = isAnywhere
  }
}

/** Returns the start of the properties of a schema that are given to new objects of a kind. */
export const defaultsFor = (kind: ItemKind): string => `defaults of ${kind === 'view' ? 'table' : kind} `

/** The starts of the properties that belong to an object and not to its definition. */
export const kept: readonly string[] = ['owner', 'privilege ', 'grant option ', 'comment', 'label ']

/** Whether an object was named before anything created it. */
export const isAssumed = ({id, kind}: Item): boolean => id.startsWith(`${kind} `)

/** Kinds that share one namespace within a schema. */
const relations: ReadonlySet<ItemKind> = new Set(['table', 'view', 'sequence', 'index'])

/** Returns the namespace of a kind. */
export const spaceOf = (kind: ItemKind): string => (relations.has(kind) ? 'relation' : kind)
/** Returns the key of a name in its namespace. */
export const keyIn = (kind: ItemKind, parent: ItemId | undefined, name: string): string =>
  JSON.stringify([spaceOf(kind), parent ?? '', name])

export const newItem = {
  parent: undefined,
  properties: {} as Readonly<Record<string, string>>,
  references: [] as readonly Reference[],
  isOpen: false,
} as const
