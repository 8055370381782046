import {MigError} from '../errors.ts'
import {listOf} from '../util/text.ts'
import type {RevisionId} from './revision.ts'
import {shellCommand, shellWord} from '../util/shell.ts'

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
