import {MigError} from '../errors.ts'
import {listOf, plural} from '../util/text.ts'
import type {Revision, RevisionId} from './revision.ts'
import {shellCommand, shellWord} from '../util/shell.ts'

const inFile = (revision: Revision): string => (revision.file === undefined ? '' : ` (${revision.file})`)
const filesOf = (revisions: readonly Revision[]): string[] => revisions.flatMap((r) => r.file ?? [])

/** Two files declare the same revision id. */
export class DuplicateRevisionError extends MigError {
  constructor(first: Revision, second: Revision) {
    const files = filesOf([first, second])
    super(
      'DUPLICATE_REVISION',
      `Revision ${first.id} is defined twice${files.length === 2 ? `: in ${files[0]} and in ${files[1]}` : ''}.`,
      {hint: 'Delete one of the files, or change its revision id.', data: {revision: first.id, files}},
    )
  }
}

/** A branch label is taken, by another revision's label or by a revision id. */
export class DuplicateLabelError extends MigError {
  constructor(label: string, owner: Revision, other: Revision) {
    const taken =
      owner.id === label
        ? `is the id of a revision${inFile(owner)}`
        : owner === other
          ? 'is declared twice by it'
          : `is already declared by revision ${owner.id}${inFile(owner)}`
    super('DUPLICATE_LABEL', `Branch label ${label} of revision ${other.id}${inFile(other)} ${taken}.`, {
      hint: 'Declare a branch label on one revision only; its descendants inherit it. Rename or remove the other.',
      data: {label, revisions: [owner.id, other.id], files: filesOf([owner, other])},
    })
  }
}

/** A plan reverts the schema of a database that existed before the history. */
export class BaselineRevertedError extends MigError {
  /** @param hint what to do instead */
  constructor(revision: RevisionId, hint: string) {
    super(
      'BASELINE_REVERTED',
      `Revision ${revision} is a baseline: reverting it drops what the database had before mig was used.`,
      {hint, data: {revision}},
    )
  }
}

/** A revision id that has a meaning in targets. */
export class InvalidRevisionIdError extends MigError {
  constructor(revision: Revision, reason: string) {
    super('INVALID_REVISION_ID', `Revision id "${revision.id}"${inFile(revision)} ${reason}.`, {
      hint: 'Use letters, digits and underscores; @ - + : have a meaning in targets.',
      data: {revision: revision.id, files: filesOf([revision])},
    })
  }
}

/** A file names an unknown down revision. */
export class UnknownDownRevisionError extends MigError {
  constructor(revision: Revision, missing: string, hint: string | undefined) {
    super('UNKNOWN_DOWN_REVISION', `Revision ${revision.id}${inFile(revision)} revises unknown revision ${missing}.`, {
      hint,
      data: {revision: revision.id, downRevision: missing, files: filesOf([revision])},
    })
  }
}

/** A file depends on an unknown revision or branch label. */
export class UnknownDependencyError extends MigError {
  constructor(revision: Revision, missing: string, hint: string | undefined) {
    super(
      'UNKNOWN_DEPENDENCY',
      `Revision ${revision.id}${inFile(revision)} depends on unknown revision or branch label ${missing}.`,
      {hint, data: {revision: revision.id, dependsOn: missing, files: filesOf([revision])}},
    )
  }
}

/** Revisions that depend on each other. */
export class CycleError extends MigError {
  /** @param cycle the revisions on the cycle, each followed by one of its parents */
  constructor(cycle: readonly Revision[]) {
    const ids = cycle.map((r) => r.id)
    const files = filesOf(cycle)
    super(
      'CYCLE',
      `Dependency cycle: ${[...ids.slice(0, 20), ids[0]].join(' -> ')}${
        files.length > 0 ? `, in ${listOf(files, 5)}` : ''
      }.`,
      {hint: 'Change the downRevision or dependsOn of one of them.', data: {cycle: ids, files}},
    )
  }
}

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

