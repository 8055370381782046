import {MigError} from '../errors.ts'
import {hidePasswords} from '../util/secrets.ts'
import {shellWord} from '../util/shell.ts'
import {didYouMean, listOf} from '../util/text.ts'
import {shellCommand} from '../util/shell.ts'

/** No readable repository is available. */
export class GitUnavailableError extends MigError {
  readonly reason: string

  constructor(folder: string, reason: string, hint?: string) {
    // A reason about the folder is a sentence with it.
    const message = reason.startsWith('it ')
      ? `${folder} ${reason.slice(3)}`
      : `git is not available in ${folder}: ${reason}`
    super('GIT_UNAVAILABLE', `${message}.`, {
      hint: hint ?? 'Run the command in a clone of the project.',
      data: {folder, reason},
    })
    this.reason = hidePasswords(reason)
  }
}

/** A ref that does not name a commit. */
export class UnknownRefError extends MigError {
  constructor(ref: string, known: readonly string[]) {
    super('UNKNOWN_REF', `Unknown commit ${ref}.`, {
      hint: didYouMean(ref, known, '`git branch -a` and `git tag` list the known names; `git fetch` updates them.'),
      data: {ref},
    })
  }
}

/** A `git:` target refers to revisions that are missing from this checkout. */
export class RevisionElsewhereError extends MigError {
  constructor(ref: string, revisions: readonly string[]) {
    super('REVISION_NOT_FOUND', `git:${ref} refers to ${listOf(revisions, 10)}, missing from this checkout.`, {
      hint: `Merge or check out ${ref} to get the files; \`${shellCommand`mig heads --at ${ref}`}\` shows its heads.`,
      data: {ref, revisions},
    })
  }
}

/** A git object is missing or corrupt. */
export class ObjectUnreadableError extends MigError {
  constructor(object: string, reason: string, cause?: unknown) {
    super('GIT_OBJECT_UNREADABLE', `Git object ${object} cannot be read: ${reason}.`, {
      hint: 'Run `git fsck` to check the repository; in a shallow clone, run `git fetch --unshallow`.',
      data: {object, reason},
      cause,
    })
  }
}

/** A git command failed. */
export class GitFailedError extends MigError {
  readonly reason: string

  constructor(command: string, reason: string) {
    const unsafe = /dubious ownership/.test(reason)
    super('GIT_FAILED', `\`git ${command}\` failed: ${reason}.`, {
      hint: unsafe
        ? 'The repository belongs to another user. If you trust it, run `git config --global --add safe.directory FOLDER`.'
        : 'Run the git command yourself to see its full output.',
      data: {command, reason},
    })
    this.reason = reason
  }
}

/** A checkout that git did not finish, or that a hook of the user changed. */
export class CheckoutFailedError extends MigError {
  /** The state of the checkout, as the beginning of a sentence. */
  readonly place: string
  /** The commands that make the same switch possible again. */
  readonly commands: readonly string[]

  constructor(
    message: string,
    hint: string,
    {place, commands, ...data}: {place: string; commands: readonly string[]; files: readonly string[]},
  ) {
    super('GIT_FAILED', message, {hint, data})
    this.place = place
    this.commands = commands
  }
}

/** A version location is outside of the repository. */
export class OutsideRepositoryError extends MigError {
  constructor(folder: string, root: string) {
    super('OUTSIDE_REPOSITORY', `${folder} is outside of the git repository ${root}.`, {
      hint: 'Keep all version locations in one repository.',
      data: {folder, repository: root},
    })
  }
}

/** A merge that cannot be evaluated here. A failure, never a pass. */
export class NotEvaluatedError extends MigError {
  constructor(message: string, hint: string, data: object) {
    super('NOT_EVALUATED', message, {hint, data})
  }
}

export class UnknownHookError extends MigError {
  constructor(name: string, known: readonly string[]) {
    super('UNKNOWN_HOOK', name === '' ? 'No hook name was given.' : `Unknown hook ${name}.`, {
      hint: didYouMean(name, known, `Available hooks: ${known.join(', ')}.`),
      data: {name, hooks: known},
    })
  }
}

/** `mig switch` cannot proceed; nothing was changed. */
export class SwitchRefusedError extends MigError {
  constructor(reason: string, hint: string) {
    super('SWITCH_REFUSED', `Nothing was changed: ${reason}.`, {hint, data: {reason}})
  }
}

/** After the checkout of a switch, the configuration is not the one that the switch was planned with. */
export class SwitchStoppedError extends MigError {
  constructor(reason: string, hint: string) {
    super('SWITCH_REFUSED', `The switch stopped after the checkout: ${reason}.`, {hint, data: {reason}})
  }
}

/** A git hook would have to run code that the user has not run. */
export class UntrustedCodeError extends MigError {
  /**
   * @param file its path in the work tree, followed by `#mig` for the key in a package.json
   * @param hasRun whether the user has run another version of it, or of a file that it loads
   */
  constructor(file: string, hasRun: boolean) {
    const name = file.replace(/#mig$/, '')
    const reason = hasRun
      ? ', or a file that it loads, has changed since you last ran mig, and git hooks do not run it.'
      : name === file
        ? ' is code that you have not run yet, and git hooks do not run it.'
        : ' has settings that you have not run mig with yet, and git hooks do not run the code that they name.'
    super('UNTRUSTED_CODE', `${name}${reason}`, {
      hint: 'Run `mig status`; the hooks use it from then on.',
      data: {file: name},
    })
  }
}

/** git tracks files of the mig that hooks would run. */
export class TrackedProgramError extends MigError {
  constructor(program: string, file: string) {
    super('HOOK_PROGRAM_TRACKED', `Hooks cannot run ${program}: git tracks ${file}, so a checkout could replace it.`, {
      hint: 'Run `git rm -r --cached node_modules` and ignore the folder, or use a mig that is installed elsewhere.',
      data: {program, file},
    })
  }
}

/** `core.hooksPath` is a folder that other repositories use, too. */
export class SharedHooksError extends MigError {
  constructor(folder: string, own: string) {
    super('HOOKS_SHARED', `core.hooksPath is ${folder}, outside of the repository: its hooks run in others, too.`, {
      hint: `Run \`git config core.hooksPath ${shellWord(own)}\` to give this repository its own hooks, and install again.`,
      data: {folder, own},
    })
  }
}

/** Another program writes the hooks, and would overwrite those of mig. */
export class ManagedHooksError extends MigError {
  /** @param commands lines of its configuration */
  constructor(configuration: string, commands: readonly string[]) {
    super('HOOKS_MANAGED', 'simple-git-hooks writes the hooks of this repository, and would overwrite those of mig.', {
      details: commands.map((command, i) => (i < commands.length - 1 ? `${command},` : command)),
      hint: `Add these commands to the configuration in ${configuration}, and run \`npx simple-git-hooks\`.`,
      data: {configuration, commands},
    })
  }
}
