import {objects} from '../../operations/definition.ts'
import type {Effects, SchemaObject} from '../../operations/definition.ts'
import type {Dialect, Operation} from '../../operations/operation.ts'
import type {OperationRegistry} from '../../operations/registry.ts'
import {dialects} from '../../dialects/dialects.ts'
import {parsePostgres} from '../../dialects/split/postgres.ts'
import {readsOf} from './reads.ts'
import {isTree} from './tree.ts'
import type {Tree} from './tree.ts'
import {writesOf} from './writes.ts'

/** Returns what operations read and write, each object once. What they have in SQL is read where it can be. */
export async function effectsOf(
  operations: readonly Operation[],
  dialect: Dialect,
  registry: OperationRegistry,
): Promise<Effects> {
  const all = await Promise.all(operations.map(async (operation) => effectsOfOne(operation, dialect, registry)))
  return merged(all)
}

/** Returns what a text reads and writes. What is not understood is an effect of its own: unknown. */
export async function effectsOfText(text: string, dialect: Dialect): Promise<Effects> {
  if (!dialects[dialect].capabilities.hasServerParser)
    return {reads: [], writes: objects('unknown', `SQL of ${dialect}, which is not read`)}
  return effectsOfPostgresText(text)
}

/** As `effectsOfText`, of a text in the language of PostgreSQL, as which any other text is read where no dialect is known. */
export async function effectsOfPostgresText(text: string): Promise<Effects> {
  const parsed = await parsePostgres(text)
  if (parsed === undefined) return {reads: [], writes: objects('unknown', 'SQL that PostgreSQL does not understand')}
  return merged((parsed.stmts ?? []).map(({stmt}) => effectsOfStatement((stmt ?? {}) as Tree)))
}

async function effectsOfOne(
  operation: Operation,
  dialect: Dialect,
  {definitionOf}: OperationRegistry,
): Promise<Effects> {
  const definition = definitionOf(operation)
  if (definition.text !== undefined) {
    const text = definition.text(operation as never, dialect)
    return text === undefined ? {reads: [], writes: []} : effectsOfText(text, dialect)
  }
  const {reads, writes, texts = []} = definition.effects(operation as never)
  const within = dialects[dialect].capabilities.hasServerParser
    ? await Promise.all(texts.map(effectsOfPostgresText))
    : []
  return merged([{reads, writes}, ...within.map((one) => ({reads: [...one.reads, ...one.writes], writes: []}))])
}

function effectsOfStatement(statement: Tree): Effects {
  const [command = ''] = Object.keys(statement)
  const node = statement[command]
  if (!isTree(node)) return {reads: [], writes: []}
  const writes = writesOf[command]?.(node) ?? objects('unknown', command.replace(/Stmt$/, ''))
  // A statement of data can have others in it: `with gone as (delete … returning …) select …`.
  const within = items(node).flatMap((one) => [...effectsOfStatement(one).writes])
  const isBody = command === 'CreateFunctionStmt' || command === 'DropStmt'
  return {reads: isBody ? [] : readsOf(statement), writes: [...writes, ...within]}
}

/** Returns the statements of WITH. */
function items(node: Tree): readonly Tree[] {
  const clause = node['withClause']
  const ctes = isTree(clause) && Array.isArray(clause['ctes']) ? clause['ctes'].filter(isTree) : []
  return ctes.flatMap((one) => {
    const query = isTree(one['CommonTableExpr']) ? one['CommonTableExpr']['ctequery'] : undefined
    return isTree(query) && !('SelectStmt' in query) ? [query] : []
  })
}

/** Joins effects. What is written need not be said to be read. */
function merged(all: readonly Effects[]): Effects {
  const writes = unique(all.flatMap((one) => one.writes))
  const written = new Set(writes.map(({name}) => name))
  return {writes, reads: unique(all.flatMap((one) => one.reads)).filter(({name}) => !written.has(name))}
}

function unique(found: readonly SchemaObject[]): readonly SchemaObject[] {
  return [...new Map(found.map((one) => [`${one.kind} ${one.name}`, one])).values()]
}
