import {visitStatements} from '../../dialects/split/postgres.ts'
import {isTree} from '../effects/tree.ts'
import type {Tree} from '../effects/tree.ts'
import {namedOnly} from '../model/statements.ts'
import type {NamedOnly} from '../model/statements.ts'
import type {Grammar} from './grammars.ts'
import type {TranslatedSql} from './statement.ts'
import {translated} from './translate.ts'

/** A text as PostgreSQL's syntax trees. */
export interface ParsedText {
  readonly statements: readonly Tree[]
  /** The parts that are not understood, as noun phrases. */
  readonly unclear: readonly string[]
  /** Those of which at least all objects are known. */
  readonly vague: readonly string[]
  /** The number of statements before the first of these parts. */
  readonly unreadAt: number | undefined
}

/** Parses SQL of a database that has no parser of its own here. */
export async function parseTranslated(sql: string, grammar: Grammar): Promise<ParsedText> {
  const statements: Tree[] = []
  const unclear: string[] = []
  const vague: string[] = []
  let unreadAt: number | undefined
  for (const statement of translated(sql, grammar)) {
    if ('unclear' in statement) {
      unreadAt ??= statements.length
      const {changes} = statement
      if (changes === undefined) unclear.push(statement.unclear)
      else {
        vague.push(statement.unclear)
        const named: NamedOnly = {effects: {reads: [], writes: [{kind: 'table', name: changes}]}}
        statements.push({[namedOnly]: named})
      }
    } else if ('tree' in statement) statements.push(statement.tree)
    else {
      const found = await parsed(statement)
      if (found !== undefined) statements.push(...found)
      else {
        unreadAt ??= statements.length
        unclear.push(`SQL of ${grammar.label} that cannot be compared`)
      }
    }
  }
  return {statements, unclear, vague, unreadAt}
}

async function parsed({sql, ofTable, indexes = [], isOwner}: TranslatedSql): Promise<readonly Tree[] | undefined> {
  const trees: Tree[] = []
  if (!(await visitStatements(sql, (tree) => trees.push(tree)))) return undefined
  const created: Tree[] = []
  for (const index of indexes) if (!(await visitStatements(index, (tree) => created.push(tree)))) return undefined
  const extra = {
    ...(ofTable !== undefined && {ofTable}),
    ...(created.length > 0 && {indexes: created}),
    ...(isOwner && {isOwner}),
  }
  return Object.keys(extra).length === 0 ? trees : trees.map((tree) => extended(tree, extra))
}

function extended(statement: Tree, extra: object): Tree {
  const [command = ''] = Object.keys(statement)
  const node = statement[command]
  return {[command]: {...(isTree(node) ? node : {}), ...extra}}
}
