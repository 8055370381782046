import {MigError} from '../errors.ts'
import {hidePasswords} from '../util/secrets.ts'
import {didYouMean, listOf} from '../util/text.ts'

/** What was asked needs a repository, and there is none that can be read. */
export class GitUnavailableError extends MigError {
  readonly reason: string

  constructor(folder: string, reason: string, hint?: string) {
    super('GIT_UNAVAILABLE', `This needs git, which is not available in ${folder}: ${reason}.`, {
      hint: hint ?? 'Run it in a clone of the project.',
      data: {folder, reason},
    })
    this.reason = hidePasswords(reason)
  }
}

/** No commit has this name. */
export class UnknownRefError extends MigError {
  constructor(ref: string, known: readonly string[]) {
    super('UNKNOWN_REF', `git knows no commit ${ref}.`, {
      hint: didYouMean(ref, known, '`git branch -a` and `git tag` list names; `git fetch` brings those of others.'),
      data: {ref},
    })
  }
}

/** A target means what the files have at a commit, and the files of this checkout lack some of it. */
export class RevisionElsewhereError extends MigError {
  constructor(ref: string, revisions: readonly string[]) {
    super('REVISION_NOT_FOUND', `git:${ref} stands on ${listOf(revisions, 10)}, which no file of this checkout has.`, {
      hint: `\`mig heads --at ${ref}\` shows what is there; merge or check it out to have the files.`,
      data: {ref, revisions},
    })
  }
}

/** An object that should be there is missing or corrupt. */
export class ObjectUnreadableError extends MigError {
  constructor(object: string, reason: string, cause?: unknown) {
    super('GIT_OBJECT_UNREADABLE', `git object ${object} cannot be read: ${reason}.`, {
      hint: '`git fsck` checks the repository; in a shallow or partial clone, `git fetch --unshallow` brings what is missing.',
      data: {object, reason},
      cause,
    })
  }
}

/** The program git refuses, or fails. */
export class GitFailedError extends MigError {
  constructor(command: string, reason: string) {
    const unsafe = /dubious ownership/.test(reason)
    super('GIT_FAILED', `\`git ${command}\` failed: ${reason}.`, {
      hint: unsafe
        ? 'The repository belongs to another user. If you trust it: `git config --global --add safe.directory FOLDER`.'
        : 'Run it yourself to see all that it says.',
      data: {command, reason},
    })
  }
}

/** Files that git is asked for are not in the repository. */
export class OutsideRepositoryError extends MigError {
  constructor(folder: string, root: string) {
    super('OUTSIDE_REPOSITORY', `${folder} is outside of the git repository ${root}.`, {
      hint: 'git can only tell of version locations that are all in one repository.',
      data: {folder, repository: root},
    })
  }
}

/** A merge whose result cannot be known here. This is a failure, never a pass. */
export class NotEvaluatedError extends MigError {
  constructor(message: string, hint: string, data: object) {
    super('NOT_EVALUATED', message, {hint, data})
  }
}

export class UnknownHookError extends MigError {
  constructor(name: string, known: readonly string[]) {
    super('UNKNOWN_HOOK', name === '' ? 'It is not said which hook is to run.' : `mig has no hook ${name}.`, {
      hint: didYouMean(name, known, `It has ${known.join(', ')}.`),
      data: {name, hooks: known},
    })
  }
}

/** Database and checkout cannot be brought together from here. Nothing was done. */
export class SwitchRefusedError extends MigError {
  constructor(reason: string, hint: string) {
    super('SWITCH_REFUSED', `Nothing was done: ${reason}.`, {hint, data: {reason}})
  }
}
