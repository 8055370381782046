import type {RevisionId} from '../graph/revision.ts'
import {isTableOrView} from './change.ts'
import type {BlamedKind, ChangeKind, NamedObject, ObjectChange, RevisionChanges} from './change.ts'

/** A part of a table, or the table itself, with its changes from the oldest to the newest. */
export interface ChangedObject {
  readonly kind: BlamedKind
  readonly name: string
  readonly changes: readonly PastChange[]
}

interface PastChange {
  readonly revision: RevisionId
  readonly change: ChangeKind
  /** The former name, if it was renamed. */
  readonly from?: string
  /** The new name of an object that is looked up by its former one. */
  readonly to?: string
}

/** A table or view, by all names that it ever had. */
export class TableHistory {
  /** The current name, or the last one. */
  name: string
  isDropped = false
  readonly formerNames = new Set<string>()
  #self: ChangedObject
  #parts = new Map<string, ChangedObject>()
  readonly #former: ChangedObject[] = []
  readonly #revisions = new Map<RevisionId, ObjectChange[]>()

  constructor(kind: 'table' | 'view', name: string) {
    this.name = name
    this.#self = {kind, name, changes: []}
  }

  /** Whether a revision is known to create, change or name it. */
  get isKnown(): boolean {
    return this.#self.changes.length + this.#parts.size + this.#former.length > 0
  }

  get self(): ChangedObject {
    return {...this.#self, name: this.name}
  }

  /** The parts that it has. */
  get parts(): readonly ChangedObject[] {
    return [...this.#parts.values()]
  }

  /** The parts that were dropped, and the former names of others. */
  get formerParts(): readonly ChangedObject[] {
    return this.#former
  }

  /** The changes by revision, in the order of the revisions. */
  get revisions(): ReadonlyMap<RevisionId, readonly ObjectChange[]> {
    return this.#revisions
  }

  /** Adds the changes of a revision, after `rename` if it renames the table. */
  add(revision: RevisionId, changes: readonly ObjectChange[]): void {
    this.#renameParts(revision, changes)
    for (const change of changes) {
      this.#note(revision, change)
      if (isTable(change)) this.#addOwn(revision, change)
      else if (change.change !== 'renames') this.#addPart(revision, change)
    }
    if (this.isDropped) this.#parts = new Map()
  }

  assume(part: NamedObject): void {
    if (isTable(part) || this.#parts.has(keyOf(part))) return
    this.#parts.set(keyOf(part), {kind: part.kind, name: part.name, changes: []})
  }

  rename(name: string): void {
    this.formerNames.add(this.name)
    this.name = name
  }

  /** Adds the history of a dropped table whose name this one has now. */
  follow(dropped: TableHistory): void {
    for (const [revision, changes] of dropped.#revisions)
      this.#revisions.set(revision, [...changes, ...(this.#revisions.get(revision) ?? [])])
    this.#former.push(...dropped.#former)
  }

  #addOwn(revision: RevisionId, change: ObjectChange): void {
    if (change.change === 'drops') this.isDropped = true
    const isNew = change.change === 'creates'
    if (isNew) this.isDropped = false
    this.#self = {
      kind: change.kind,
      name: this.name,
      changes: [...(isNew ? [] : this.#self.changes), pastChange(revision, change)],
    }
  }

  #addPart(revision: RevisionId, change: ObjectChange): void {
    const {kind, name} = change
    const key = keyOf(change)
    const former = change.change === 'creates' ? [] : (this.#parts.get(key)?.changes ?? [])
    const part = {kind, name, changes: [...former, pastChange(revision, change)]}
    if (change.change === 'drops') {
      this.#parts.delete(key)
      this.#former.push(part)
    } else this.#parts.set(key, part)
  }

  /** Renames parts, all at once: two may exchange their names. */
  #renameParts(revision: RevisionId, changes: readonly ObjectChange[]): void {
    const parts = changes.flatMap((change) => (change.change === 'renames' && !isTable(change) ? [change] : []))
    if (parts.length === 0) return
    const renamed = new Map<string, ChangedObject>()
    for (const change of parts) {
      const {kind, name, from} = change
      const key = keyOf({kind, name: from})
      const former = this.#parts.get(key)?.changes ?? []
      this.#former.push({kind, name: from, changes: [...former, {revision, change: 'renames', to: name}]})
      renamed.set(key, {kind, name, changes: [...former, pastChange(revision, change)]})
    }
    // Each keeps its place among the others.
    const all = [...new Set([...this.#parts.keys(), ...renamed.keys()])]
    const current = all.flatMap((key) => renamed.get(key) ?? this.#parts.get(key) ?? [])
    this.#parts = new Map(current.map((part) => [keyOf(part), part]))
  }

  #note(revision: RevisionId, change: ObjectChange): void {
    const known = this.#revisions.get(revision)
    if (known === undefined) this.#revisions.set(revision, [change])
    else known.push(change)
  }
}

/** Returns the histories of all tables and views from the changes of revisions, each after its parents. */
export function tableHistories(all: readonly RevisionChanges[]): readonly TableHistory[] {
  const histories = new Map<string, TableHistory>()
  for (const {revision, changes, assumed} of all) {
    renameTables(changes, histories)
    const byTable = Map.groupBy(changes, ({table}) => table)
    for (const [table, own] of byTable) historyOf(table, own, histories).add(revision, own)
    for (const part of assumed) historyOf(part.table, [part], histories).assume(part)
  }
  return [...histories.values()]
}

function renameTables(changes: readonly ObjectChange[], histories: Map<string, TableHistory>): void {
  const renamed = changes.flatMap((change) => {
    if (change.change !== 'renames' || !isTable(change)) return []
    const history = historyOf(change.from, [change], histories)
    return [{name: change.name, history}]
  })
  for (const {history} of renamed) histories.delete(history.name)
  for (const {name, history} of renamed) {
    const former = histories.get(name)
    if (former !== undefined) history.follow(former)
    history.rename(name)
    histories.set(name, history)
  }
}

function historyOf(name: string, objects: readonly NamedObject[], histories: Map<string, TableHistory>): TableHistory {
  const known = histories.get(name)
  if (known !== undefined) return known
  const kind = objects.some((object) => object.kind === 'view') ? 'view' : 'table'
  const history = new TableHistory(kind, name)
  histories.set(name, history)
  return history
}

const keyOf = ({kind, name}: Pick<NamedObject, 'kind' | 'name'>): string => `${kind} ${name}`
const isTable = ({kind}: Pick<NamedObject, 'kind'>): boolean => isTableOrView(kind)

function pastChange(revision: RevisionId, change: ObjectChange): PastChange {
  return {
    revision,
    change: change.change,
    ...(change.change === 'renames' && {from: change.from}),
  }
}
