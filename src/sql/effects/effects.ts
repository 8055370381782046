import {objects} from '../../operations/definition.ts'
import type {Effects, SchemaObject} from '../../operations/definition.ts'
import type {Dialect, Operation} from '../../operations/operation.ts'
import type {OperationRegistry} from '../../operations/registry.ts'
import {dialects} from '../../dialects/dialects.ts'
import {visitStatements} from '../../dialects/split/postgres.ts'
import {readsOf} from './reads.ts'
import {isTree} from './tree.ts'
import type {Tree} from './tree.ts'
import {writesOf} from './writes.ts'

/** Returns the objects that operations read and write, without duplicates. SQL is parsed where possible. */
export async function effectsOf(
  operations: readonly Operation[],
  dialect: Dialect,
  registry: OperationRegistry,
): Promise<Effects> {
  const all = await Promise.all(operations.map(async (operation) => effectsOfOne(operation, dialect, registry)))
  return merged(all)
}

const aboutIndex =
  /^\s*(?:create\s+(?:unique\s+)?|drop\s+)index\s+(?:if\s+(?:not\s+)?exists\s+)?[`"]?(?<name>[\w$]+)[`"]?(?:\s+on\s[^;]*)?;?\s*$/i

/** Returns the objects that a SQL text reads and writes. SQL that cannot be parsed yields an `unknown` effect. */
export async function effectsOfText(text: string, dialect: Dialect): Promise<Effects> {
  if (!dialects[dialect].capabilities.hasServerParser) {
    // Autogenerate writes an index on an expression as a statement.
    const {name} = aboutIndex.exec(text)?.groups ?? {}
    if (name !== undefined) return {reads: [], writes: objects('index', name)}
    return {reads: [], writes: objects('unknown', `SQL for ${dialect}, which is not parsed`)}
  }
  return effectsOfPostgresText(text)
}

/** As `effectsOfText`, for PostgreSQL's dialect, which is also assumed when the dialect is unknown. */
async function effectsOfPostgresText(text: string): Promise<Effects> {
  const all = new EffectsSet()
  const isParsed = await visitStatements(text, (statement) => all.add(effectsOfStatement(statement)))
  return isParsed ? all.merged() : {reads: [], writes: objects('unknown', 'SQL that PostgreSQL cannot parse')}
}

async function effectsOfOne(
  operation: Operation,
  dialect: Dialect,
  {definitionOf}: OperationRegistry,
): Promise<Effects> {
  const definition = definitionOf(operation)
  if (definition.text !== undefined) {
    const text = definition.text(operation as never, dialect)
    return text === undefined ? {reads: [], writes: [], created: []} : effectsOfText(text, dialect)
  }
  const {reads, writes, texts = []} = definition.effects(operation as never)
  const within = dialects[dialect].capabilities.hasServerParser
    ? await Promise.all(texts.map(effectsOfPostgresText))
    : []
  return merged([
    {reads, writes},
    ...within.map((part) => ({reads: [...part.reads, ...part.writes], writes: [], created: []})),
  ])
}

function effectsOfStatement(statement: Tree): Effects {
  const [command = ''] = Object.keys(statement)
  const node = statement[command]
  if (!isTree(node)) return {reads: [], writes: []}
  const writes = writesOf[command]?.(node) ?? objects('unknown', command.replace(/Stmt$/, ''))
  // A data statement can contain others: `with gone as (delete … returning …) select …`.
  const within = items(node).flatMap((cte) => [...effectsOfStatement(cte).writes])
  const isBody = command === 'CreateFunctionStmt' || command === 'DropStmt'
  return {reads: isBody ? [] : readsOf(statement), writes: [...writes, ...within]}
}

/** Returns the statements of a WITH clause. */
function items(node: Tree): readonly Tree[] {
  const clause = node['withClause']
  const ctes = isTree(clause) && Array.isArray(clause['ctes']) ? clause['ctes'].filter(isTree) : []
  return ctes.flatMap((cte) => {
    const query = isTree(cte['CommonTableExpr']) ? cte['CommonTableExpr']['ctequery'] : undefined
    return isTree(query) && !('SelectStmt' in query) ? [query] : []
  })
}

/** Effects without duplicates. */
class EffectsSet {
  readonly #reads = new Map<string, SchemaObject>()
  readonly #writes = new Map<string, SchemaObject>()
  readonly #created = new Set<string>()

  add({reads, writes, created = tablesWithColumns(writes)}: Effects): void {
    for (const name of created) this.#created.add(name)
    for (const object of reads) this.#reads.set(`${object.kind} ${object.name}`, object)
    for (const object of writes) this.#writes.set(`${object.kind} ${object.name}`, object)
  }

  /** Returns the effects; an object that is written is not listed as read. */
  merged(): Effects {
    const writes = [...this.#writes.values()]
    const written = new Set(writes.map(({name}) => name))
    const reads = [...this.#reads.values()].filter(({name}) => !written.has(name))
    return {writes, reads, created: [...this.#created]}
  }
}

function tablesWithColumns(writes: readonly SchemaObject[]): readonly string[] {
  const columns = writes.filter(({kind}) => kind === 'column').map(({name}) => name.slice(0, name.lastIndexOf('.')))
  return writes.filter(({kind, name}) => kind === 'table' && columns.includes(name)).map(({name}) => name)
}

function merged(all: readonly Effects[]): Effects {
  const set = new EffectsSet()
  for (const effects of all) set.add(effects)
  return set.merged()
}
