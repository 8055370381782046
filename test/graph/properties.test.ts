import {expect} from 'chai'
import * as fc from 'fast-check'
import {headsOf} from '../../src/graph/applied.ts'
import {planHistory} from '../../src/graph/history.ts'
import {mergeBases, revisionsBetween} from '../../src/graph/merge-base.ts'
import {planDowngrade, planStamp, planUpgrade} from '../../src/graph/plan.ts'
import {buildRevisionGraph} from '../../src/graph/build.ts'
import {formatTarget, parseTarget} from '../../src/graph/target.ts'
import {histories, situations} from '../support/arbitrary.ts'
import {errorOf} from '../support/errors.ts'
import {Model} from '../support/model.ts'

const sorted = (ids: Iterable<string>): string[] => [...ids].toSorted()

describe('graph, on random histories', () => {
  it('knows heads, bases, branch points and merge points', () => {
    fc.assert(
      fc.property(histories(), (revisions) => {
        const graph = buildRevisionGraph(revisions)
        const model = new Model(revisions)
        const children = (id: string): string[] =>
          model.ids.filter((other) => model.downRevisions.get(other)!.includes(id))
        expect(sorted(graph.heads)).to.deep.equal(sorted(model.ids.filter((id) => children(id).length === 0)))
        expect(sorted(graph.branchPoints)).to.deep.equal(sorted(model.ids.filter((id) => children(id).length > 1)))
        expect(sorted(graph.bases)).to.deep.equal(
          sorted(model.ids.filter((id) => model.downRevisions.get(id)!.length === 0)),
        )
        expect(sorted(graph.mergePoints)).to.deep.equal(
          sorted(model.ids.filter((id) => model.downRevisions.get(id)!.length > 1)),
        )
        expect(sorted(headsOf(graph, model.ids))).to.deep.equal(model.heads(model.ids))
      }),
    )
  })

  it('is the same if it adds to another graph', () => {
    fc.assert(
      fc.property(histories(), fc.nat(), (revisions, seed) => {
        const whole = buildRevisionGraph(revisions)
        const first = new Set(whole.topological.slice(0, seed % (revisions.length + 1)))
        const [before, added] = [revisions.filter(({id}) => first.has(id)), revisions.filter(({id}) => !first.has(id))]
        const graph = buildRevisionGraph(added, buildRevisionGraph(before))
        expect(graph.revisions).to.deep.equal([...before, ...added])
        expect(new Map(graph.labels)).to.deep.equal(new Map(whole.labels))
        for (const key of ['heads', 'effectiveHeads', 'bases', 'branchPoints', 'mergePoints', 'topological'] as const)
          expect(sorted(graph[key]), key).to.deep.equal(sorted(whole[key]))
        for (const [at, id] of graph.topological.entries()) {
          expect(graph.position(id)).to.equal(at)
          expect(graph.parents(id)).to.deep.equal(whole.parents(id))
          expect(graph.parents(id).every((parent) => graph.position(parent) < at)).to.equal(true)
          expect(sorted(graph.children(id))).to.deep.equal(sorted(whole.children(id)))
          expect(sorted(graph.dependents(id))).to.deep.equal(sorted(whole.dependents(id)))
          expect(sorted(graph.branchLabelsOf(id))).to.deep.equal(sorted(whole.branchLabelsOf(id)))
          expect(graph.get(graph.revisions[graph.loadOrder(id)]!.id).id).to.equal(id)
        }
      }),
    )
  })

  it('knows what some revisions have that others have not', () => {
    fc.assert(
      fc.property(situations(), fc.nat(), ({revisions, rows, name}, seed) => {
        const graph = buildRevisionGraph(revisions)
        const model = new Model(revisions)
        const upper = [model.names.get(name)!, model.ids[seed % model.ids.length]!]
        const lower = model.closure(rows)
        const found = revisionsBetween(graph, rows, upper)
        expect(found).to.deep.equal(graph.topological.filter((id) => model.closure(upper).has(id) && !lower.has(id)))
        expect(graph.sorted(found.toReversed())).to.deep.equal(found)
      }),
    )
  })

  it('plans upgrades that apply exactly what is missing, in an order that can be run', () => {
    fc.assert(
      fc.property(situations(), ({revisions, rows, name}) => {
        const graph = buildRevisionGraph(revisions)
        const model = new Model(revisions)
        const applied = model.closure(rows)
        const {steps} = planUpgrade(graph, applied, name)
        expect(model.fault(steps, applied)).to.equal(undefined)
        const wanted = model.closure([...applied, model.names.get(name)!])
        expect(sorted(model.after(steps, applied))).to.deep.equal(sorted(wanted))
      }),
    )
  })

  it('plans downgrades that revert exactly what stands on the target', () => {
    fc.assert(
      fc.property(situations(), ({revisions, rows, name}) => {
        const graph = buildRevisionGraph(revisions)
        const model = new Model(revisions)
        const id = model.names.get(name)!
        const applied = model.closure([...rows, id])
        const children = model.ids.filter((other) => model.downRevisions.get(other)!.includes(id))
        const hasAppliedChild = children.some((child) => applied.has(child))
        if (!hasAppliedChild && !model.heads(applied).includes(id)) {
          errorOf('NOT_AN_ANCESTOR', () => planDowngrade(graph, applied, name))
          return
        }
        const {steps} = planDowngrade(graph, applied, name)
        expect(model.fault(steps, applied)).to.equal(undefined)
        const left = [...applied].filter((other) => !children.some((child) => model.ancestors(other).has(child)))
        expect(sorted(model.after(steps, applied))).to.deep.equal(sorted(left))
      }),
    )
  })

  it('comes back to the same set after one revision up and down again', () => {
    fc.assert(
      fc.property(situations(), ({revisions, name}) => {
        const graph = buildRevisionGraph(revisions)
        const model = new Model(revisions)
        const id = model.names.get(name)!
        const before = new Set(model.closure(model.parents.get(id)!))
        const up = planUpgrade(graph, before, id).steps
        const after = model.after(up, before)
        // From a down revision that no other one stands on, or what lies between them would go, too.
        const lines = new Model(revisions.map((revision) => ({...revision, dependsOn: []})))
        const below = lines.heads(lines.closure(model.downRevisions.get(id)!))[0] ?? 'base'
        const down = planDowngrade(graph, after, `${id}@${below}`).steps
        expect(sorted(model.after(down, after))).to.deep.equal(sorted(before))
      }),
    )
  })

  it('downgrades to nothing from anywhere', () => {
    fc.assert(
      fc.property(situations(), ({revisions, rows}) => {
        const graph = buildRevisionGraph(revisions)
        const model = new Model(revisions)
        const applied = model.closure(rows)
        const {steps} = planDowngrade(graph, applied, 'base')
        expect(model.fault(steps, applied)).to.equal(undefined)
        expect(sorted(model.after(steps, applied))).to.deep.equal([])
      }),
    )
  })

  it('has nothing to upgrade after a stamp', () => {
    fc.assert(
      fc.property(situations(), fc.boolean(), ({revisions, rows, name}, all) => {
        const graph = buildRevisionGraph(revisions)
        const model = new Model(revisions)
        const target = all ? 'heads' : name
        const applied = model.closure(rows)
        const {steps} = planStamp(graph, applied, target)
        expect(model.fault(steps, applied)).to.equal(undefined)
        const after = model.after(steps, applied)
        expect(planUpgrade(graph, after, target).steps).to.deep.equal([])
        expect(sorted(after)).to.deep.equal(sorted(model.closure(after)))
      }),
    )
  })

  it('fills in what was put below an applied revision later, and says so', () => {
    fc.assert(
      fc.property(situations(), ({revisions, rows, name}) => {
        const graph = buildRevisionGraph(revisions)
        const model = new Model(revisions)
        const missing = model.names.get(name)!
        const applied = model.closure(rows)
        applied.delete(missing)
        const {steps} = planUpgrade(graph, applied, 'heads')
        expect(model.fault(steps, applied)).to.equal(undefined)
        for (const step of steps) {
          const isBelow = [...applied].some((id) => model.parents.get(id)!.has(step.revision))
          expect(step.outOfOrder ?? false).to.equal(isBelow)
        }
      }),
    )
  })

  it('lists history newest first, whole or from a revision on', () => {
    fc.assert(
      fc.property(situations(), ({revisions, name}) => {
        const graph = buildRevisionGraph(revisions)
        const model = new Model(revisions)
        const whole = planHistory(graph)
        expect(model.faultOfHistory(whole)).to.equal(undefined)
        expect(sorted(whole)).to.deep.equal(sorted(model.ids))
        const upTo = planHistory(graph, `:${name}`)
        expect(model.faultOfHistory(upTo)).to.equal(undefined)
        expect(sorted(upTo)).to.deep.equal(sorted(model.ancestors(model.names.get(name)!)))
      }),
    )
  })

  it('finds the maximal common ancestors', () => {
    fc.assert(
      fc.property(situations(), ({revisions, rows}) => {
        const lines = new Model(revisions.map((revision) => ({...revision, dependsOn: []})))
        const common = lines.ids.filter((id) => rows.length > 0 && rows.every((row) => lines.ancestors(row).has(id)))
        expect(sorted(mergeBases(buildRevisionGraph(revisions), rows))).to.deep.equal(lines.heads(common))
      }),
    )
  })

  it('means the same revisions whatever the load order', () => {
    fc.assert(
      fc.property(situations(), ({revisions, rows, name}) => {
        const model = new Model(revisions)
        const applied = model.closure(rows)
        const plans = [revisions, revisions.toReversed()].map((order) => {
          const graph = buildRevisionGraph(order)
          const {steps} = planUpgrade(graph, applied, name)
          return [sorted(steps.map((step) => step.revision)), sorted(steps.at(-1)?.heads ?? [])]
        })
        expect(plans[0]).to.deep.equal(plans[1])
      }),
    )
  })
})

describe('graph/target, on random texts', () => {
  const part = fc.oneof(
    fc.constantFrom('head', 'heads', 'base', 'ae10', '-1', '+2', 'v-1', 'a b', 'x.y', '1x', '@', '+', '-', 'label'),
    fc.string({maxLength: 4}),
  )

  it('writes every target that it can read back as it was', () => {
    let readable = 0
    fc.assert(
      fc.property(fc.array(part, {maxLength: 5}), (parts) => {
        const text = parts.join('')
        const target = targetOf(text)
        if (target !== undefined) readable++
        expect(target === undefined ? text : formatTarget(target)).to.equal(text)
        expect(target && parseTarget(formatTarget(target))).to.deep.equal(target)
      }),
      {numRuns: 1000},
    )
    expect(readable).to.be.greaterThan(100)
  })

  function targetOf(text: string): ReturnType<typeof parseTarget> | undefined {
    try {
      return parseTarget(text)
    } catch (error) {
      expect(error).to.have.property('code', 'INVALID_TARGET')
      return undefined
    }
  }
})
