import {MigError} from '../errors.ts'
import {listOf} from '../util/text.ts'
import type {Revision, RevisionId} from './revision.ts'

const inFile = (revision: Revision): string => (revision.file === undefined ? '' : ` (${revision.file})`)
const filesOf = (revisions: readonly Revision[]): string[] => revisions.flatMap((r) => r.file ?? [])

/** Two squashes replace the same revision, and neither replaces the other. */
export class ReplacedTwiceError extends MigError {
  constructor(first: Revision, second: Revision, id: RevisionId) {
    super(
      'SQUASH_REPLACED_TWICE',
      `Revision ${id} is replaced twice: by ${first.id}${inFile(first)} and by ${second.id}${inFile(second)}.`,
      {
        hint: 'Delete one of the two squashes. A squash of a squash names it in `replacedSquashes`.',
        data: {revision: id, squashes: [first.id, second.id], files: filesOf([first, second])},
      },
    )
  }
}

/** The lists of a squash do not fit those of the revisions that it replaces. */
export class SquashIncompleteError extends MigError {
  constructor(squash: Revision, reason: string, hint: string) {
    super('SQUASH_INCOMPLETE', `Squash ${squash.id}${inFile(squash)} ${reason}.`, {
      hint,
      data: {squash: squash.id, files: filesOf([squash])},
    })
  }
}

/** A revision outside of a squash descends from one of the revisions in it, and another one from it. */
export class SquashNotConvexError extends MigError {
  /** @param between the revisions outside, from the last to the first */
  constructor(squash: Revision, between: readonly Revision[]) {
    const ids = between.map(({id}) => id)
    super(
      'SQUASH_NOT_CONVEX',
      `Squash ${squash.id}${inFile(squash)} replaces revisions before and after ${listOf(ids, 5)}, but not ${ids.length === 1 ? 'this one' : 'these'}.`,
      {
        hint: `Delete the squash, and squash a range that includes ${listOf(ids, 5)}.`,
        data: {squash: squash.id, revisions: ids, files: filesOf([squash])},
      },
    )
  }
}

/** A squash has other parents than the revisions that it replaces. */
export class SquashParentsError extends MigError {
  constructor(squash: Revision, kind: 'downRevision' | 'dependsOn', wanted: readonly RevisionId[]) {
    const property = kind === 'downRevision' ? 'parents' : 'dependencies'
    super(
      'SQUASH_WRONG_PARENTS',
      `Squash ${squash.id}${inFile(squash)} has other ${property} than the revisions that it replaces: ${listOf(wanted, 10) || 'none'}.`,
      {
        hint: `Change its ${kind} to ${listOf(wanted, 10) || 'null'}.`,
        data: {squash: squash.id, [kind]: wanted, files: filesOf([squash])},
      },
    )
  }
}

/** The originals of a squash that is applied in part. */
export interface StuckOriginals {
  /** Those that are not applied. */
  readonly missing: readonly RevisionId[]
  /** Those without files, and earlier squashes without files. */
  readonly withoutFiles: readonly RevisionId[]
}

/** Some revisions of a squash are applied, and files of it are missing. */
export class SquashOriginalsMissingError extends MigError {
  readonly originals: StuckOriginals
  readonly #squash: RevisionId

  constructor(squash: RevisionId, originals: StuckOriginals, hint?: string) {
    const {missing, withoutFiles} = originals
    super(
      'SQUASH_ORIGINALS_MISSING',
      `Some of the revisions that ${squash} replaces are applied, but not ${listOf(missing, 10)}.`,
      {
        hint: hint ?? `Restore the files of ${listOf(withoutFiles, 10)}, and upgrade.`,
        data: {squash, missing, withoutFiles},
      },
    )
    this.originals = originals
    this.#squash = squash
  }

  /**
   * Returns the same error with a hint that says where git has the files.
   *
   * @param places of the revisions without files
   * @param commands that restore the files
   */
  foundIn(
    places: readonly {readonly revision: RevisionId; readonly text: string}[],
    commands: readonly string[],
  ): SquashOriginalsMissingError {
    const where = [...Map.groupBy(places, ({text}) => text)].map(
      ([text, same]) => `${listOf(same.map(({revision}) => revision))}: ${text}.`,
    )
    const named = listOf(commands.map((command) => `\`${command}\``))
    const next =
      commands.length === 0 ? 'Restore the files, and upgrade.' : `Run ${named} to restore them, then \`mig upgrade\`.`
    return new SquashOriginalsMissingError(this.#squash, this.originals, [...where, next].join(' '))
  }
}

/** A downgrade to a revision within a squash that ran as one. */
export class SquashIndivisibleError extends MigError {
  constructor(squash: RevisionId, target: string, hint: string) {
    super(
      'SQUASH_INDIVISIBLE',
      `${target} is a part of ${squash}, which cannot be reverted in parts: the revisions that it replaces did not run, or their files are missing.`,
      {hint, data: {squash, target}},
    )
  }
}