/** The target for the parent of a new revision refers to several revisions. */
export class SeveralParentsError extends MigError {
  /**
   * @param choices the shortest unambiguous target for each revision, in their order
   * @param flag the flag that chooses one
   */
  constructor(
    code: 'MULTIPLE_HEADS' | 'NOT_MERGEABLE',
    target: string,
    revisions: readonly RevisionId[],
    choices: readonly string[],
    flag: string,
  ) {
    const flags = choices.map((choice) => `\`${flag} ${shellWord(choice)}\``)
    const all = revisions.length > 3 ? ['heads'] : revisions
    super(code, `A new revision has a single parent, but ${target} refers to ${listOf(revisions, 10)}.`, {
      hint: `Choose one (${listOf(flags, 10, 'or')}), or join them first with \`${shellCommand`mig merge ${all}`}\`.`,
      data: {target, revisions, choices},
    })
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

/** The parent of a new revision already has children. */
export class NotAHeadError extends MigError {
  constructor(
    revision: RevisionId,
    children: readonly RevisionId[],
    hint = 'Use `--splice` to start another branch here.',
  ) {
    super(
      'NOT_A_HEAD',
      `Revision ${revision} is not a head: it already has ${children.length === 1 ? 'the child' : 'the children'} ${listOf(children, 5)}.`,
      {hint, data: {revision, children}},
    )
  }
}

/** Other revisions depend on one that should be a head. */
export class DependedOnError extends MigError {
  constructor(revision: RevisionId, dependents: readonly RevisionId[], hint: string) {
    const verb = dependents.length === 1 ? 'depends' : 'depend'
    super('NOT_A_HEAD', `Revision ${revision} cannot be replaced: ${listOf(dependents, 5)} ${verb} on it.`, {
      hint,
      data: {revision, dependents},
    })
  }
}

/** There is no revision whose file could be replaced. */
export class NothingToAmendError extends MigError {
  constructor(isEmpty: boolean) {
    super('NOTHING_TO_AMEND', 'There is no revision to amend.', {
      hint: isEmpty
        ? 'Write the first revision without `--amend`.'
        : 'Choose a head with `--head`, or write another revision without `--amend`.',
    })
  }
}

export class NothingToMergeError extends MigError {
  constructor(reason: string, data: object) {
    super('NOTHING_TO_MERGE', `There is nothing to merge: ${reason}.`, {
      hint: '`mig heads` lists the heads, `mig branches` the branch points.',
      data,
    })
  }
}

/** The named revisions cannot be the down revisions of a merge. */
export class NotMergeableError extends MigError {
  constructor(message: string, options: {readonly hint: string; readonly data: object}) {
    super('NOT_MERGEABLE', message, options)
  }
}

/** A branch can be merged back into several lines. */
export class SeveralMergePartnersError extends MigError {
  constructor(
    target: string,
    revision: RevisionId,
    forkPoint: RevisionId,
    heads: readonly RevisionId[],
    choices: readonly string[],
  ) {
    super(
      'SEVERAL_MERGE_PARTNERS',
      `${target} can be merged in several ways: ${listOf(heads, 10)} all descend from ${forkPoint}.`,
      {
        hint: `Choose the heads to join, as in \`${shellCommand`mig merge ${choices.slice(0, 2)}`}\`, or join all with \`mig merge heads\`.`,
        data: {target, revision, forkPoint, heads},
      },
    )
  }
}

/** Why unknown applied revisions are an error, as the end of a sentence; or that they can be allowed. */
export type UnknownReason = {readonly obstacle: string} | 'allowable'

/** Applied revisions that are missing from the files. */
export class UnknownAppliedRevisionError extends MigError {
  /** The missing revisions, with the content ids recorded when they were applied. */
  readonly applied: readonly {readonly revision: RevisionId; readonly contentId?: string | undefined}[]

  /**
   * @param messages their messages, as recorded in the database
   * @param contentIds the git blob ids of their texts
   * @param reason the reason, if it is known
   * @param hint a more specific hint, if any
   */
  constructor(
    revisions: readonly RevisionId[],
    messages: ReadonlyMap<RevisionId, string> = new Map(),
    contentIds: ReadonlyMap<RevisionId, string> = new Map(),
    reason?: UnknownReason,
    hint?: string,
  ) {
    const obstacle = typeof reason === 'object' ? `, ${reason.obstacle}` : ''
    const allowing = reason === 'allowable' ? ' `--allow-unknown` leaves it as it is.' : ''
    const named = revisions.map((id) => (messages.get(id) ? `${id} (${messages.get(id)})` : id))
    super(
      'UNKNOWN_APPLIED_REVISION',
      `${listOf(named, 10)} ${revisions.length === 1 ? 'is' : 'are'} applied to the database, but missing from this script directory${obstacle}.`,
      {
        hint:
          hint ??
          `Check out the branch or version that contains it, or pull. \`mig stamp --purge heads\` overwrites the recorded state.${allowing}`,
        data: {revisions},
      },
    )
    this.applied = revisions.map((revision) => ({revision, contentId: contentIds.get(revision)}))
    this.#again = (found) =>
      new UnknownAppliedRevisionError(revisions, messages, contentIds, reason, `${found}${allowing}`)
  }

  readonly #again: (hint: string) => UnknownAppliedRevisionError

  /** Returns the same error with a hint that names where the revisions were found. */
  foundIn(
    places: readonly {readonly revision: RevisionId; readonly text: string; readonly command?: string}[],
  ): UnknownAppliedRevisionError {
    const sentences = [...Map.groupBy(places.slice(0, 5), ({text}) => text)].map(
      ([text, same]) => `${listOf(same.map(({revision}) => revision))}: ${text}.`,
    )
    const more = places.length > 5 ? [`${places.length - 5} more.`] : []
    const command = places.find((place) => place.command !== undefined)?.command
    const helps =
      command === undefined
        ? ['Restore the file, or overwrite the recorded state with `mig stamp --purge heads`.']
        : [
            `\`${command}\` restores ${places.length === 1 ? 'the file' : 'files'}; \`${shellCommand`mig show ${places[0]?.revision ?? ''}`}\` prints it.`,
            // A branch may not be ready to be merged.
            ...(command.startsWith('git merge')
              ? ['`mig switch` aligns the database with this checkout instead.']
              : []),
          ]
    return this.#again([...sentences, ...more, ...helps, '`mig status` shows the details.'].join(' '))
  }
}
