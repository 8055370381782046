import {expect} from 'chai'
import * as fc from 'fast-check'
import {upgrade} from '../../src/api/runs/migrate.ts'
import {MigError} from '../../src/errors.ts'
import {Bench} from './contract.ts'
import {createDatabase} from './databases.ts'
import type {DatabaseKind} from './databases.ts'

/** The ways from a revision to its database. */
const ways = ['execute', 'query', 'kysely', 'em'] as const

/** A statement of a revision: `n` is its place, which makes its effect unique. */
type What = 'table' | 'row' | 'read' | 'wrong' | 'commit' | 'begin' | 'rollback' | 'undo' | 'ended'

interface Action {
  readonly way: (typeof ways)[number]
  readonly what: What
  readonly isCaught: boolean
  readonly isAutocommit: boolean
}

/** A revision with random statements, at the end of which it may throw. */
export interface Program {
  readonly actions: readonly Action[]
  readonly throws: boolean
  readonly transactional: boolean
}

const action: fc.Arbitrary<Action> = fc.record({
  way: fc.constantFrom(...ways),
  what: fc.oneof(
    {weight: 4, arbitrary: fc.constantFrom<What>('table', 'row')},
    {weight: 2, arbitrary: fc.constantFrom<What>('read', 'wrong', 'undo', 'ended')},
    {weight: 1, arbitrary: fc.constantFrom<What>('commit', 'begin', 'rollback')},
  ),
  isCaught: fc.boolean(),
  isAutocommit: fc.integer({min: 0, max: 5}).map((n) => n === 0),
})

export const programs: fc.Arbitrary<Program> = fc.record({
  actions: fc.array(action, {minLength: 1, maxLength: 7}),
  throws: fc.boolean(),
  transactional: fc.integer({min: 0, max: 3}).map((n) => n > 0),
})

/** Runs programs on one database, and compares what mig says of each with what is there. */
export class SaidState {
  readonly #on: Bench

  private constructor(on: Bench) {
    this.#on = on
  }

  static async on(kind: DatabaseKind): Promise<SaidState> {
    return new SaidState(new Bench(kind, await createDatabase(kind)))
  }

  async end(): Promise<void> {
    await this.#on.end()
  }

  /** Returns what became of a program. */
  async check(program: Program): Promise<string> {
    const on = this.#on
    const made = await on.tables()
    await on.database.query(
      ...made.map((name) => `drop table ${name}`),
      'create table t (n integer primary key)',
      'insert into t (n) values (0)',
    )
    on.use('b', () => textOf(program, on.kind))
    const outcome = await outcomeOf(async () => upgrade({cwd: on.cwd}))
    const {effects, isOpen, isApplied} = await this.#found()
    const context = JSON.stringify({outcome, effects, isOpen})
    if (outcome === 'applied') {
      expect([isApplied, isOpen], context).to.deep.equal([true, false])
      return 'applied'
    }
    expect(isApplied, context).to.equal(false)
    expect(effects > 0, `an open row: ${context}`).to.equal(isOpen)
    if (/The revision was rolled back; the database is at base\.|nothing was executed/.test(outcome)) {
      expect(effects, context).to.equal(0)
      return 'rolled back'
    }
    const [, done] = /(\d+)(?: of \d+)? statements? (?:was|were) executed and stays? applied/.exec(outcome) ?? []
    if (done === undefined) {
      expect(outcome, context).to.match(/^Revision b contains (?:COMMIT|BEGIN|ROLLBACK|SAVEPOINT)/)
      return isOpen ? 'refused, partial' : 'refused'
    }
    expect(effects, context).to.equal(Number(done))
    return 'partial'
  }

  /** Returns the number of statements whose effect is there, and what is recorded. */
  async #found(): Promise<{readonly effects: number; readonly isOpen: boolean; readonly isApplied: boolean}> {
    const tables = await this.#on.tables()
    const isRecorded = tables.includes('mig_version')
    const [rows = [], applied = [], open = []] = await this.#on.database.query(
      'select n from t where n > 0',
      ...(isRecorded ? ['select revision from mig_version', 'select id from mig_log where outcome is null'] : []),
    )
    const effects = rows.length + tables.filter((name) => name.startsWith('made_')).length
    return {effects, isOpen: open.length > 0, isApplied: applied.length > 0}
  }
}

async function outcomeOf(act: () => Promise<unknown>): Promise<string> {
  try {
    await act()
    return 'applied'
  } catch (error) {
    if (!(error instanceof MigError)) throw error
    return error.message
  }
}

function textOf({actions, throws, transactional}: Program, kind: DatabaseKind): string {
  const calls = actions.map((step, n) => callOf(step, n + 1, kind))
  return `${transactional ? '' : 'export const transactional = false\n'}import {sql} from ${JSON.stringify(import.meta.resolve('kysely'))}
export async function upgrade(op) {
  const em = await op.entityManager()
  const db = await op.kysely()
${calls.join('')}${throws ? "  throw new Error('thrown')\n" : ''}}
export async function downgrade() {}
`
}

function callOf({way, what, isCaught, isAutocommit}: Action, n: number, kind: DatabaseKind): string {
  // A read of `op.execute` counts as a statement, but leaves no effect.
  const sql = JSON.stringify(sqlOf(way === 'execute' && what === 'read' ? 'row' : what, n, kind))
  const call = {
    execute: `op.execute(${sql})`,
    query: `await op.query(${sql})`,
    kysely: `await sql.raw(${sql}).execute(db)`,
    em: `await em.execute(${sql})`,
  }[way]
  const nested =
    what === 'undo' && way === 'em' && !isAutocommit
      ? `await em.transactional(async (inner) => { await inner.execute(${sql}); throw new Error('back') }).catch((e) => { if (e.message !== 'back') throw e })`
      : call
  // A query builder and an entity manager keep what they were told when they were made.
  const whole =
    isAutocommit && (way === 'execute' || way === 'query') ? `await op.autocommit(async () => { ${call} })` : nested
  return isCaught ? `  try { ${whole}; await op.flush() } catch {}\n` : `  ${whole}\n`
}

function sqlOf(what: What, n: number, kind: DatabaseKind): string {
  switch (what) {
    case 'table':
      return `create table made_${n} (n integer)`
    case 'row':
    case 'undo':
      return `insert into t (n) values (${n})`
    case 'read':
      return 'select n from t'
    case 'wrong':
      return 'insert into nowhere values (1)'
    case 'ended':
      return kind === 'sqlite' ? 'insert or rollback into t (n) values (0)' : 'insert into t (n) values (0)'
    case 'commit':
    case 'begin':
    case 'rollback':
      return what
  }
}
