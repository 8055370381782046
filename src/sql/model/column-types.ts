import {child} from '../effects/tree.ts'
import type {Tree} from '../effects/tree.ts'
import {refuseIncomparable} from './foreign-key-constraints.ts'
import {refuseMutable} from './indexes.ts'
import {usersOf} from './lookup.ts'
import {refuseFor} from './refusals.ts'
import {decisionAboutType, tableDecision} from './row-meaning.ts'
import {anyRows} from './row-sets.ts'
import {Refusal} from './items.ts'
import type {Item, Reference} from './items.ts'
import type {SchemaModel} from './schema-model.ts'
import {expressionReferences} from './references.ts'
import {refuseStored} from './stored-types.ts'
import {textOfTree} from './text.ts'
import {familyOf} from './type-families.ts'
import {typeReferences, typeText} from './types.ts'

/** @throws Refusal if a column is in the key of partitions */
export function refuseInKey({name, properties}: Item): void {
  if (properties['*partitionKey'] !== undefined) throw new Refusal(`column ${name} is in a partition key`)
}

/** Kinds of objects whose use of a column forbids a new type. */
const guards: ReadonlySet<Item['kind']> = new Set(['view', 'policy', 'trigger', 'column', 'function'])

/** Gives a column another type. */
export function alterType(model: SchemaModel, table: Item, column: Item, definition: Tree): void {
  const name = child(definition, 'typeName')
  const type = typeText(name)
  refuseInKey(column)
  const users = usersOf(model, column.id)
  // A rule is an object of a table; statistics are objects of their own.
  const view = table.kind === 'type' ? usersOf(model, table.id).find(({kind}) => kind === 'view') : undefined
  if (view !== undefined) refuseFor(model, view, `uses type ${table.name}`)
  refuseStored(model, table)
  if (!model.rules.isTyped) refuseForKeys(model, column, users, type)
  const guard = users.find(({kind, parent}) => guards.has(kind) || (kind === 'object' && parent !== undefined))
  if (guard !== undefined && model.rules.isTyped) refuseFor(model, guard, `uses column ${table.name}.${column.name}`)
  const isOther = column.properties['type'] !== undefined && familyOf(column.properties['type']) !== familyOf(type)
  if (model.rules.isTyped && isOther && column.properties['default'] !== undefined && familyOf(type) !== 'text')
    throw new Refusal(`the default of column ${table.name}.${column.name} cannot be converted to ${type}`)
  if (isOther) refuseForValues(model, column, users)
  const using = definition['raw_default']
  const read = [...expressionReferences(model, using, table)].flatMap((id) => model.get(id) ?? [])
  if (using !== undefined) {
    const names = read.filter((item) => item.kind === 'column').map((item) => item.name)
    model.notes.addDecisions(table.name, [tableDecision([table])])
    model.rows.forgetRows(table.id)
    model.noteRows({table: table.id, change: 'updates', columns: [column.name], rows: anyRows})
    model.noteRows({table: table.id, change: 'tests', columns: names, rows: anyRows})
  }
  // The rows are converted, such as the values of an enum to their names.
  if (isOther) model.notes.addDecisions(table.name, [decisionAboutType(model, table, column, undefined)])
  const types = typeReferences(model, name)
  const changed = model.change(
    model.set(column, {
      type,
      collation: definition['collClause'] === undefined ? undefined : textOfTree(definition['collClause']),
      storage: undefined,
      compression: undefined,
    }),
    {
      references: [
        ...column.references.filter(({to}) => model.get(to)?.kind !== 'type'),
        ...types.map((to): Reference => ({to, how: 'needs'})),
      ],
    },
  )
  checkExpressions(model, table, users)
  for (const user of users.filter(({properties}) => properties['type'] === 'foreign')) {
    const [own, other] = pairIn(model, user, column)
    if (own !== undefined) refuseIncomparable(model, model.get(changed.id) ?? changed, other)
  }
}

/** @throws Refusal if a column of a foreign key gets another type */
function refuseForKeys(model: SchemaModel, column: Item, users: readonly Item[], type: string): void {
  const {type: former} = column.properties
  const key = users.find(({properties}) => properties['type'] === 'foreign')
  if (key !== undefined && !model.rules.isLoose && former !== undefined && former !== type)
    refuseFor(model, key, `uses column ${column.name}`)
}

/** @throws Refusal if an expression compares a column with values of an enum, which stay values of the enum */
function refuseForValues(model: SchemaModel, column: Item, users: readonly Item[]): void {
  const types = column.references.flatMap(({to}) => model.get(to) ?? [])
  if (!types.some(({properties}) => properties['values'] !== undefined)) return
  const user = users.find(({kind, properties}) =>
    (kind === 'index' ? whereOf(properties['definition']) : (properties['expression'] ?? '')).includes(
      '"sval":{"sval"',
    ),
  )
  if (user !== undefined) refuseFor(model, user, `compares column ${column.name} with values of its type`)
}

const whereOf = (definition = '{}'): string => textOfTree((JSON.parse(definition) as Tree)['whereClause'])

/** Reads the expressions again that use a column, which fail if its new type has not their operators. */
function checkExpressions(model: SchemaModel, table: Item, users: readonly Item[]): void {
  for (const {kind, properties, references} of users) {
    const text = kind === 'index' ? properties['definition'] : properties['expression']
    if (text === undefined) continue
    // An expression that was written before a column got another name is no longer read by its text.
    const names = references.flatMap(({to}) => model.get(to) ?? []).filter((item) => item.kind === 'column')
    if (names.some(({name}) => !text.includes(JSON.stringify(name)))) continue
    const tree = JSON.parse(text) as Tree
    expressionReferences(model, kind === 'index' ? [tree['indexParams'], tree['whereClause']] : tree, table)
    if (kind === 'index') refuseMutable(model, table, tree)
  }
}

/** Returns the column of a foreign key with one column, and the column on its other side. */
function pairIn(model: SchemaModel, key: Item, column: Item): readonly [Item | undefined, Item | undefined] {
  const columns = key.references.flatMap(({to}) => model.get(to) ?? []).filter(({kind}) => kind === 'column')
  if (columns.length !== 2) return [undefined, undefined]
  return [column, columns.find(({id}) => id !== column.id)]
}
