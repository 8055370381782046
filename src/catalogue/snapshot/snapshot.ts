/** The kinds of objects in a snapshot; the parts of a table are objects of their own. */
export type ObjectKind =
  | 'schema'
  | 'extension'
  | 'type'
  | 'sequence'
  | 'table'
  | 'column'
  | 'primary key'
  | 'unique'
  | 'foreign key'
  | 'check'
  | 'exclusion'
  | 'index'
  | 'trigger'
  | 'policy'
  | 'view'
  | 'routine'
  // Read only where a whole database is described.
  | 'aggregate'
  | 'rule'
  | 'statistics'
  | 'event'
  | 'inheritance'
  | 'setting'
  | 'column order'

/** An object of a database with the definition that the server itself gives. */
export interface CatalogueObject {
  readonly kind: ObjectKind
  /** The table or view that the object is a part of, named as operations name it: without the default schema. */
  readonly table?: string
  /** The name; qualified as operations qualify it unless the object is a part of a table. */
  readonly name: string
  /**
   * The definition by property. Two objects are equal if all properties are. A column has those of `ColumnDefinition`
   * that the dialect knows (`type`, `nullable`, `default`, `generated`, …); others have mostly one, `sql`. A missing
   * property is null.
   */
  readonly definition: Readonly<Record<string, string | null>>
}

/** All objects of a database by `keyOf`. */
export type Snapshot = ReadonlyMap<string, CatalogueObject>

/** Returns the key of an object: kind, table and name. */
export function keyOf({kind, table, name}: Pick<CatalogueObject, 'kind' | 'table' | 'name'>): string {
  return JSON.stringify([kind, table ?? null, name])
}

/** Returns a snapshot of objects. */
export function snapshotOf(objects: Iterable<CatalogueObject>): Snapshot {
  return new Map([...objects].map((object) => [keyOf(object), object]))
}

/** An object that differs between two snapshots. */
export interface SnapshotDifference {
  readonly key: string
  readonly before: CatalogueObject | undefined
  readonly after: CatalogueObject | undefined
  /** The properties that differ; empty if the object is on one side only. */
  readonly properties: readonly string[]
}

/** Returns the objects that differ between two snapshots, in the order of the first one. */
export function differencesOf(before: Snapshot, after: Snapshot): readonly SnapshotDifference[] {
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((key) => {
    const [one, other] = [before.get(key), after.get(key)]
    const properties = one === undefined || other === undefined ? [] : changedProperties(one, other)
    const isSame = one !== undefined && other !== undefined && properties.length === 0
    return isSame ? [] : [{key, before: one, after: other, properties}]
  })
}

/** Returns the properties in which two objects differ. */
export function changedProperties(one: CatalogueObject, other: CatalogueObject): readonly string[] {
  const names = new Set([...Object.keys(one.definition), ...Object.keys(other.definition)])
  return [...names].filter((name) => (one.definition[name] ?? null) !== (other.definition[name] ?? null))
}

/** Runs a query on the database whose catalogue is read. */
export type Query = <Row>(sql: string) => Promise<readonly Row[]>
