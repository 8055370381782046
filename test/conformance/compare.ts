import {isDeepStrictEqual} from 'node:util'
import {MigError} from '../../src/errors.ts'
import {appliedFromHeads, currentRevisions, headsOf} from '../../src/graph/applied.ts'
import {planHistory} from '../../src/graph/history.ts'
import {planDowngrade, planStamp, planUpgrade, type Plan} from '../../src/graph/plan.ts'
import {resolveTargets} from '../../src/graph/resolve.ts'
import type {Revision} from '../../src/graph/revision.ts'
import {buildRevisionGraph} from '../../src/graph/build.ts'
import type {RevisionGraph} from '../../src/graph/revision-graph.ts'
import {Model} from '../support/model.ts'
import type {Query, RecordedGraph, RecordedPlan} from './records.ts'
import {rules, type Outcome} from './rules.ts'

export type Verdict =
  | {readonly verdict: 'agree'}
  /** Differs on purpose, by the rule of this name. */
  | {readonly verdict: 'by rule'; readonly rule: string}
  | {readonly verdict: 'differ'; readonly graph: string; readonly query: unknown; readonly got: unknown}

const sorted = (items: Iterable<string>): string[] => [...items].toSorted()
const isClean = (error: unknown): boolean =>
  error instanceof MigError && error.code !== undefined && error.message !== ''

/** Compares one recorded graph, its loading and every query, with what mig says. */
export function* compareGraph(record: RecordedGraph): Generator<Verdict> {
  const revisions = record.revisions.map((r): Revision => ({
    id: r.revision,
    downRevisions: r.downRevision,
    dependsOn: r.dependsOn,
    branchLabels: r.branchLabels,
  }))
  const built = attempt(() => ({value: buildRevisionGraph(revisions)}))
  yield compareLoad(record, revisions, built)
  if (built.error !== undefined || record.load.trueCycle !== undefined) return
  const graph = built.value as RevisionGraph
  const model = new Model(revisions)
  for (const query of record.queries) yield compareQuery(record.id, graph, model, query)
}

function compareLoad(record: RecordedGraph, revisions: readonly Revision[], built: Outcome): Verdict {
  const {load} = record
  const hasDuplicate = new Set(revisions.map((r) => r.id)).size < revisions.length
  if (built.error === undefined) return load.ok && !load.trueCycle ? {verdict: 'agree'} : differ(record.id, load, built)
  if (!isClean(built.error)) return differ(record.id, load, built)
  if (load.error !== undefined) return {verdict: 'agree'}
  if (load.trueCycle !== undefined) return {verdict: 'by rule', rule: 'every cycle is an error'}
  if (hasDuplicate) return {verdict: 'by rule', rule: 'a repeated id is an error'}
  return differ(record.id, load, built)
}

function compareQuery(id: string, graph: RevisionGraph, model: Model, query: Query): Verdict {
  const outcome = attempt(() => answer(graph, model, query))
  if (outcome.error !== undefined && !isClean(outcome.error)) return differ(id, query, outcome)
  if (agrees(model, query, outcome)) return {verdict: 'agree'}
  const rule = rules.find(
    (one) =>
      one.covers(query, model, outcome) &&
      (outcome.error !== undefined ? one.wants !== 'a sound answer' : one.wants !== 'an error' && !outcome.fault),
  )
  return rule === undefined ? differ(id, query, outcome) : {verdict: 'by rule', rule: rule.name}
}

/** Asks mig. */
function answer(graph: RevisionGraph, model: Model, query: Query): Outcome {
  switch (query.q) {
    case 'heads':
      return {value: [sorted(graph.heads), sorted(headsOf(graph, model.ids)), sorted(graph.effectiveHeads)]}
    case 'bases':
      return {value: sorted(graph.bases)}
    case 'branchPoints':
      return {value: sorted(graph.branchPoints)}
    case 'mergePoints':
      return {value: sorted(graph.mergePoints)}
    case 'labels': {
      const labelled = model.ids.map((id) => [id, sorted(graph.branchLabelsOf(id))] as const)
      return {value: Object.fromEntries(labelled.filter(([, labels]) => labels.length > 0))}
    }
    case 'dependencies':
      return {value: undefined}
    case 'current': {
      const applied = appliedFromHeads(graph, query.current)
      return {value: [sorted(applied), sorted(headsOf(graph, applied)), sorted(currentRevisions(graph, applied))]}
    }
    case 'resolve':
      return {value: sorted(new Set(resolveTargets(graph, query.target)))}
    case 'history': {
      const listed = planHistory(graph, query.range, appliedFromHeads(graph, query.current ?? []))
      return {value: sorted(listed), fault: model.faultOfHistory(listed)}
    }
    case 'upgrade':
      return planned(graph, model, query, (applied) => planUpgrade(graph, applied, query.target))
    case 'downgrade':
      return planned(graph, model, query, (applied) => planDowngrade(graph, applied, query.target))
    case 'stamp':
      return planned(graph, model, query, (applied) => planStamp(graph, applied, query.targets))
  }
}

