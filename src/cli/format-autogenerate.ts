import type {AutogenerateResult} from '../api/models.ts'
import {listOf} from '../util/text.ts'

/** Returns what was found, and what was written. */
export function linesOfResult({detected, revision}: AutogenerateResult): readonly string[] {
  return [
    ...detected.map(({text}) => text),
    revision === null ? 'There is no difference: nothing was written.' : `wrote ${revision.file ?? ''}`,
  ]
}

/** Returns what somebody should know about it. */
export function notesOfResult(result: AutogenerateResult): readonly string[] {
  const {questions, unknown, unstable, unsettled, losesData, revision} = result
  return [
    ...questions.map(
      ({kind, removed, added, answers}) =>
        `Was the ${kind} ${removed} renamed to ${listOf(added, 3, 'or')}? For now it is dropped. Say ${answers.map((one) => `\`${one}\``).join(' or ')}.`,
    ),
    ...(revision === null || losesData.length === 0 ? [] : [`The upgrade loses data: ${losesData.join('; ')}.`]),
    ...unknown.map(({kind, name}) => `Left alone: the ${kind} ${name}, which no entity has and no revision has made.`),
    ...unstable.map((name) => `Left out: ${name}, which the database writes otherwise than the entity does.`),
    ...unsettled.map((name) => `${name} looks different even after this revision.`),
  ]
}
