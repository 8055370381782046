import {items, nameParts, walk} from '../effects/tree.ts'
import type {Tree} from '../effects/tree.ts'
import {requireNamed} from './lookup.ts'
import {allRows, anyRows, constantOf} from './row-sets.ts'
import {Unclear} from './items.ts'
import type {Item} from './items.ts'
import type {SchemaModel} from './schema-model.ts'
import {splitRegclass} from './written-names.ts'
import {textOfTree} from './text.ts'

/** Columns of changes that stand for the value of a sequence, and for the step to the next one. */
const value = 'value'
const step = 'step'

/** Notes that a sequence gives its next value: for each row, or for an unknown number of rows. */
export function take(model: SchemaModel, {id}: Item, isExact: boolean): void {
  model.noteRows({table: id, change: 'takes', columns: [value], rows: isExact ? allRows : anyRows})
}

/** Notes that a sequence is set to a value, given as text. */
export function restart(model: SchemaModel, sequence: Item, to: string, isExact = true): void {
  model.set(sequence, {'option restart': to})
  model.noteRows({table: sequence.id, change: 'sets', columns: [value], rows: isExact ? allRows : anyRows})
}

/** Notes that a sequence counts in another way. */
export function changeStep(model: SchemaModel, {id}: Item): void {
  model.noteRows({table: id, change: 'sets', columns: [step], rows: anyRows})
}

/** Returns the sequences of the serial and identity columns of a table. */
export function ownedSequences(model: SchemaModel, table: Item): readonly Item[] {
  const columns = new Set(model.within(table, 'column').map(({id}) => id))
  return model.items.filter(
    ({kind, references}) => kind === 'sequence' && references.some(({to, how}) => how === 'belongs' && columns.has(to)),
  )
}

/** Returns the sequences from which a column gets its default. */
export function sequencesOf(model: SchemaModel, column: Item): readonly Item[] {
  const used = column.references.filter(({how}) => how === 'default').flatMap(({to}) => model.get(to) ?? [])
  const own =
    column.properties['identity'] === undefined
      ? []
      : model.items.filter(
          ({properties, references}) =>
            properties['ofIdentity'] !== undefined && references.some(({to}) => to === column.id),
        )
  return [...used.filter(({kind}) => kind === 'sequence'), ...own]
}

/** Notes the calls of `nextval` and `setval` in a statement, and returns whether there are any. */
export function noteSequenceCalls(model: SchemaModel, statement: Tree, isExact: boolean): boolean {
  let isFound = false
  walk(statement, (type, node) => {
    const name = type === 'FuncCall' ? (nameParts(node['funcname']).at(-1) ?? '') : ''
    if (name !== 'nextval' && name !== 'setval') return
    isFound = true
    const [first, ...others] = items(node, 'args')
    const sequence = sequenceIn(model, first)
    if (name === 'nextval') take(model, sequence, isExact)
    else
      restart(
        model,
        sequence,
        textOfTree(others),
        others.every((one) => constantOf(one) !== undefined),
      )
  })
  return isFound
}

/** @throws Unclear if the sequence is not named by a constant */
function sequenceIn(model: SchemaModel, argument: Tree | undefined): Item {
  const cast = argument?.['TypeCast']
  const inner = typeof cast === 'object' && cast !== null && 'arg' in cast ? cast.arg : argument
  const name = constantOf(inner)
  if (typeof name === 'string') return requireNamed(model, 'sequence', splitRegclass(name))
  const call = (argument?.['FuncCall'] ?? {}) as Tree
  const [table, column] = items(call, 'args').map(constantOf)
  const isOwned = nameParts(call['funcname']).at(-1) === 'pg_get_serial_sequence'
  if (isOwned && typeof table === 'string' && typeof column === 'string') {
    const owner = requireNamed(model, 'table', splitRegclass(table))
    const own = model.require('column', owner.id, column)
    const found = model.items.find(
      ({kind, references}) => kind === 'sequence' && references.some(({to, how}) => how === 'belongs' && to === own.id),
    )
    if (found !== undefined) return found
  }
  throw new Unclear('a sequence that is not named', {isAnywhere: true})
}
