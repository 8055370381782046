import {appliedSides, appliedTo} from '../../../src/conflicts/applied-revision.ts'
import {judgePair} from '../../../src/conflicts/commute.ts'
import type {Judgement} from '../../../src/conflicts/commute.ts'
import {statementsIn} from '../../../src/conflicts/revision-statements.ts'
import type {RevisionStatements} from '../../../src/conflicts/revision-statements.ts'
import {SchemaModel} from '../../../src/sql/model/schema-model.ts'
import {operationRegistry} from '../../support/operations.ts'
import type {Change, Setting} from './changes.ts'

/** The way in which a revision is written. */
export type Way = 'sql' | 'op'

export const ways: readonly (readonly [Way, Way])[] = [
  ['sql', 'sql'],
  ['op', 'op'],
  ['sql', 'op'],
  ['op', 'sql'],
]

/** Returns a function that judges two changes of a setting. */
export async function judging(
  {parent, changes}: Setting,
  [wayOfOurs, wayOfTheirs]: readonly [Way, Way],
): Promise<(a: string, b: string) => Judgement> {
  const content = await read({sql: parent}, 'sql')
  const {revisions} = appliedTo(new SchemaModel(), [{name: 'parent', content}])
  for (const {unclear, refused} of revisions)
    if (unclear.length > 0 || refused !== undefined) throw new Error(refused ?? unclear.join(', '))
  const sides = {a: new Map<string, RevisionStatements>(), b: new Map<string, RevisionStatements>()}
  for (const [name, change] of Object.entries(changes)) {
    sides.a.set(name, await read(change, wayOfOurs))
    sides.b.set(name, await read(change, wayOfTheirs))
  }
  return (a, b) => {
    const [mine, others] = [sides.a.get(a), sides.b.get(b)]
    if (mine === undefined || others === undefined) throw new Error(`no change ${a} or ${b}`)
    const base = appliedTo(new SchemaModel(), [{name: 'parent', content}]).model
    const [[ours], [theirs]] = appliedSides(base, [{name: 'a', content: mine}], [{name: 'b', content: others}])
    if (ours === undefined || theirs === undefined) throw new Error(`no revision ${a} or ${b}`)
    return judgePair(base, ours, theirs)
  }
}

async function read({sql, op = `op.execute(${JSON.stringify(sql)})`}: Change, way: Way) {
  const text =
    way === 'sql'
      ? `-- revision: r\n-- revises: none\n\n-- upgrade\n${sql};\n`
      : `export async function upgrade(op) {\n${op}\n}\n`
  return statementsIn(way === 'sql' ? 'r.sql' : 'r.ts', text, operationRegistry)
}

/** A pair that was measured on a server. */
export interface MeasuredPair {
  readonly a: string
  readonly b: string
  readonly collides: boolean
}

/** The verdicts on many pairs, against what was measured. */
export interface Score {
  readonly collisions: number
  readonly commuting: number
  /** Collisions that are called independent or together. */
  readonly missed: readonly string[]
  /** Commuting pairs that are called colliding. */
  readonly falselyColliding: readonly string[]
  readonly unknown: readonly string[]
}

/** Compares the verdicts on pairs with what was measured. */
export function scoreOf(pairs: readonly MeasuredPair[], judge: (a: string, b: string) => Judgement): Score {
  const judged = pairs.map((pair) => ({...pair, ...judge(pair.a, pair.b)}))
  const named = (wanted: (pair: (typeof judged)[number]) => boolean): readonly string[] =>
    judged.filter(wanted).map(({a, b, reason}) => `${a} × ${b}: ${reason}`)
  return {
    collisions: pairs.filter(({collides}) => collides).length,
    commuting: pairs.filter(({collides}) => !collides).length,
    missed: named(({collides, verdict}) => collides && (verdict === 'independent' || verdict === 'together')),
    falselyColliding: named(({collides, verdict}) => !collides && verdict === 'collide'),
    unknown: named(({verdict}) => verdict === 'unknown'),
  }
}
