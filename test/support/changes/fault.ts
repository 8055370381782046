/** The steps of a change that can go wrong. */
export type Stage =
  | 'before: generate'
  | 'before: upgrade'
  | 'before: generate again'
  | 'before: catalogue'
  | 'generate'
  | 'upgrade'
  | 'generate again'
  | 'catalogue'
  | 'rows'
  | 'downgrade'
  | 'catalogue after downgrade'
  | 'rows after downgrade'
  | 'generate after downgrade'
  | 'upgrade again'
  | 'catalogue after upgrade again'

/** A step of a change that went wrong. */
export class ChangeFault extends Error {
  readonly stage: Stage
  readonly details: readonly string[]
  /** The revisions that were generated until then. */
  readonly revisions: readonly string[]

  constructor(stage: Stage, details: readonly string[], revisions: readonly string[]) {
    super([`${stage}:`, ...details, ...revisions].join('\n'))
    this.stage = stage
    this.details = details
    this.revisions = revisions
  }
}
