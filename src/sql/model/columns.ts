import {child, isTree, items, textIn} from '../effects/tree.ts'
import type {Tree} from '../effects/tree.ts'
import {chosenName} from './chosen-names.ts'
import {addConstraint} from './constraints.ts'
import {refuseConstant} from './constants.ts'
import {insertedRows} from './row-knowledge.ts'
import {Refusal} from './items.ts'
import type {Item, Reference} from './items.ts'
import type {SchemaModel} from './schema-model.ts'
import {expressionReferences} from './references.ts'
import {textOfTree} from './text.ts'
import {needs, typeReferences, typeText} from './types.ts'
import {familyOf} from './type-families.ts'
import {namesIn} from './unique-keys.ts'

const serials: Readonly<Record<string, string>> = {
  serial: 'int4',
  serial4: 'int4',
  bigserial: 'int8',
  serial8: 'int8',
  smallserial: 'int2',
  serial2: 'int2',
}

/** Adds a column as CREATE TABLE and ADD COLUMN define it, with its constraints. */
export function addColumn(model: SchemaModel, table: Item, node: Tree): Item {
  const name = textIn(node, 'colname')
  const written = typeText(child(node, 'typeName'))
  const type = serials[written] ?? written
  const constraints = items(node, 'constraints').map((item) => child(item, 'Constraint'))
  const find = (kind: string): Tree | undefined => constraints.find(({contype}) => contype === kind)
  const [generated, identity, value] = [find('CONSTR_GENERATED'), find('CONSTR_IDENTITY'), find('CONSTR_DEFAULT')]
  const isSerial = type !== written
  const isPrimary = find('CONSTR_PRIMARY') !== undefined
  const isNotNull = isSerial || isPrimary || identity !== undefined || find('CONSTR_NOTNULL') !== undefined
  const isFilled = isSerial || generated !== undefined || identity !== undefined || value !== undefined
  if (
    isNotNull &&
    !isFilled &&
    !model.rules.keysNeedIndexes &&
    insertedRows(model.get(table.id) ?? table) !== undefined
  )
    throw new Refusal(`column ${table.name}.${name} requires a value for the inserted rows`)
  const computed = expressionReferences(model, generated?.['raw_expr'], table)
  const column = model.create({
    kind: 'column',
    name,
    parent: table.id,
    properties: {
      type,
      notNull: String(isNotNull),
      ...(generated !== undefined && {
        generated: textOfTree([generated['raw_expr'], generated['generated_kind']]),
        ...namesIn(model, computed),
      }),
      ...(identity !== undefined && {identity: textOfTree([identity['generated_when'], identity['options']])}),
      ...(node['collClause'] !== undefined && {collation: textOfTree(node['collClause'])}),
      ...(node['compression'] !== undefined && {compression: textOfTree(node['compression'])}),
      ...(node['storage_name'] !== undefined && {storage: textOfTree(node['storage_name'])}),
    },
    references: needs([...typeReferences(model, child(node, 'typeName')), ...computed]),
  })
  if (value !== undefined) setDefault(model, column, value['raw_expr'])
  if (isSerial || identity !== undefined) ownSequence(model, table, column, isSerial)
  const others = ['CONSTR_PRIMARY', 'CONSTR_UNIQUE', 'CONSTR_CHECK', 'CONSTR_FOREIGN']
  for (const constraint of constraints)
    if (others.includes(textIn(constraint, 'contype'))) addConstraint(model, table, constraint, column)
  return column
}

/** Sets or drops the default of a column. A string is stored with the type that it is converted to. */
export function setDefault(model: SchemaModel, column: Item, expression: unknown): void {
  const others = column.references.filter(({how}) => how !== 'default')
  if (expression === undefined) {
    model.change(model.set(column, {default: undefined}), {references: others})
    return
  }
  const found = expressionReferences(model, expression)
  refuseConstant(model, column, expression)
  const text = textOfTree(expression)
  const {type = ''} = column.properties
  const isText = isTree(expression) && isTree(child(expression, 'A_Const')['sval'])
  const shown = isText && familyOf(type) === 'text' ? `${text} of ${type}` : text
  const references = [...others, ...[...found].map((to): Reference => ({to, how: 'default'}))]
  model.change(model.set(column, {default: shown}), {references})
}

/** Creates the sequence of a serial or identity column. */
export function ownSequence(model: SchemaModel, table: Item, column: Item, isSerial: boolean): void {
  const sequence = model.create({
    kind: 'sequence',
    name: chosenName(model, table, [column.name], 'seq'),
    parent: table.parent,
    properties: isSerial ? {} : {ofIdentity: 'true'},
    references: [{to: column.id, how: 'belongs'}],
  })
  if (!isSerial) return
  const current = model.get(column.id) ?? column
  const references: Reference[] = [...current.references, {to: sequence.id, how: 'default'}]
  model.change(model.set(current, {default: 'nextval'}), {references})
}

/** Copies the columns of another table, as LIKE, INHERITS and PARTITION OF do; existing ones are merged. */
export function copyColumns(model: SchemaModel, from: Item, to: Item, isWhole: boolean): void {
  model.touch(from, false)
  for (const column of model.within(from, 'column')) {
    if (model.find('column', to.id, column.name) !== undefined) continue
    const {type, notNull, collation} = column.properties
    const types = column.references.filter(({to: id}) => model.get(id)?.kind === 'type')
    const basic = {
      ...(type !== undefined && {type}),
      ...(notNull !== undefined && {notNull}),
      ...(collation !== undefined && {collation}),
    }
    const isComputed = column.properties['generated'] !== undefined
    model.create({
      kind: 'column',
      name: column.name,
      parent: to.id,
      properties: isWhole && !isComputed ? column.properties : basic,
      references: isWhole && !isComputed ? column.references : types,
    })
  }
}
