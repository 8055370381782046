import {MigError} from '../errors.ts'
import {listOf, plural} from '../util/text.ts'
import type {Revision, RevisionId} from './revision.ts'

const inFile = (revision: Revision): string => (revision.file === undefined ? '' : ` (${revision.file})`)
const filesOf = (revisions: readonly Revision[]): string[] => revisions.flatMap((r) => r.file ?? [])

/** Two files state the same revision id. */
export class DuplicateRevisionError extends MigError {
  constructor(first: Revision, second: Revision) {
    const files = filesOf([first, second])
    super(
      'DUPLICATE_REVISION',
      `Revision ${first.id} is defined twice${files.length === 2 ? `: in ${files[0]} and in ${files[1]}` : ''}.`,
      {hint: 'Delete one of the two, or give it an id of its own.', data: {revision: first.id, files}},
    )
  }
}

/** A branch label is taken, by another revision's label or by a revision id. */
export class DuplicateLabelError extends MigError {
  constructor(label: string, owner: Revision, other: Revision) {
    const taken =
      owner.id === label
        ? `is the id of a revision${inFile(owner)}`
        : `is declared by revision ${owner.id}${inFile(owner)} already`
    super('DUPLICATE_LABEL', `Branch label ${label} of revision ${other.id}${inFile(other)} ${taken}.`, {
      hint: 'A branch label belongs to one revision; its descendants carry it by themselves. Rename or remove one.',
      data: {label, revisions: [owner.id, other.id], files: filesOf([owner, other])},
    })
  }
}

/** An id that could not be told from a target. */
export class InvalidRevisionIdError extends MigError {
  constructor(revision: Revision, reason: string) {
    super('INVALID_REVISION_ID', `Revision id "${revision.id}"${inFile(revision)} ${reason}.`, {
      hint: 'Letters, digits and underscores are safe; @ - + : mean something in targets.',
      data: {revision: revision.id, files: filesOf([revision])},
    })
  }
}

/** A file names a down revision that no file has. */
export class UnknownDownRevisionError extends MigError {
  constructor(revision: Revision, missing: string, hint: string | undefined) {
    super(
      'UNKNOWN_DOWN_REVISION',
      `Revision ${revision.id}${inFile(revision)} revises ${missing}, which is in no file.`,
      {hint, data: {revision: revision.id, downRevision: missing, files: filesOf([revision])}},
    )
  }
}

/** A file depends on a revision or label that no file has. */
export class UnknownDependencyError extends MigError {
  constructor(revision: Revision, missing: string, hint: string | undefined) {
    super(
      'UNKNOWN_DEPENDENCY',
      `Revision ${revision.id}${inFile(revision)} depends on ${missing}, which is neither a revision nor a branch label.`,
      {hint, data: {revision: revision.id, dependsOn: missing, files: filesOf([revision])}},
    )
  }
}

/** Revisions that come before each other. */
export class CycleError extends MigError {
  /** @param cycle the revisions on it, each followed by one that must come before it */
  constructor(cycle: readonly Revision[]) {
    const ids = cycle.map((r) => r.id)
    const files = filesOf(cycle)
    super(
      'CYCLE',
      `Revisions come before each other: ${listOf(ids, 20, 'and')} form a cycle (${[...ids.slice(0, 20), ids[0]].join(' -> ')})${
        files.length > 0 ? `, in ${listOf(files, 5)}` : ''
      }.`,
      {hint: 'Change the downRevision or dependsOn of one of them.', data: {cycle: ids, files}},
    )
  }
}

/** A name that no revision and no branch label has. */
export class RevisionNotFoundError extends MigError {
  constructor(name: string, hint?: string) {
    super('REVISION_NOT_FOUND', `There is no revision or branch label ${name}.`, {hint, data: {name}})
  }
}

/** A branch that no revision and no branch label has. */
export class BranchNotFoundError extends MigError {
  constructor(name: string, hint: string | undefined) {
    super('BRANCH_NOT_FOUND', `There is no branch ${name}: neither a branch label nor a revision has this name.`, {
      hint,
      data: {name},
    })
  }
}

