/** Random data of which entities are made; numbers are indexes into lists of names, types and forms. */
export interface Plan {
  readonly tables: readonly TablePlan[]
  readonly views: readonly ViewPlan[]
}

export interface TablePlan {
  /** The same before and after a change. */
  readonly id: number
  readonly name: number
  readonly isElsewhere: boolean
  readonly comment: number
  readonly key: number
  readonly columns: readonly ColumnPlan[]
  readonly relations: readonly RelationPlan[]
  readonly indexes: readonly IndexPlan[]
  readonly checks: readonly CheckPlan[]
  readonly triggers: readonly TriggerPlan[]
  readonly partitions: number
}

export interface ColumnPlan {
  readonly id: number
  readonly name: number
  readonly type: number
  readonly items: readonly string[]
  readonly isNullable: boolean
  readonly default: number
  readonly indexed: 'no' | 'index' | 'unique'
  readonly comment: number
  readonly check: number
}

export interface RelationPlan {
  readonly id: number
  readonly name: number
  readonly kind: 'manyToOne' | 'oneToOne' | 'manyToMany'
  readonly target: number
  readonly isNullable: boolean
  readonly rules: number
}

export interface IndexPlan {
  readonly name: number
  readonly form: number
  readonly columns: readonly number[]
}

export interface CheckPlan {
  readonly name: number
  readonly form: number
  readonly column: number
}

export interface TriggerPlan {
  readonly name: number
  readonly form: number
}

export interface ViewPlan {
  readonly id: number
  readonly name: number
  readonly table: number
  readonly form: number
}

/** What a case may have at all: a case with little of everything finds more than one with all of it. */
export const featureNames = [
  'allTypes',
  'oddNames',
  'defaults',
  'nullable',
  'indexed',
  'comments',
  'checks',
  'keys',
  'relations',
  'indexes',
  'views',
  'triggers',
  'schemas',
  'partitions',
] as const

export type Feature = (typeof featureNames)[number]
export type Features = Readonly<Record<Feature, boolean>>
