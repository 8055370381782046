import {MigError} from '../errors.ts'
import {listOf} from '../util/text.ts'
import type {Revision, RevisionId} from './revision.ts'
import {shellCommand} from '../util/shell.ts'

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
