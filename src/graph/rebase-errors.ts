import {MigError} from '../errors.ts'
import {listOf} from '../util/text.ts'
import {headChoices} from './resolve.ts'
import type {RevisionId} from './revision.ts'
import type {RevisionGraph} from './revision-graph.ts'
import {shellWord} from '../util/shell.ts'

/** There is no revision that would get other parents. */
export class NothingToRebaseError extends MigError {
  /** @param moved the revisions that come after `onto` already; none if all are published */
  constructor(moved: readonly RevisionId[], onto: RevisionId | null) {
    const reason =
      moved.length === 0
        ? 'every revision is on the upstream branch'
        : `${listOf(moved, 5)} ${moved.length === 1 ? 'comes' : 'come'} after ${onto ?? 'base'} already`
    super('NOTHING_TO_REBASE', `There is nothing to rebase: ${reason}.`, {
      hint: 'Run `git pull` first for revisions of others, or name the revisions to move and `--onto`.',
      data: {revisions: moved, onto},
    })
  }
}

/** The revision to come after would move, too. */
export class OntoMovedError extends MigError {
  constructor(onto: RevisionId, roots: readonly RevisionId[]) {
    const reason = roots.includes(onto) ? 'it would come after itself' : `it descends from ${listOf(roots, 5)}`
    super('REBASE_REFUSED', `Revisions cannot be moved after ${onto}: ${reason}.`, {
      hint: 'Name a revision with `--onto` that stays where it is.',
      data: {onto, revisions: roots},
    })
  }
}

/** The revision to come after depends on one that moves. */
export class DependsOnMovedError extends MigError {
  constructor(onto: RevisionId, needed: RevisionId) {
    super('REBASE_REFUSED', `Revision ${needed} cannot come after ${onto}, which depends on it.`, {
      hint: 'Name another revision with `--onto`, or remove the dependency.',
      data: {onto, revision: needed},
    })
  }
}

/** Revisions that others have already must not change. */
export class PublishedError extends MigError {
  /** @param branch the upstream branch */
  constructor(revisions: readonly RevisionId[], branch: string) {
    const [pronoun, verb] = revisions.length === 1 ? ['it', 'is'] : ['they', 'are']
    super('REBASE_REFUSED', `${listOf(revisions, 5)} cannot be moved: ${pronoun} ${verb} on ${branch} already.`, {
      hint: `Join the lines with \`mig merge heads\`, which changes no revision.`,
      data: {revisions, branch},
    })
  }
}

/** There are several revisions that others could come after. */
export class SeveralLinesError extends MigError {
  constructor(graph: RevisionGraph, heads: readonly RevisionId[]) {
    const flags = headChoices(graph, heads).map((choice) => `\`--onto ${shellWord(choice)}\``)
    super('MULTIPLE_HEADS', `There are several heads to come after: ${listOf(heads, 10)}.`, {
      hint: `Choose one: ${listOf(flags, 10, 'or')}.`,
      data: {heads},
    })
  }
}

/** Without an upstream branch, nothing tells which revisions are one's own. */
export class NoUpstreamError extends MigError {
  constructor() {
    super('REBASE_REFUSED', 'There is no upstream branch, so the revisions to move are not known.', {
      hint: 'Name the revisions to move and the one to come after: `mig rebase REVISION --onto TARGET`.',
    })
  }
}
