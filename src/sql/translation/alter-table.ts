import {columnSql, readColumn} from './columns.ts'
import type {Grammar} from './grammars.ts'
import type {ColumnText} from './columns.ts'
import {commentOf, keysOfColumn} from './create-table.ts'
import {Cursor, splitAt, Untranslated} from './cursor.ts'
import {written} from './expressions.ts'
import {commentOn, primaryKey, readKey} from './keys.ts'
import {namesColumn} from './statement.ts'
import type {TranslatedStatement} from './statement.ts'
import {quoted} from './tokens.ts'
import type {Token} from './tokens.ts'

/** Translates ALTER TABLE after the word TABLE: each action becomes a statement. */
export function alterTable(cursor: Cursor, grammar: Grammar): readonly TranslatedStatement[] {
  const guard = cursor.take('if', 'exists') ? 'if exists ' : ''
  const name = cursor.qualifiedName()
  cursor.skip('nowait')
  const actions = splitAt(cursor.rest, ',')
  return actions.flatMap((tokens) => new Actions(name, guard, grammar).read(new Cursor(tokens)))
}

class Actions {
  readonly #name: string
  readonly #table: string
  readonly #start: string
  readonly #grammar: Grammar

  constructor(name: string, guard: string, grammar: Grammar) {
    this.#name = name
    this.#table = quoted(name)
    this.#start = `alter table ${guard}${quoted(name)}`
    this.#grammar = grammar
  }

