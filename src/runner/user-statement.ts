import type {Dialect} from '../dialects/dialect.ts'
import {dialects} from '../dialects/dialects.ts'
import {withoutComments} from '../dialects/session/session-sql.ts'
import type {Transactionality} from '../dialects/statement-part.ts'
import type {Statement} from '../sql/statement.ts'
import type {CommandQueue} from './command-queue.ts'
import type {RunSession} from './connection/run-session.ts'

/** Passes one statement of user code to the database; `run` sends it. */
export type Gate = <Result>(sql: string, run: () => Promise<Result>) => Promise<Result>

/** A statement of a query, a query builder or an entity manager. */
export interface UserStatement extends Statement {
  /** Whether it only reads, as far as its words tell. */
  readonly isRead: boolean
  /** The savepoint that it sets or rolls back to. */
  readonly savepoint: {readonly action: 'set' | 'roll back' | 'release'; readonly name: string} | undefined
}

/**
 * Returns a statement of user code, with its relation to transactions.
 *
 * @param site an error whose stack locates the call
 */
export async function userStatement(
  sql: string,
  {dialect, platform}: Pick<RunSession, 'dialect' | 'platform'>,
  outsideTransaction: boolean,
  site: Error,
): Promise<UserStatement> {
  const parts = await dialects[dialect].split(sql, true, platform)
  const relations = parts.map(({transactionality}) => transactionality)
  const text = withoutComments(sql)
  return {
    sql,
    outsideTransaction,
    origin: {kind: 'call', site},
    transactionality: combined(relations, dialect),
    isRead: isReading(sql),
    savepoint: parts.length === 1 ? savepointOf(text) : undefined,
  }
}

/** Returns the gate for statements in a transaction that none of them may end. */
export function gateInside(queue: CommandQueue, session: RunSession): Gate {
  const {ddlCommits} = dialects[session.dialect].capabilities
  return async (sql, run) => {
    const statement = await userStatement(sql, session, false, new Error('queried'))
    const {kind} = statement.transactionality
    if (kind !== 'inside' && (kind !== 'commits' || ddlCommits))
      throw new Error(`the transaction of the revision would not survive the statement: ${sql}`)
    return queue.run(statement, run)
  }
}

/** Whether a statement only reads, as far as its words tell. */
export function isReading(sql: string): boolean {
  const text = withoutComments(sql)
  return reading.test(text) && !writing.test(text)
}

const strictness: readonly Transactionality['kind'][] = ['control', 'client', 'outside', 'commits', 'inside']

function combined(relations: readonly Transactionality[], dialect: Dialect): Transactionality {
  const [first] = relations
  // The body of a routine contains statements, and what commits runs outside of a transaction.
  if (first?.kind === 'commits' && dialects[dialect].capabilities.ddlCommits) return first
  const strictest = strictness.find((kind) => relations.some((relation) => relation.kind === kind))
  return relations.find(({kind}) => kind === strictest) ?? {kind: 'inside'}
}

const reading = /^\(*\s*(?:select|with|values|table|show|explain|describe|desc|pragma)\b/i
const writing =
  /\b(?:insert|delete|merge|into|call|(?<!\bfor\s+(?:no\s+key\s+)?)update|replace(?!\s*\())\b|^pragma[^=]*=/i

const savepoint =
  /^(?<command>savepoint|release(?:\s+savepoint)?|rollback\s[^;]*?\bto(?:\s+savepoint)?)\s+(?<name>\S+?)[\s;]*$/i

function savepointOf(text: string): UserStatement['savepoint'] {
  const {command = '', name = ''} = savepoint.exec(text)?.groups ?? {}
  if (name === '') return undefined
  const [first] = command.toLowerCase().split(/\s/)
  return {action: first === 'savepoint' ? 'set' : first === 'release' ? 'release' : 'roll back', name}
}
