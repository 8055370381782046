import {appliedSides, appliedTo} from '../../../../src/conflicts/applied-revision.ts'
import {judgePair} from '../../../../src/conflicts/commute.ts'
import type {Judgement} from '../../../../src/conflicts/commute.ts'
import {statementsIn} from '../../../../src/conflicts/revision-statements.ts'
import type {RevisionStatements} from '../../../../src/conflicts/revision-statements.ts'
import {schemaRules} from '../../../../src/sql/model/rules.ts'
import {SchemaModel} from '../../../../src/sql/model/schema-model.ts'
import {operationRegistry} from '../../../support/operations.ts'
import type {Way} from '../verdicts.ts'
import type {DialectChange, DialectSetting, MeasuredDialect} from './setting.ts'

/** Returns a function that judges two changes of a setting on a database. */
export async function judgingOn(
  dialect: MeasuredDialect,
  {parent, changes}: DialectSetting,
  [wayOfOurs, wayOfTheirs]: readonly [Way, Way],
): Promise<(a: string, b: string) => Judgement> {
  const rules = schemaRules[dialect]
  const content = await read({sql: parent}, 'sql', dialect)
  const [before] = appliedTo(new SchemaModel(undefined, false, rules), [{name: 'parent', content}]).revisions
  if (before === undefined || before.refused !== undefined || before.unclear.length > 0)
    throw new Error(before?.refused ?? before?.unclear.join(', '))
  const sides = {a: new Map<string, RevisionStatements>(), b: new Map<string, RevisionStatements>()}
  for (const [name, change] of Object.entries(changes)) {
    sides.a.set(name, await read(change, wayOfOurs, dialect))
    sides.b.set(name, await read(change, wayOfTheirs, dialect))
  }
  return (a, b) => {
    const [mine, others] = [sides.a.get(a), sides.b.get(b)]
    if (mine === undefined || others === undefined) throw new Error(`no change ${a} or ${b}`)
    const base = appliedTo(new SchemaModel(undefined, false, rules), [{name: 'parent', content}]).model
    const [[ours], [theirs]] = appliedSides(base, [{name: 'a', content: mine}], [{name: 'b', content: others}])
    if (ours === undefined || theirs === undefined) throw new Error(`no revision ${a} or ${b}`)
    return judgePair(base, ours, theirs)
  }
}

async function read(change: DialectChange, way: Way, dialect: MeasuredDialect): Promise<RevisionStatements> {
  const {sql, op} = {sql: undefined, op: undefined, ...change}
  const isSql = sql !== undefined && (way === 'sql' || op === undefined)
  const text = isSql
    ? `-- revision: r\n-- revises: none\n\n-- upgrade\n${sql};\n`
    : `export async function upgrade(op) {\n${op ?? ''}\n}\n`
  return statementsIn(isSql ? 'r.sql' : 'r.ts', text, operationRegistry, {dialect})
}
