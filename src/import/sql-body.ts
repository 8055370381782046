import type {Dialect} from '../dialects/dialect.ts'
import {dialects} from '../dialects/dialects.ts'
import type {StatementPart} from '../dialects/statement-part.ts'
import type {Body} from './history.ts'

/** SQL of a migration in both directions. */
export interface Scripts {
  readonly up: string
  readonly down: string | undefined
  /** False when it must not run in a transaction; undefined if its statements decide. */
  readonly transactional?: boolean | undefined
  readonly note?: string | undefined
}

/**
 * Returns a body of SQL scripts: without a transaction around a whole script, which mig adds itself, and outside of one if
 * a statement requires it.
 */
export async function sqlBody({up, down, transactional, note}: Scripts, dialect: Dialect): Promise<Body> {
  const scripts = [await readScript(up, dialect), await readScript(down ?? '', dialect)] as const
  const obstacle = scripts.find((script) => script.obstacle !== undefined)?.obstacle
  if (obstacle !== undefined) return {kind: 'open', reason: obstacle, code: up}
  const [first, second] = scripts
  return {
    kind: 'sql',
    up: first.sql,
    down: down === undefined ? undefined : second.sql,
    transactional: transactional ?? scripts.every(({isTransactional}) => isTransactional),
    note,
  }
}

interface Script {
  readonly sql: string
  readonly isTransactional: boolean
  /** The end of a sentence about why a revision cannot run it. */
  readonly obstacle: string | undefined
}

async function readScript(text: string, dialect: Dialect): Promise<Script> {
  const sql = text.replace(/^\uFEFF/, '')
  const parts = await dialects[dialect].split(sql, true)
  const own = isWrapped(parts) ? parts.slice(1, -1) : parts
  const obstacle = own.find(({transactionality: {kind}}) => kind === 'control' || kind === 'client')?.transactionality
  return {
    sql: isWrapped(parts) ? unwrapped(sql, parts) : sql,
    isTransactional: own.every(({transactionality}) => transactionality.kind !== 'outside'),
    obstacle:
      obstacle === undefined || !('command' in obstacle)
        ? undefined
        : obstacle.kind === 'client'
          ? `${obstacle.command} is a command of the database's client`
          : `${obstacle.command} begins or ends a transaction within it`,
  }
}

/** Whether the first statement begins a transaction that the last one commits. */
function isWrapped(parts: readonly StatementPart[]): boolean {
  return (
    parts.length > 1 &&
    /^\s*(?:begin|start\s+transaction)\b/i.test(wordsOf(parts[0])) &&
    /^\s*(?:commit|end)\b/i.test(wordsOf(parts.at(-1)))
  )
}

function wordsOf(part: StatementPart | undefined): string {
  return part?.transactionality.kind === 'control' ? part.transactionality.command : ''
}

function unwrapped(sql: string, parts: readonly StatementPart[]): string {
  const [first, last] = [parts[0], parts.at(-1)]
  if (first === undefined || last === undefined) return sql
  const start = first.offset + first.sql.length
  return sql.slice(0, first.offset) + sql.slice(start, last.offset).replace(/^\s*;[^\S\n]*\n?/, '')
}
