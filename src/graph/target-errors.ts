import {MigError} from '../errors.ts'
import {listOf, plural} from '../util/text.ts'
import type {RevisionId} from './revision.ts'
import {shellCommand} from '../util/shell.ts'

/** A name that matches no revision and no branch label. */
export class RevisionNotFoundError extends MigError {
  constructor(name: string, hint?: string) {
    super('REVISION_NOT_FOUND', `Unknown revision or branch label: ${name}.`, {hint, data: {name}})
  }
}

/** A branch name that matches no revision and no branch label. */
export class BranchNotFoundError extends MigError {
  constructor(name: string, hint: string | undefined) {
    super('BRANCH_NOT_FOUND', `Unknown branch ${name}: no branch label or revision has this name.`, {
      hint,
      data: {name},
    })
  }
}

/** An abbreviation that matches several names. */
export class RevisionAmbiguousError extends MigError {
  constructor(prefix: string, candidates: readonly string[]) {
    super('REVISION_AMBIGUOUS', `${prefix} is ambiguous: it matches ${listOf(candidates, 10)}.`, {
      hint: 'Use more characters.',
      data: {prefix, candidates},
    })
  }
}

/** A target that requires a single head is used where there are several. */
export class MultipleHeadsError extends MigError {
  readonly heads: readonly RevisionId[]

  /** @param choices the shortest unambiguous target for each head, in the order of `heads` */
  constructor(
    target: string,
    heads: readonly RevisionId[],
    choices: readonly string[],
    hint = `Choose one (${listOf(choices, 10, 'or')}), use \`heads\` for all of them, or join them with \`mig merge heads -m "..."\`.`,
  ) {
    super('MULTIPLE_HEADS', `${target} requires a single head, but there are ${heads.length}: ${listOf(heads, 10)}.`, {
      hint,
      data: {target, heads, choices},
    })
    this.heads = heads
  }
}

export class NotOnBranchError extends MigError {
  constructor(revision: RevisionId, branch: string) {
    super('NOT_ON_BRANCH', `Revision ${revision} is not on branch ${branch}.`, {
      hint: `\`${shellCommand`mig history -r ${`${branch}@base:${branch}@head`}`}\` lists the revisions on this branch.`,
      data: {revision, branch},
    })
  }
}

/** The two ends of a range are not related in this order. */
export class NotAnAncestorError extends MigError {
  constructor(message: string, hint: string | undefined, data: object) {
    super('NOT_AN_ANCESTOR', message, {hint, data})
  }
}

/** A relative step can lead to several revisions. */
export class AmbiguousWalkError extends MigError {
  /** @param targets for each choice, the target that is meant */
  constructor(
    target: string,
    from: RevisionId | null,
    direction: 'up' | 'down',
    choices: readonly unknown[],
    targets: readonly string[],
  ) {
    super(
      'AMBIGUOUS_WALK',
      `${target} is ambiguous: one step ${direction} from ${from ?? 'base'} leads to ${listOf(choices.map(String), 10, 'or')}.`,
      {
        hint:
          direction === 'down'
            ? `Choose the revision to stop at: ${listOf(targets, 10, 'or')}.`
            : `Choose one: ${listOf(targets, 10, 'or')}.`,
        data: {target, from, choices},
      },
    )
  }
}

export class WalkedTooFarError extends MigError {
  constructor(target: string, asked: number, possible: number) {
    super(
      'WALKED_TOO_FAR',
      `${target} goes too far: there ${possible === 1 ? 'is' : 'are'} ${possible === 0 ? 'no revisions' : `only ${plural(possible, 'revision')}`} in that direction.`,
      {hint: 'Use `heads` or `base` to go to the end.', data: {target, asked, possible}},
    )
  }
}

export class OverlappingTargetsError extends MigError {
  constructor(target: RevisionId, other: RevisionId) {
    super('OVERLAPPING_TARGETS', `The targets overlap: ${other} is included in ${target}.`, {
      hint: `Leave ${other} out.`,
      data: {target, other},
    })
  }
}

/** An invalid target. */
export class InvalidTargetError extends MigError {
  constructor(text: string, reason: string, hint?: string) {
    super('INVALID_TARGET', `Invalid target "${text}": ${reason}.`, {
      hint: hint ?? 'Use a revision id, head, heads, base, a branch label, branch@head, +1 or -1.',
      data: {target: text},
    })
  }
}

export class InvalidRangeError extends MigError {
  constructor(text: string, reason: string, hint?: string) {
    super('INVALID_RANGE', `Invalid range "${text}": ${reason}.`, {
      hint: hint ?? 'A range is FROM:TO; either end may be omitted: `base:head`, `-3:`, `:current`.',
      data: {range: text},
    })
  }
}

/** A revision is used as a branch in a range, but has no branch label or several. */
export class MultipleLabelsError extends MigError {
  constructor(revision: RevisionId, labels: readonly string[]) {
    super(
      'BRANCH_NOT_FOUND',
      `Revision ${revision} does not identify a branch: it has ${
        labels.length === 0 ? 'no branch label' : `the labels ${listOf(labels)}`
      }.`,
      {hint: 'Start the range with a branch label, or with the revision alone.', data: {name: revision, labels}},
    )
  }
}

/** A relative target needs a current revision, and there is none. */
export class NoCurrentRevisionError extends MigError {
  constructor(target: string, branch: string | undefined) {
    super(
      'NO_CURRENT_REVISION',
      branch === undefined
        ? `${target} counts from the current revision, but the database is at base.`
        : `${target} counts from the current revision on branch ${branch}, but nothing on it is applied.`,
      {hint: '`mig current` shows what is applied.', data: {target, branch: branch ?? null}},
    )
  }
}

/** A relative target needs one current revision, and there are several. */
export class SeveralCurrentRevisionsError extends MigError {
  constructor(target: string, heads: readonly RevisionId[], choices: readonly string[]) {
    super(
      'SEVERAL_CURRENT_REVISIONS',
      `${target} counts from the current revision, but there are ${heads.length}: ${listOf(heads, 10)}.`,
      {hint: `Choose one: ${listOf(choices, 10, 'or')}.`, data: {target, heads, choices}},
    )
  }
}
