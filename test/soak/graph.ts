import * as fc from 'fast-check'
import {MigError} from '../../src/errors.ts'
import {planHistory} from '../../src/graph/history.ts'
import {planDowngrade, planStamp, planUpgrade, type Plan} from '../../src/graph/plan.ts'
import {resolveTargets} from '../../src/graph/resolve.ts'
import type {Revision} from '../../src/graph/revision.ts'
import {buildRevisionGraph} from '../../src/graph/build.ts'
import type {RevisionGraph} from '../../src/graph/revision-graph.ts'
import {histories} from '../support/arbitrary.ts'
import {Model} from '../support/model.ts'

interface Action {
  readonly kind: 'upgrade' | 'downgrade' | 'stamp'
  readonly form: string
  readonly first: number
  readonly second: number
  readonly steps: number
}

export interface Life {
  readonly revisions: readonly Revision[]
  readonly actions: readonly Action[]
}

const forms = 'X X heads head base X@head X@heads X@Y X@base +N -N X@+N X@-N X+N X-N Y@X+N Y@X-N X@head-N'.split(' ')

/** A history, and a sequence of things that somebody does to one database with it. `X`, `Y` stand for names, `N` for a number. */
export const lives: fc.Arbitrary<Life> = fc.record({
  revisions: histories(30),
  actions: fc.array(
    fc.record({
      kind: fc.constantFrom<Action['kind']>('upgrade', 'upgrade', 'downgrade', 'stamp'),
      form: fc.constantFrom(...forms),
      first: fc.nat(),
      second: fc.nat(),
      steps: fc.integer({min: 1, max: 4}),
    }),
    {minLength: 5, maxLength: 40},
  ),
})

/**
 * Lives one life and returns how many steps it took.
 *
 * @throws Error when a plan has a fault, breaks its promise, or fails without a code
 */
export function live({revisions, actions}: Life): number {
  const graph = buildRevisionGraph(revisions)
  const model = new Model(revisions)
  const names = [...model.names.keys()]
  if (names.length === 0) return 0
  let applied = new Set<string>()
  let transitions = 0
  for (const action of actions) {
    const name = (n: number): string => names[n % names.length]!
    const target = action.form
      .replace('X', name(action.first))
      .replace('Y', name(action.second))
      .replace('N', `${action.steps}`)
    const steps = plan(graph, applied, action.kind, target)
    if (steps === undefined) continue
    const fault = model.fault(steps, applied)
    if (fault !== undefined) throw new Error(`${action.kind} ${target} on [${[...applied].join(' ')}]: ${fault}`)
    applied = model.after(steps, applied)
    transitions += steps.length
    const broken = brokenPromise(graph, model, applied, action.kind, target)
    if (broken !== undefined) throw new Error(`${action.kind} ${target}, now [${[...applied].join(' ')}]: ${broken}`)
  }
  return transitions
}

function plan(
  graph: RevisionGraph,
  applied: Set<string>,
  kind: Action['kind'],
  target: string,
): Plan['steps'] | undefined {
  try {
    if (kind === 'upgrade') return planUpgrade(graph, applied, target).steps
    if (kind === 'downgrade') return planDowngrade(graph, applied, target).steps
    return planStamp(graph, applied, target).steps
  } catch (error) {
    if (error instanceof MigError) return undefined
    throw error
  }
}

function brokenPromise(
  graph: RevisionGraph,
  model: Model,
  applied: ReadonlySet<string>,
  kind: Action['kind'],
  target: string,
): string | undefined {
  if (model.closure(applied).size !== applied.size) return 'something that is applied stands on what is not'
  if (kind !== 'downgrade' && !/[+-]\d/.test(target)) {
    for (const id of resolveTargets(graph, target)) {
      if (!applied.has(id)) return `${id} was the target and is not applied`
      if (planUpgrade(graph, applied, id).steps.length > 0) return `there is something left to upgrade to ${id}`
    }
  }
  return model.faultOfHistory(planHistory(graph, ':current', applied))
}