  read(cursor: Cursor): readonly TranslatedStatement[] {
    if (cursor.take('add')) return this.#add(cursor)
    if (cursor.take('drop')) return this.#drop(cursor)
    if (cursor.take('rename')) return this.#rename(cursor)
    if (!this.#grammar.capabilities.redefinesColumns) throw new Untranslated(`ALTER TABLE with ${cursor.next().text}`)
    if (cursor.take('modify')) {
      cursor.take('column')
      const guard = cursor.take('if', 'exists')
      if (guard) throw new Untranslated('MODIFY COLUMN IF EXISTS')
      return this.#redefine(readColumn(cursor, this.#grammar))
    }
    if (cursor.take('change')) {
      cursor.take('column')
      const from = cursor.name()
      const column = readColumn(cursor, this.#grammar)
      const renamed = from === column.name ? [] : [this.#sql(`rename column ${quoted(from)} to ${quoted(column.name)}`)]
      return [...renamed, ...this.#redefine(column)]
    }
    if (cursor.take('alter')) return this.#alter(cursor)
    if (cursor.take('convert', 'to')) return [{sql: commentOn(this.#table, textOf(cursor.rest))}]
    // Columns that are added later have it.
    if (['default', 'charset', 'character', 'collate'].some((word) => cursor.sees(word)))
      return [{unclear: 'a new default of the character set', changes: this.#name}]
    if (cursor.take('algorithm') || cursor.take('lock') || cursor.take('force')) return []
    if (cursor.take('auto_increment') || cursor.take('row_format')) return []
    if (['comment', 'engine'].some((word) => cursor.sees(word)))
      return [{sql: commentOn(this.#table, commentOf(cursor.rest))}]
    throw new Untranslated(`ALTER TABLE with ${cursor.next().text}`)
  }

  #sql(action: string): TranslatedStatement {
    return {sql: `${this.#start} ${action}`}
  }

  #add(cursor: Cursor): readonly TranslatedStatement[] {
    const key = readKey(cursor, this.#table, this.#grammar)
    if (key !== undefined) return [this.#keySql(key)]
    cursor.take('column')
    const guard = cursor.take('if', 'not', 'exists') ? 'if not exists ' : ''
    const columns = cursor.sees('(') ? cursor.list() : [cursor.rest]
    return columns.flatMap((tokens) => {
      const column = readColumn(new Cursor(tokens), this.#grammar)
      const {constraints, indexes} = keysOfColumn(column, this.#table, this.#grammar)
      return [
        this.#sql(`add column ${guard}${columnSql(column)}`),
        ...constraints.map((constraint) => this.#sql(`add ${constraint}`)),
        ...indexes.map((sql) => ({sql})),
        ...this.#placed(column),
      ]
    })
  }

  #keySql(key: {readonly constraint: string} | {readonly index: string}): TranslatedStatement {
    return 'index' in key ? {sql: key.index} : this.#sql(`add ${key.constraint}`)
  }

  #placed({after}: ColumnText): readonly TranslatedStatement[] {
    return after === undefined ? [] : [namesColumn(this.#name, after)]
  }

  #drop(cursor: Cursor): readonly TranslatedStatement[] {
    const guarded = (): string => (cursor.take('if', 'exists') ? 'if exists ' : '')
    if (cursor.take('primary', 'key')) return [this.#sql(`drop constraint ${quoted(primaryKey)}`)]
    if (cursor.take('foreign', 'key') || cursor.take('constraint') || cursor.take('check'))
      return [this.#sql(`drop constraint ${guarded()}${quoted(cursor.name())}`)]
    if (this.#grammar.capabilities.indexesPerTable && (cursor.take('index') || cursor.take('key')))
      return [{sql: `drop index ${guarded()}${quoted(cursor.name())}`, ofTable: this.#name}]
    cursor.take('column')
    const action = `drop column ${guarded()}${quoted(cursor.name())}`
    cursor.skip('restrict', 'cascade')
    cursor.end()
    return [this.#sql(action)]
  }

  #rename(cursor: Cursor): readonly TranslatedStatement[] {
    if (this.#grammar.capabilities.indexesPerTable && (cursor.take('index') || cursor.take('key'))) {
      const [from, , to] = [cursor.name(), cursor.expect('to'), cursor.name()]
      return [{sql: `alter index ${quoted(from)} rename to ${quoted(to)}`, ofTable: this.#name}]
    }
    const isColumn = cursor.take('column') || (cursor.peek(1)?.text === 'to' && cursor.peek(1)?.kind === 'word')
    if (isColumn) {
      const [from, , to] = [cursor.name(), cursor.expect('to'), cursor.name()]
      return [this.#sql(`rename column ${quoted(from)} to ${quoted(to)}`)]
    }
    if (!cursor.take('to')) cursor.take('as')
    return [this.#sql(`rename to ${quoted(cursor.qualifiedName())}`)]
  }

  #alter(cursor: Cursor): readonly TranslatedStatement[] {
    if (cursor.sees('index') || cursor.sees('check') || cursor.sees('constraint'))
      throw new Untranslated(`ALTER TABLE with alter ${cursor.next().text}`)
    cursor.take('column')
    const column = quoted(cursor.name())
    if (cursor.take('drop', 'default')) return [this.#sql(`alter column ${column} drop default`)]
    cursor.expect('set', 'default')
    return [this.#sql(`alter column ${column} set default ${written(cursor.rest)}`)]
  }

  /** A column that is redefined loses all that its new definition does not say. */
  #redefine(column: ColumnText): readonly TranslatedStatement[] {
    if (column.generated !== undefined) throw new Untranslated('the new definition of a generated column')
    const own = quoted(column.name)
    const {constraints, indexes} = keysOfColumn(column, this.#table, this.#grammar)
    return [
      this.#sql(`alter column ${own} drop default`),
      this.#sql(`alter column ${own} type ${column.type}`),
      this.#sql(`alter column ${own} ${column.isNotNull || column.isPrimaryKey ? 'set' : 'drop'} not null`),
      ...(column.default === undefined ? [] : [this.#sql(`alter column ${own} set default ${column.default}`)]),
      ...(column.check === undefined ? [] : [this.#sql(`add check (${column.check})`)]),
      ...constraints.map((constraint) => this.#sql(`add ${constraint}`)),
      ...indexes.map((sql) => ({sql})),
      ...this.#placed(column),
    ]
  }
}

const textOf = (tokens: readonly Token[]): string => tokens.map(({text}) => text).join(' ')
