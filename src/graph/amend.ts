import {listOf} from '../util/text.ts'
import {DependedOnError, NotAHeadError, NothingToAmendError} from './successor-errors.ts'
import {MultipleHeadsError} from './target-errors.ts'
import {headChoices, resolveSingle} from './resolve.ts'
import type {RevisionId} from './revision.ts'
import type {RevisionGraph} from './revision-graph.ts'
import {formatTarget} from './target.ts'
import type {Target} from './target.ts'
import {shellWord} from '../util/shell.ts'

const hint = 'Choose a head with `--head`, or write another revision without `--amend`.'

/**
 * Returns the head that a target refers to, whose file is to be replaced.
 *
 * @throws MigError as `resolveTargets`; NOTHING_TO_AMEND, NOT_A_HEAD
 */
export function revisionToAmend(graph: RevisionGraph, target: Target): RevisionId {
  const found = oneOf(graph, target)
  if (found === null) throw new NothingToAmendError(graph.revisions.length === 0)
  const [children, dependents] = [graph.children(found), graph.dependents(found)]
  if (children.length > 0) throw new NotAHeadError(found, children, hint)
  if (dependents.length > 0) throw new DependedOnError(found, dependents, hint)
  return found
}

function oneOf(graph: RevisionGraph, target: Target): RevisionId | null {
  try {
    return resolveSingle(graph, target)
  } catch (error) {
    if (!(error instanceof MultipleHeadsError)) throw error
    const choices = headChoices(graph, error.heads)
    const flags = choices.map((choice) => `\`--head ${shellWord(choice)}\``)
    throw new MultipleHeadsError(formatTarget(target), error.heads, choices, `Choose one: ${listOf(flags, 10, 'or')}.`)
  }
}