/** An abbreviated name that fits several. */
export class RevisionAmbiguousError extends MigError {
  constructor(prefix: string, candidates: readonly string[]) {
    super('REVISION_AMBIGUOUS', `${prefix} is short for several: ${listOf(candidates, 10)}.`, {
      hint: 'Type more of it.',
      data: {prefix, candidates},
    })
  }
}

/** A target that means one head met several. */
export class MultipleHeadsError extends MigError {
  /** @param choices what to type to mean one of them, in the order of `heads` */
  constructor(target: string, heads: readonly RevisionId[], choices: readonly string[]) {
    super('MULTIPLE_HEADS', `${target} means one head, but there are ${heads.length}: ${listOf(heads, 10)}.`, {
      hint: `Name one (${listOf(choices, 10, 'or')}), say \`heads\` for all of them, or join them with \`mig merge heads -m "..."\`.`,
      data: {target, heads, choices},
    })
  }
}

export class NotOnBranchError extends MigError {
  constructor(revision: RevisionId, branch: string) {
    super('NOT_ON_BRANCH', `Revision ${revision} is not on branch ${branch}.`, {
      hint: `\`mig history -r ${branch}@base:${branch}@head\` lists what is on it.`,
      data: {revision, branch},
    })
  }
}

/** The two ends are not on one line in this order. */
export class NotAnAncestorError extends MigError {
  constructor(message: string, hint: string | undefined, data: object) {
    super('NOT_AN_ANCESTOR', message, {hint, data})
  }
}

/** A step up or down could go to several revisions. */
export class AmbiguousWalkError extends MigError {
  constructor(target: string, from: RevisionId | null, direction: 'up' | 'down', choices: readonly unknown[]) {
    super(
      'AMBIGUOUS_WALK',
      `${target} is ambiguous: one step ${direction} from ${from ?? 'the base'} there are ${listOf(choices.map(String), 10)}.`,
      {
        hint:
          direction === 'down'
            ? `Name the revision to stop at: ${listOf(choices.map(String), 10, 'or')}.`
            : 'Name the revision itself, or the branch to go up: `label@+1`.',
        data: {target, from, choices},
      },
    )
  }
}

