import {isTree, items, nameParts} from '../effects/tree.ts'
import type {Tree} from '../effects/tree.ts'
import {ancestors} from './inheritance.ts'
import {Unclear} from './items.ts'
import type {Item, ItemId} from './items.ts'
import type {SchemaModel} from './schema-model.ts'

export type RowEvent = 'insert' | 'update' | 'delete'

/** The bits of a trigger's events. @see TRIGGER_TYPE_INSERT in PostgreSQL's `pg_trigger.h` */
const events: Readonly<Record<RowEvent, {readonly bit: number; readonly command: string}>> = {
  insert: {bit: 4, command: 'CMD_INSERT'},
  update: {bit: 16, command: 'CMD_UPDATE'},
  delete: {bit: 8, command: 'CMD_DELETE'},
}

const before = 2
const insteadOf = 64

/** The code that PostgreSQL runs for rows of a table: triggers and rules. */
export interface RowCode {
  readonly items: readonly Item[]
  /** Whether it may change the rows before they are written, or write none. */
  readonly isBefore: boolean
}

/** Returns the triggers and rules of a table for an event, also those that partitions have from their parent. */
export function codeFor(model: SchemaModel, table: Item, event: RowEvent, columns: readonly string[]): RowCode {
  const owners = [table, ...ancestors(model, table).filter(() => table.properties['inherits'] === 'partition')]
  const triggers = owners
    .flatMap((owner) => model.within(owner, 'trigger'))
    .filter((item) => fires(item, event, columns))
  const rules = model.within(table, 'object').filter((item) => definitionIn(item)['event'] === events[event].command)
  const isBefore =
    triggers.some((item) => [before, insteadOf].includes(Number(definitionIn(item)['timing'] ?? 0))) ||
    rules.some((item) => definitionIn(item)['instead'] === true)
  return {items: [...triggers, ...rules], isBefore}
}

function definitionIn({properties}: Item): Tree {
  const definition: unknown = JSON.parse(properties['definition'] ?? '{}')
  return isTree(definition) ? definition : {}
}

function fires(trigger: Item, event: RowEvent, columns: readonly string[]): boolean {
  const {state} = trigger.properties
  if (state === 'disabled' || state === 'replica') return false
  if (trigger.properties['definition'] === undefined) return true
  const definition = definitionIn(trigger)
  const named = items(definition, 'columns').flatMap(nameParts)
  const isOfColumns = event === 'update' && named.length > 0
  return (
    (Number(definition['events'] ?? 0) & events[event].bit) !== 0 &&
    (!isOfColumns || named.some((name) => columns.includes(name)))
  )
}

/** Whether a trigger or rule uses all columns of a row. */
export function usesRow(model: SchemaModel, {kind, properties, references}: Item): boolean {
  if (kind === 'object') return /"(?:new|old)"\}\},\{"A_Star"/.test(properties['definition'] ?? '')
  const called = references.flatMap(({to}) => model.get(to) ?? []).filter((item) => item.kind === 'function')
  return called.some((item) => wholeRow.test((item.properties['option as'] ?? '').replaceAll(returned, '')))
}

const wholeRow = /\b(?:new|old)\b(?!\s*\.\s*[\w"\\])/i
const returned = /\breturn\s+(?:new|old)\b/gi

/** Returns the words in the code of a function or rule: all names of objects that it may use are among them. */
export function wordsIn({properties}: Item): ReadonlySet<string> {
  const text = ['option as', 'body', 'definition'].flatMap((key) => textsIn(properties[key])).join(' ')
  return new Set(text.toLowerCase().match(/[\p{L}_][\p{L}\p{N}_$]*/gu))
}

/** Returns the texts in a syntax tree, without the names of its nodes. */
function textsIn(tree: string | undefined): readonly string[] {
  const found: string[] = []
  JSON.parse(tree || 'null', (_key, value: unknown) => {
    if (typeof value === 'string') found.push(value)
  })
  return found
}

/**
 * Notes the words in the code of triggers, rules and defaults, also in functions that it calls.
 *
 * @throws Unclear if the code is not known, or runs statements from texts
 */
export function noteCode(model: SchemaModel, code: readonly Item[]): void {
  const seen = new Set<ItemId>()
  const open = [...code]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (seen.has(next.id)) continue
    seen.add(next.id)
    model.touch(next, false)
    open.push(...next.references.flatMap(({to}) => model.get(to) ?? []).filter(({kind}) => kind === 'function'))
    if (next.kind !== 'function' && next.kind !== 'object') continue
    const words = wordsIn(next)
    if ((next.kind === 'function' && next.isOpen) || words.has('execute'))
      throw new Unclear(`a call of the function ${next.name}`, {isAnywhere: true})
    for (const word of words) model.notes.codeWords.add(word)
    open.push(...model.items.filter(({kind, name}) => kind === 'function' && words.has(nameOfFunction(name))))
  }
}

const nameOfFunction = (signature: string): string => signature.slice(0, signature.indexOf('(')).toLowerCase()