function planned(
  graph: RevisionGraph,
  model: Model,
  query: {readonly q: string; readonly current: readonly string[]; readonly targets?: readonly string[]},
  plan: (applied: ReadonlySet<string>) => Plan,
): Outcome {
  const applied = appliedFromHeads(graph, query.current)
  const before = [...applied]
  const {steps} = plan(applied)
  const after = model.after(steps, before)
  const asked = query.targets?.flatMap((text) => resolveTargets(graph, text))
  const unmet = asked?.find((id) => !after.has(id))
  const fault = !isDeepStrictEqual([...applied], before)
    ? 'the applied set that was passed in was changed'
    : unmet === undefined
      ? model.fault(steps, before)
      : `${unmet} was asked for and is not applied`
  const heads = model.heads(after)
  if (asked !== undefined) return {value: heads, fault, stamped: {asked, heads}}
  return {value: {revisions: sorted(steps.map((step) => step.revision)), heads}, fault}
}

/** Tells whether mig's answer is the recorded one. */
function agrees(model: Model, query: Query, outcome: Outcome): boolean {
  const isPlan = query.q === 'upgrade' || query.q === 'downgrade' || query.q === 'stamp'
  const works = isPlan && query.crash === true && query.q !== 'stamp' && (query.failedStep || query.revisions)
  if (query.q === 'resolve' ? 'error' in query.many : 'error' in query && !works) return isExpectedError(query, outcome)
  if (outcome.error !== undefined || outcome.fault !== undefined) return false
  return isDeepStrictEqual(outcome.value, recorded(model, query))
}

function isExpectedError(query: Query, outcome: Outcome): boolean {
  return outcome.error !== undefined && !('crash' in query)
}

/** Returns the recorded answer in the form of `answer`. */
function recorded(model: Model, query: Query): unknown {
  switch (query.q) {
    case 'heads':
      return [sorted(query.heads), sorted(query.effectiveHeads), sorted(query.effectiveHeads)]
    case 'bases':
      return sorted(query.bases)
    case 'branchPoints':
      return sorted(query.result.map(({revision}) => revision))
    case 'mergePoints':
    case 'labels':
      return query.result
    case 'dependencies':
      return undefined
    case 'current':
      return [sorted(model.closure(query.current)), model.heads(model.closure(query.current)), query.result]
    case 'resolve': {
      const places = 'result' in query.many ? query.many.result : []
      return sorted(new Set(places.filter((place) => place !== null)))
    }
    case 'history':
      return sorted(query.result ?? [])
    case 'upgrade':
    case 'downgrade':
      return recordedPlan(model, query)
    case 'stamp':
      return model.heads(model.closure(query.steps?.at(-1)?.heads ?? query.current))
  }
}

function recordedPlan(
  model: Model,
  query: RecordedPlan & {readonly q: string; readonly current: readonly string[]},
): unknown {
  const rest = [...(query.failedStep ? [query.failedStep] : []), ...(query.remaining ?? [])]
  const revisions = query.revisions ?? [
    ...(query.steps ?? []).map((step) => step.revision),
    ...rest.map((step) => (typeof step === 'string' ? step : step.revision)),
  ]
  const applied = model.closure(query.current)
  const changed = new Set(revisions)
  const after = query.q === 'upgrade' ? [...applied, ...changed] : [...applied].filter((id) => !changed.has(id))
  const rows = query.failedStep || query.crash ? undefined : (query.finalHeads ?? query.steps?.at(-1)?.heads)
  return {revisions: sorted(revisions), heads: rows ? model.heads(model.closure(rows)) : model.heads(new Set(after))}
}

function attempt(ask: () => Outcome): Outcome {
  try {
    return ask()
  } catch (error) {
    return {error}
  }
}

function differ(graph: string, query: unknown, outcome: Outcome): Verdict {
  return {verdict: 'differ', graph, query, got: outcome.error instanceof Error ? outcome.error.message : outcome}
}
