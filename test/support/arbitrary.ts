import * as fc from 'fast-check'
import type {Revision} from '../../src/graph/revision.ts'

const awkward = ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'length', '0', '12', 'ähnlich_1']
const hex = fc.stringMatching(/^[0-9a-f]{4,12}$/)
const idOf = fc.oneof({weight: 6, arbitrary: hex}, {weight: 1, arbitrary: fc.constantFrom(...awkward)})

interface Shape {
  /** How far back each revision looks for its down revisions, and how many it takes. */
  readonly down: readonly number[]
  readonly dependsOn: readonly number[]
  readonly byLabel: boolean
  readonly label: boolean
}

const shape: fc.Arbitrary<Shape> = fc.record({
  down: fc.oneof(
    {weight: 6, arbitrary: fc.array(fc.nat(2), {minLength: 1, maxLength: 1})},
    {weight: 2, arbitrary: fc.array(fc.nat(7), {maxLength: 3})},
    {weight: 1, arbitrary: fc.constant([])},
  ),
  dependsOn: fc.oneof(
    {weight: 5, arbitrary: fc.constant([])},
    {weight: 1, arbitrary: fc.array(fc.nat(9), {maxLength: 2})},
  ),
  byLabel: fc.boolean(),
  label: fc.integer({min: 0, max: 4}).map((n) => n === 0),
})

/** Random histories: several bases, branches, merge points, criss-crosses, labels, dependencies by id and by label. */
export const histories = (maxLength = 24): fc.Arbitrary<Revision[]> =>
  fc
    .uniqueArray(idOf, {maxLength})
    .chain((ids) =>
      fc.tuple(
        fc.constant(ids),
        fc.array(shape, {minLength: ids.length, maxLength: ids.length}),
        fc.shuffledSubarray(ids, {minLength: ids.length}),
      ),
    )
    .map(([ids, shapes, loadOrder]) => {
      const label = (i: number): string => `label_${i}`
      const revisions = ids.map((id, i): Revision => {
        const {down, dependsOn, byLabel, label: isLabelled} = shapes[i]!
        const back = (n: number): number | undefined => (i - 1 - n >= 0 ? i - 1 - n : undefined)
        const named = (n: number): string => (byLabel && shapes[n]!.label ? label(n) : ids[n]!)
        return {
          id,
          downRevisions: [...new Set(down.flatMap((n) => ids[back(n) ?? -1] ?? []))],
          dependsOn: [...new Set(dependsOn.flatMap((n) => back(n) ?? []))].map(named),
          branchLabels: isLabelled ? [label(i)] : [],
        }
      })
      return loadOrder.map((id) => revisions.find((revision) => revision.id === id)!)
    })

/** A random history with some of its revisions, which may be taken as heads of an applied set, and one of its names. */
export const situations = (maxLength?: number): fc.Arbitrary<{revisions: Revision[]; rows: string[]; name: string}> =>
  histories(maxLength)
    .filter((revisions) => revisions.length > 0)
    .chain((revisions) => {
      const ids = revisions.map((revision) => revision.id)
      const names = [...ids, ...revisions.flatMap((revision) => revision.branchLabels)]
      return fc.record({
        revisions: fc.constant(revisions),
        rows: fc.subarray(ids, {maxLength: Math.min(4, ids.length)}),
        name: fc.constantFrom(...names),
      })
    })
