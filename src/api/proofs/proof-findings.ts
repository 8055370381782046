import type {Pairs, RevisionPair} from '../../conflicts/pairs.ts'
import type {RevisionId} from '../../graph/revision.ts'
import type {RevisionGraph} from '../../graph/revision-graph.ts'
import type {OrderOutcome, ProofResult} from '../../rehearsal/commute/proof.ts'
import type {ProofDifference} from '../../rehearsal/commute/outcome.ts'
import type {Finding} from '../../script/finding.ts'
import type {ScriptRevision} from '../../script/revision-file.ts'
import {listOf} from '../../util/text.ts'

/** Returns findings for all that a proof found, and for a verdict that it contradicts. */
export function findingsOfProof(
  result: ProofResult,
  judged: Pairs,
  graph: RevisionGraph<ScriptRevision>,
): readonly Finding[] {
  const {proof, alone, against, rows} = result
  const [first] = proof.orders
  const heads = first?.heads ?? []
  const place = (revision: RevisionId): Pick<Finding, 'file' | 'revision'> => ({
    file: graph.get(revision).file,
    revision,
  })
  const lone = alone.map(({revision, error, hint, withRows}): Finding => ({
    code: withRows ? 'FAILS_WITH_ROWS' : 'REHEARSAL_FAILED',
    level: withRows ? 'warning' : 'error',
    message: withRows
      ? `Revision ${revision} fails with rows, also without the other branch: ${error}`
      : `Revision ${revision} cannot be applied, also without the other branch: ${error}`,
    hint: withRows ? 'Change the existing rows first.' : (hint ?? 'Fix the revision.'),
    ...place(revision),
  }))
  const failing = proof.commutes === false ? proof.orders.filter(({failed}) => failed !== undefined) : []
  const failures = failing.map((order) => failureOf(order, 'error', place))
  const differs =
    proof.difference === undefined || against === undefined
      ? []
      : [differenceOf(proof.difference, [heads, against], 'error', place)]
  const ofRows =
    rows?.order !== undefined
      ? [failureOf(rows.order, 'warning', place)]
      : rows?.difference === undefined
        ? []
        : [differenceOf(rows.difference, [heads, rows.against], 'warning', place)]
  return [...lone, ...failures, ...differs, ...ofRows, ...contradiction(result, judged)]
}

const hint = 'Edit a revision of one branch, or let it come after the other one with `dependsOn`.'

function failureOf(
  {order, heads, failed}: OrderOutcome,
  level: Finding['level'],
  place: (revision: RevisionId) => Pick<Finding, 'file' | 'revision'>,
): Finding {
  const revision = failed?.revision ?? order.at(-1) ?? ''
  const rows = level === 'error' ? '' : ', if the tables have rows'
  return {
    code: level === 'error' ? 'ORDER_FAILS' : 'ORDER_FAILS_WITH_ROWS',
    level,
    message: `In the order ${heads.join(', ')}, revision ${revision} fails${rows}: ${failed?.error ?? ''}`,
    hint,
    ...place(revision),
  }
}

function differenceOf(
  {kind, name, first, second}: ProofDifference,
  [one, other]: readonly [readonly RevisionId[], readonly RevisionId[]],
  level: Finding['level'],
  place: (revision: RevisionId) => Pick<Finding, 'file' | 'revision'>,
): Finding {
  const object = kind === 'rows' ? `table ${name}` : `${kind} ${name}`
  const state = (text: string | null): string =>
    kind === 'rows'
      ? text === null
        ? 'no other rows'
        : `the rows ${text}`
      : text === null
        ? 'is missing'
        : `is ${text || 'there'}`
  const verb = kind === 'rows' ? 'has ' : ''
  const rows = level === 'error' ? '' : ' if the tables have rows'
  return {
    code: level === 'error' ? 'ORDERS_DIFFER' : 'ORDERS_DIFFER_WITH_ROWS',
    level,
    message: `The order decides${rows}: after ${one.join(', ')}, ${object} ${verb}${state(first)}; after ${other.join(', ')}, it ${verb}${state(second)}.`,
    hint,
    ...place(one.at(-1) ?? ''),
  }
}

const note = (message: string): readonly Finding[] => [{code: 'VERDICT_DIFFERS', level: 'note', message}]

/** The verdict of the texts, where the proof says something else. */
function contradiction({proof}: ProofResult, {verdict, pairs}: Pairs): readonly Finding[] {
  const found = (wanted: RevisionPair['verdict']): readonly string[] =>
    pairs.filter((pair) => pair.verdict === wanted).map(({ours, theirs}) => `${ours} and ${theirs}`)
  if (proof.commutes === true && proof.withRows !== false && verdict === 'collide')
    return note(
      `By their texts, ${listOf(found('collide'), 3)} collide; on a temporary database they do not. Data that only your databases have may still decide.`,
    )
  if (proof.commutes === false && (verdict === 'independent' || verdict === 'together'))
    return note('By their texts, the revisions do not collide: the collision is in code that mig cannot read.')
  return []
}
