import {MigError} from '../errors.ts'
import {didYouMean, listOf} from '../util/text.ts'
import {codeOf, messageOf} from '../util/error-info.ts'

/** A file that is meant to be a revision and cannot be read as one. */
export class InvalidRevisionFileError extends MigError {
  /** @param line counted from 1 */
  constructor(file: string, line: number, reason: string, hint?: string) {
    super('INVALID_REVISION_FILE', `${file}:${line}: ${reason}.`, {
      hint: hint ?? 'The header of a revision is read without running it: its values must be literals.',
      data: {file, line, reason},
    })
  }
}

/** A file that is not text in UTF-8. */
export class NotUtf8Error extends MigError {
  constructor(file: string) {
    super('NOT_UTF8', `${file} is not text in UTF-8.`, {hint: 'Save it as UTF-8.', data: {file}})
  }
}

/** The configured script directory is not there. */
export class ScriptDirectoryMissingError extends MigError {
  constructor(folder: string) {
    super('SCRIPT_DIRECTORY_MISSING', `There is no script directory ${folder}.`, {
      hint: '`mig init` creates one; `scriptDirectory` in the configuration says where it is.',
      data: {scriptDirectory: folder},
    })
  }
}

/** A folder from `versionLocations` is not there. */
export class VersionLocationMissingError extends MigError {
  constructor(folder: string) {
    super('VERSION_LOCATION_MISSING', `There is no folder ${folder}, which versionLocations names.`, {
      hint: 'Correct versionLocations in the configuration, or create the folder.',
      data: {versionLocation: folder},
    })
  }
}

/** A file or folder that the system does not let mig read or write. */
export class FileAccessError extends MigError {
  constructor(code: 'FILE_UNREADABLE' | 'FILE_UNWRITABLE', file: string, cause: unknown) {
    const verb = code === 'FILE_UNREADABLE' ? 'read' : 'written'
    super(code, `${file} cannot be ${verb}: ${reasonOf(cause)}.`, {
      hint: code === 'FILE_UNREADABLE' ? 'Check its permissions.' : 'Check its permissions and the free space.',
      data: {file},
      cause,
    })
  }
}

/** A new file would stand where one is. */
export class FileExistsError extends MigError {
  constructor(file: string) {
    super('FILE_EXISTS', `${file} exists already.`, {
      hint: 'mig writes over no file. Move it away first.',
      data: {file},
    })
  }
}

/** An id or label that could not be used. */
export class InvalidNameError extends MigError {
  constructor(kind: 'revision id' | 'branch label', name: string, reason: string) {
    super('INVALID_NAME', `"${name}" cannot be a ${kind}: ${reason}.`, {hint: 'Choose another name.', data: {name}})
  }
}

/** It is not clear where a new revision goes. */
export class VersionPathError extends MigError {
  constructor(reason: string, locations: readonly string[]) {
    super('VERSION_PATH_UNKNOWN', `${reason}.`, {
      hint: `Say \`--version-path\` with one of ${listOf(locations, 10, 'or')}.`,
      data: {versionLocations: locations},
    })
  }
}

/** A program that is to run on every new file fails. The file is there. */
export class PostWriteHookError extends MigError {
  constructor(program: string, file: string, reason: string) {
    super('POST_WRITE_HOOK_FAILED', `${file} was written, but the hook ${program} failed on it: ${reason}.`, {
      hint: 'Correct `postWriteHooks` in the configuration; the file can stay as it is.',
      data: {file, program},
    })
  }
}

export class UnknownTemplateError extends MigError {
  constructor(name: string, known: readonly string[]) {
    super('UNKNOWN_TEMPLATE', `There is no template ${name}.`, {
      hint: didYouMean(name, known, `There are ${listOf(known)}.`),
      data: {name, templates: known},
    })
  }
}

/** A template that the user wrote fails. */
export class TemplateError extends MigError {
  constructor(template: string, cause: unknown) {
    const [reason] = messageOf(cause).split('\n')
    super('TEMPLATE_FAILED', `Template ${template} cannot be filled in: ${reason}.`, {
      hint: 'docs/revisions.md lists what a template can use.',
      data: {template},
      cause,
    })
  }
}

/** A revision file cannot be loaded, or lacks what is needed. */
export class RevisionCodeError extends MigError {
  constructor(place: string, reason: string, cause?: unknown) {
    super('REVISION_CODE_FAILED', `${place} cannot be run: ${reason}.`, {
      hint: 'A revision imports nothing at run time, and its code must be plain TypeScript without enums and decorators.',
      data: {place},
      cause,
    })
  }
}

/** A revision that cannot be downgraded is in the way. */
export class IrreversibleError extends MigError {
  constructor(revision: string, file: string, why: string | undefined) {
    super(
      'IRREVERSIBLE',
      why === undefined
        ? `Revision ${revision} (${file}) has no downgrade.`
        : `Revision ${revision} (${file}) cannot be downgraded: ${why}.`,
      {hint: 'Write its downgrade, or stop above it.', data: {revision, file, why: why ?? null}},
    )
  }
}

const systemReasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space left on the device',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file would be too large',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is not a folder',
  ENOENT: 'it does not exist',
  EMFILE: 'too many files are open',
}

function reasonOf(cause: unknown): string {
  return systemReasons[codeOf(cause)] ?? messageOf(cause)
}
