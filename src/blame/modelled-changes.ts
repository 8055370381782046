import type {RevisionStatements} from '../conflicts/revision-statements.ts'
import type {RevisionId} from '../graph/revision.ts'
import {joinName} from '../operations/names.ts'
import type {Tree} from '../sql/effects/tree.ts'
import {isAssumed} from '../sql/model/items.ts'
import type {Item, ItemId} from '../sql/model/items.ts'
import {aside} from '../sql/model/row-knowledge.ts'
import {SchemaModel} from '../sql/model/schema-model.ts'
import {applyStatement} from '../sql/model/statements.ts'
import {isTableOrView} from './change.ts'
import type {ChangeKind, Doubt, NamedObject, ObjectChange, RevisionChanges} from './change.ts'
import {writtenName} from './index-names.ts'

type Prepare = (model: SchemaModel, statement: Tree) => Tree
type Find = (id: ItemId) => Item | undefined

/**
 * Applies the statements of revisions, each after its parents, to one modelled schema, and returns the changes of each.
 *
 * @param prepare returns a statement as the model reads it
 */
export function modelledChanges(
  revisions: readonly {readonly revision: RevisionId; readonly content: RevisionStatements}[],
  prepare: Prepare,
): readonly RevisionChanges[] {
  const model = new SchemaModel()
  const former = new Map<ItemId, Item>(model.items.map((item) => [item.id, item]))
  return revisions.map(({revision, content}) => {
    const doubts = applied(model, revision, content, prepare)
    const found = differences(model, former)
    // Only what a revision touches differs: one map for all is a hundred times faster than one for each.
    for (const {id} of found.gone) former.delete(id)
    for (const item of found.changed) former.set(item.id, item)
    return {revision, changes: replaced(found.changes), assumed: found.assumed, doubts}
  })
}

function applied(
  model: SchemaModel,
  revision: RevisionId,
  content: RevisionStatements,
  prepare: Prepare,
): readonly Doubt[] {
  model.begin(revision)
  const anywhere = new Set(content.unclear)
  const among = new Set(content.vague)
  for (const statement of content.statements) {
    const outcome = applyStatement(model, prepare(model, statement))
    if (outcome === undefined) continue
    if ('refused' in outcome) among.add(`a statement that fails as far as the history is known: ${outcome.refused}`)
    else (outcome.isAnywhere ? anywhere : among).add(outcome.unclear)
  }
  const objects = [...model.notes.touched.values()].map(({object}) => object.name)
  return [...[...anywhere].map((reason) => ({reason})), ...[...among].map((reason) => ({reason, objects}))]
}

interface Differences {
  readonly changes: readonly ObjectChange[]
  readonly assumed: readonly NamedObject[]
  readonly changed: readonly Item[]
  readonly gone: readonly Item[]
}

function differences(model: SchemaModel, former: ReadonlyMap<ItemId, Item>): Differences {
  const findNow: Find = (id) => model.get(id)
  const changed = model.items.filter((item) => former.get(item.id) !== item)
  const {removed} = model.notes
  const dropped = new Map(removed.map((item) => [item.id, item]))
  const findBefore: Find = (id) => former.get(id) ?? dropped.get(id) ?? model.get(id)
  // A table may be renamed by the revision that drops a part of it.
  const findLast: Find = (id) => model.get(id) ?? findBefore(id)
  const gone = removed.filter(({id}) => model.get(id) === undefined)
  const changes: ObjectChange[] = []
  const assumed: NamedObject[] = []
  for (const item of new Set(gone.map(({id}) => former.get(id) ?? dropped.get(id)))) {
    if (item === undefined || (former.get(item.id) === undefined && !isAssumed(item))) continue
    const place = placeOf(item, findLast)
    if (place !== undefined) changes.push({...place, change: 'drops'})
  }
  for (const item of changed) {
    const place = placeOf(item, findNow)
    if (place === undefined) continue
    const known = former.get(item.id)
    const before = known ?? (isAssumed(item) ? asAssumed(item) : undefined)
    const placeBefore = before && placeOf(before, findBefore)
    if (known === undefined && placeBefore !== undefined) assumed.push(place)
    if (placeBefore === undefined) changes.push({...place, change: 'creates'})
    else if (placeBefore.name !== place.name) changes.push({...place, change: 'renames', from: placeBefore.name})
    if (placeBefore !== undefined && definitionOf(item) !== definitionOf(before))
      changes.push({...place, change: 'alters'})
  }
  const tables = changes.filter(({kind}) => isTableOrView(kind))
  const parts = changes.filter(({kind}) => !isTableOrView(kind))
  return {changes: [...tables, ...parts], assumed, changed, gone}
}

const keyOf = ({kind, table, name}: NamedObject): string => JSON.stringify([kind, table, name])

/** Returns changes with an object that is dropped and created again as one that is altered. */
function replaced(changes: readonly ObjectChange[]): readonly ObjectChange[] {
  const keysOf = (change: ChangeKind): ReadonlySet<string> =>
    new Set(changes.filter((one) => one.change === change).map(keyOf))
  const both = keysOf('drops').intersection(keysOf('creates'))
  if (both.size === 0) return changes
  return changes.flatMap((one): readonly ObjectChange[] => {
    if (!both.has(keyOf(one))) return [one]
    return one.change === 'drops' ? [] : [{...one, change: 'alters'}]
  })
}

const partKinds = {
  column: 'column',
  constraint: 'constraint',
  trigger: 'trigger',
  policy: 'policy',
  object: 'rule',
} as const

/** Returns the names of a table or view, or of a part of one; undefined for any other object. */
function placeOf(item: Item, find: Find): NamedObject | undefined {
  const {kind, name, parent, references, properties} = item
  switch (kind) {
    case 'table':
    case 'view': {
      const table = tableName(item, find)
      return {kind, table, name: table}
    }
    case 'column':
    case 'constraint':
    case 'trigger':
    case 'policy':
    case 'object': {
      const owner = parent === undefined ? undefined : find(parent)
      return owner === undefined || !isTable(owner)
        ? undefined
        : {kind: partKinds[kind], table: tableName(owner, find), name: writtenName(name)}
    }
    case 'index': {
      if (properties['ofConstraint'] !== undefined) return undefined
      const used = references.flatMap(({to}) => find(to) ?? [])
      const owner = used.find(isTable) ?? used.flatMap((one) => find(one.parent ?? '') ?? []).find(isTable)
      return owner === undefined ? undefined : {kind, table: tableName(owner, find), name: writtenName(name)}
    }
    case 'schema':
    case 'type':
    case 'sequence':
    case 'function':
    case 'extension':
      return undefined
  }
}

/** Returns an object that nothing created as it was when it was first named. */
function asAssumed(item: Item): Item {
  const [start, end] = [`${item.kind} `, ` in ${item.parent ?? ''}`]
  const name = item.id.endsWith(end) ? item.id.slice(start.length, -end.length) : item.name
  return {...item, name, properties: {}}
}

const isTable = ({kind}: Item): boolean => isTableOrView(kind)

function tableName({name, parent}: Item, find: Find): string {
  const schema = parent === undefined || parent === 'public' ? undefined : find(parent)
  return joinName(schema?.name, name)
}

function definitionOf(item: Item | undefined): string {
  const parts = Object.entries(item?.properties ?? {}).filter(([key]) => !key.startsWith(aside))
  return JSON.stringify(parts.toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