export class WalkedTooFarError extends MigError {
  constructor(target: string, asked: number, possible: number) {
    super(
      'WALKED_TOO_FAR',
      `${target} goes too far: there ${possible === 1 ? 'is' : 'are'} only ${plural(possible, 'revision')} in that direction, not ${asked}.`,
      {hint: 'Use `head` or `base` to go to the end.', data: {target, asked, possible}},
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

/** A target or a range that cannot be read. */
export class InvalidTargetError extends MigError {
  constructor(text: string, reason: string, hint?: string) {
    super('INVALID_TARGET', `Target "${text}" cannot be read: ${reason}.`, {
      hint: hint ?? 'Targets are a revision id, head, heads, base, a branch label, branch@head, +1, -1 and the like.',
      data: {target: text},
    })
  }
}

export class InvalidRangeError extends MigError {
  constructor(text: string, reason: string) {
    super('INVALID_RANGE', `Range "${text}" cannot be read: ${reason}.`, {
      hint: 'A range is FROM:TO, where either end may be left out: `base:head`, `-3:`, `:current`.',
      data: {range: text},
    })
  }
}

/** A revision was given for its branch in a range, but it carries no label or several. */
export class MultipleLabelsError extends MigError {
  constructor(revision: RevisionId, labels: readonly string[]) {
    super(
      'BRANCH_NOT_FOUND',
      `Revision ${revision} does not stand for one branch: it carries ${
        labels.length === 0 ? 'no branch label' : `the labels ${listOf(labels)}`
      }.`,
      {hint: 'Begin the range with a branch label, or with the revision alone.', data: {name: revision, labels}},
    )
  }
}

/** A relative target counts from the current revision, and there is none. */
export class NoCurrentRevisionError extends MigError {
  constructor(target: string, branch: string | undefined) {
    super(
      'NO_CURRENT_REVISION',
      branch === undefined
        ? `${target} counts from the current revision, but nothing is applied.`
        : `${target} counts from the current revision on branch ${branch}, but nothing of it is applied.`,
      {hint: '`mig current` shows what is applied.', data: {target, branch: branch ?? null}},
    )
  }
}

/** A relative target counts from the current revision, and there are several. */
export class SeveralCurrentRevisionsError extends MigError {
  constructor(target: string, heads: readonly RevisionId[], choices: readonly string[]) {
    super(
      'SEVERAL_CURRENT_REVISIONS',
      `${target} counts from the current revision, but there are ${heads.length}: ${listOf(heads, 10)}.`,
      {hint: `Say which: ${listOf(choices, 10, 'or')}.`, data: {target, heads, choices}},
    )
  }
}

/** A new revision would come after one that has children already. */
export class NotAHeadError extends MigError {
  constructor(revision: RevisionId, children: readonly RevisionId[]) {
    super(
      'NOT_A_HEAD',
      `Revision ${revision} is not a head: ${listOf(children, 5)} ${children.length === 1 ? 'comes' : 'come'} after it.`,
      {hint: 'Say `--splice` to begin another branch here.', data: {revision, children}},
    )
  }
}

export class NothingToMergeError extends MigError {
  constructor(reason: string, data: object) {
    super('NOTHING_TO_MERGE', `There is nothing to merge: ${reason}.`, {
      hint: '`mig heads` lists the heads, `mig branches` where they part.',
      data,
    })
  }
}

/** What was named cannot be the down revisions of one new revision. */
export class NotMergeableError extends MigError {
  constructor(message: string, options: {readonly hint: string; readonly data: object}) {
    super('NOT_MERGEABLE', message, options)
  }
}

/** A branch could be merged back into several lines. */
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
      `${target} could be merged in several ways: ${listOf(heads, 10)} all stand on ${forkPoint}.`,
      {
        hint: `Name what to join, as in \`mig merge ${choices.slice(0, 2).join(' ')}\`, or all with \`mig merge heads\`.`,
        data: {target, revision, forkPoint, heads},
      },
    )
  }
}

/** A database has applied what no file has. */
export class UnknownAppliedRevisionError extends MigError {
  /** What is known of each: its id, and what its text was when it was applied. */
  readonly applied: readonly {readonly revision: RevisionId; readonly contentId?: string | undefined}[]

  /**
   * @param messages what the database knows of them
   * @param contentIds the git blob ids of their texts
   * @param hint what helps, where more is known than that they are unknown
   */
  constructor(
    revisions: readonly RevisionId[],
    messages: ReadonlyMap<RevisionId, string> = new Map(),
    contentIds: ReadonlyMap<RevisionId, string> = new Map(),
    hint?: string,
  ) {
    const named = revisions.map((id) => (messages.get(id) ? `${id} (${messages.get(id)})` : id))
    super(
      'UNKNOWN_APPLIED_REVISION',
      `${listOf(named, 10)} ${revisions.length === 1 ? 'is' : 'are'} applied to the database, but in no file of this script directory.`,
      {
        hint:
          hint ??
          'Probably another branch or a newer version of the project applied it: check that out, or pull. `mig stamp --purge heads` sets the state by force.',
        data: {revisions},
      },
    )
    this.applied = revisions.map((revision) => ({revision, contentId: contentIds.get(revision)}))
    this.#again = (found) => new UnknownAppliedRevisionError(revisions, messages, contentIds, found)
  }

  readonly #again: (hint: string) => UnknownAppliedRevisionError

  /** Returns the same error, with a hint that says where the revisions were found. */
  foundIn(
    places: readonly {readonly revision: RevisionId; readonly text: string; readonly command?: string}[],
  ): UnknownAppliedRevisionError {
    const sentences = places.slice(0, 5).map(({revision, text}) => `${revision}: ${text}.`)
    const more = places.length > 5 ? [`${places.length - 5} more.`] : []
    const command = places.find((place) => place.command !== undefined)?.command
    const helps =
      command === undefined ? [] : [`\`${command}\` brings the file, \`mig show ${places[0]?.revision}\` prints it.`]
    return this.#again([...sentences, ...more, ...helps, '`mig status` shows all.'].join(' '))
  }
}
