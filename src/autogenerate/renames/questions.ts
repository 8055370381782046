import type {DatabaseTable, SchemaComparator, SchemaDifference} from '@mikro-orm/sql'
import type {SqlContext} from '../../operations/definition.ts'
import {inTable} from '../../catalogue/definitions/index.ts'
import {tableNameOf} from '../../catalogue/definitions/table.ts'
import {shellCommand} from '../../util/shell.ts'

/** Asks whether a removed object, or value of an enum, was renamed to one of those that were added. */
export interface Question {
  readonly kind: 'table' | 'column' | 'enum' | 'value'
  /** The removed object: `students.mail`, `pupils`. */
  readonly removed: string
  /** The candidate new names, without the table. */
  readonly added: readonly string[]
  /** The command-line options that answer the question. */
  readonly answers: readonly string[]
}

/**
 * Undoes MikroORM's rename guesses: it pairs a removed column with an added one when their definitions match, although
 * they can hold different data.
 */
export function undoGuesses({changedTables}: SchemaDifference): void {
  for (const table of Object.values(changedTables)) {
    for (const [old, column] of Object.entries(table.renamedColumns)) {
      const removed = table.fromTable.getColumn(old)
      if (removed === undefined) continue
      table.addedColumns[column.name] = column
      table.removedColumns[old] = removed
    }
    table.renamedColumns = {}
    for (const [old, index] of Object.entries(table.renamedIndexes)) {
      const removed = table.fromTable.getIndexes().find(({keyName}) => keyName === old)
      // A constraint in the statement of a table has no index to rename.
      if (removed === undefined || !inTable.has(removed)) continue
      delete table.renamedIndexes[old]
      table.addedIndexes[index.keyName] = index
      table.removedIndexes[old] = removed
    }
  }
}

/** Changes that a column may get along with a new name. */
const incidental: ReadonlySet<string> = new Set(['nullable', 'default', 'comment'])

/**
 * Returns the open questions.
 *
 * @param isAnswered whether the user confirmed that an object is dropped
 */
export function questionsOf(
  {changedTables, newTables, removedTables}: SchemaDifference,
  comparator: SchemaComparator,
  context: SqlContext,
  isAnswered: (removed: string) => boolean,
): readonly Question[] {
  const tables = Object.values(removedTables).map((removed) => {
    const alike = Object.values(newTables).filter(
      (added) => (added.schema === removed.schema || added.name === removed.name) && isTableAlike(removed, added),
    )
    return question(
      'table',
      tableNameOf(removed, context),
      alike.map((added) => tableNameOf(added, context)),
    )
  })
  const columns = Object.values(changedTables).flatMap(({fromTable, toTable, addedColumns, removedColumns}) => {
    const added = Object.values(addedColumns).filter(({name}) => removedColumns[name] === undefined)
    return Object.values(removedColumns).map((removed) => {
      const differences = new Map(
        added.map(({name}, i) => [name, comparator.diffColumn(added[i]!, removed, fromTable)]),
      )
      const alike = [...differences].filter(([, changed]) => changed.isSubsetOf(incidental))
      return question(
        'column',
        `${tableNameOf(toTable, context)}.${removed.name}`,
        alike.toSorted(([, a], [, b]) => a.size - b.size).map(([name]) => name),
      )
    })
  })
  return [...tables, ...columns].filter(({removed, added}) => added.length > 0 && !isAnswered(removed))
}

/** Returns a question with its answers. */
export function question(kind: Question['kind'], removed: string, added: readonly string[]): Question {
  const renames = added.map((to) => shellCommand`--rename ${`${removed}:${to}`}`)
  return {kind, removed, added, answers: [...renames, shellCommand`--drop ${removed}`]}
}

/** Two tables are similar when they share at least half of their columns. */
function isTableAlike(removed: DatabaseTable, added: DatabaseTable): boolean {
  const names = new Set(added.getColumns().map(({name}) => name))
  const count = removed.getColumns().length
  const shared = removed.getColumns().filter(({name}) => names.has(name)).length
  return shared * 2 >= Math.max(count, names.size)
}
