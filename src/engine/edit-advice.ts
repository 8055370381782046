import {shellCommand, shellWord} from '../util/shell.ts'
import type {EditedRevision} from './edited.ts'

/** Returns the command that is the next step after an edit. */
export function nextAfterEdit({revision, unstamp, isInGit}: EditedRevision): string {
  if (unstamp !== undefined) return `mig stamp ${unstamp.map(shellWord).join(' ')}`
  return isInGit === true ? shellCommand`mig show --diff ${revision}` : 'mig revision -m "..."'
}

/** Returns how an edit gets to the databases, as a sentence. */
export function editHint(edited: EditedRevision): string {
  const command = `\`${nextAfterEdit(edited)}\``
  if (edited.unstamp !== undefined)
    return `Run ${command} and \`${shellCommand`mig upgrade ${edited.revision}`}\` to apply it as it is now.`
  return edited.isInGit === true
    ? `${command} shows the edit: move it to a new revision.`
    : `Move the edit to a new revision: ${command}.`
}

/** Returns that a revision was edited, as the beginning of a sentence. */
export function editTitle({revision, wasEmpty}: Pick<EditedRevision, 'revision' | 'wasEmpty'>): string {
  return `${revision} was edited after it was applied${wasEmpty === true ? ' without operations' : ''}`
}
