import * as fc from 'fast-check'
import type {Change} from './changes.ts'
import {nameCount} from './names.ts'
import {featureNames} from './plan.ts'
import type {
  CheckPlan,
  ColumnPlan,
  Feature,
  Features,
  IndexPlan,
  Plan,
  RelationPlan,
  TablePlan,
  TriggerPlan,
  ViewPlan,
} from './plan.ts'

/** Entities, and what is changed of them. */
export interface Case {
  readonly features: Features
  readonly before: Plan
  readonly changes: readonly Change[]
}

const name = fc.nat(nameCount - 1)
const id = fc.constant(0)
const many = 60

const column: fc.Arbitrary<ColumnPlan> = fc.record({
  id,
  name,
  type: fc.oneof({weight: 3, arbitrary: fc.nat(3)}, {weight: 4, arbitrary: fc.nat(many)}),
  items: fc.uniqueArray(fc.constantFrom('v', 'w', 'x', 'y', 'z'), {minLength: 1, maxLength: 4}),
  isNullable: fc.boolean(),
  default: fc.nat(8),
  indexed: fc.constantFrom<ColumnPlan['indexed'][]>('no', 'no', 'index', 'unique'),
  comment: fc.nat(3),
  check: fc.nat(8),
})

const relation: fc.Arbitrary<RelationPlan> = fc.record({
  id,
  name,
  kind: fc.constantFrom<RelationPlan['kind'][]>('manyToOne', 'oneToOne', 'manyToMany'),
  target: fc.nat(3),
  isNullable: fc.boolean().map((not) => !not),
  rules: fc.nat(9),
})

const index: fc.Arbitrary<IndexPlan> = fc.record({
  name: fc.nat(4),
  form: fc.nat(20),
  columns: fc.uniqueArray(fc.nat(3), {minLength: 1, maxLength: 2}),
})

const check: fc.Arbitrary<CheckPlan> = fc.record({name: fc.nat(3), form: fc.nat(8), column: fc.nat(3)})
const trigger: fc.Arbitrary<TriggerPlan> = fc.record({name: fc.nat(2), form: fc.nat(6)})

const table: fc.Arbitrary<TablePlan> = fc.record({
  id,
  name,
  isElsewhere: fc.boolean(),
  comment: fc.nat(3),
  key: fc.nat(6),
  columns: few(column, 3).map(numbered),
  relations: few(relation, 1).map(numbered),
  indexes: few(index, 2),
  checks: few(check, 1),
  triggers: few(trigger, 1),
  partitions: fc.nat(3),
})

const view: fc.Arbitrary<ViewPlan> = fc.record({id, name: fc.nat(2), table: fc.nat(3), form: fc.nat(7)})

const plan: fc.Arbitrary<Plan> = fc.record({
  tables: fc
    .uniqueArray(table, {minLength: 1, maxLength: 3, selector: (one) => one.name, size: 'max'})
    .map((tables) => numbered(tables)),
  views: few(view, 1).map(numbered),
})

const place = {table: fc.nat(3), at: fc.nat(3)}
const change: fc.Arbitrary<Change> = fc.oneof(
  {weight: 3, arbitrary: fc.record({kind: fc.constant('set column'), ...place, column, what: fc.nat(6)})},
  {weight: 1, arbitrary: fc.record({kind: fc.constant('replace column'), ...place, column})},
  {weight: 1, arbitrary: fc.record({kind: fc.constant('add column'), ...place, column})},
  {weight: 1, arbitrary: fc.record({kind: fc.constant('drop column'), ...place})},
  {weight: 1, arbitrary: fc.record({kind: fc.constant('rename column'), ...place, name})},
  {weight: 1, arbitrary: fc.record({kind: fc.constant('add table'), table})},
  {weight: 1, arbitrary: fc.record({kind: fc.constant('drop table'), table: place.table})},
  {weight: 1, arbitrary: fc.record({kind: fc.constant('rename table'), table: place.table, name})},
  {weight: 2, arbitrary: fc.record({kind: fc.constant('set table'), table: place.table, to: table, what: fc.nat(3)})},
  {weight: 1, arbitrary: fc.record({kind: fc.constant('set relations'), table: place.table, to: few(relation, 2)})},
  {weight: 2, arbitrary: fc.record({kind: fc.constant('set relation'), ...place, relation, what: fc.nat(3)})},
  {weight: 2, arbitrary: fc.record({kind: fc.constant('set indexes'), table: place.table, to: few(index, 2)})},
  {weight: 1, arbitrary: fc.record({kind: fc.constant('set checks'), table: place.table, to: few(check, 2)})},
  {weight: 1, arbitrary: fc.record({kind: fc.constant('set triggers'), table: place.table, to: few(trigger, 2)})},
  {weight: 1, arbitrary: fc.record({kind: fc.constant('set views'), to: few(view, 2)})},
)

const features: fc.Arbitrary<Features> = fc.record(
  Object.fromEntries(
    featureNames.map((feature) => [
      feature,
      fc.oneof({weight: 2, arbitrary: fc.constant(false)}, {weight: 1, arbitrary: fc.constant(true)}),
    ]),
  ) as Record<Feature, fc.Arbitrary<boolean>>,
)

/** Random entities with random changes. */
export const cases: fc.Arbitrary<Case> = fc.record({
  features,
  before: plan,
  changes: fc.array(change, {minLength: 0, maxLength: 2, size: 'max'}),
})

function few<Item>(item: fc.Arbitrary<Item>, maxLength: number): fc.Arbitrary<readonly Item[]> {
  return fc.array(item, {maxLength, size: 'max'})
}

function numbered<Item extends {readonly id: number}>(items: readonly Item[]): readonly Item[] {
  return items.map((item, at) => ({...item, id: at}))
}
