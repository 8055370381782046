import {MigError} from '../errors.ts'
import {capitalized, didYouMean, listOf} from '../util/text.ts'
import {codeOf, messageOf} from '../util/error-info.ts'

/** An invalid revision file. */
export class InvalidRevisionFileError extends MigError {
  /** The end of a sentence. */
  readonly reason: string

  /** @param line counted from 1 */
  constructor(file: string, line: number, reason: string, hint?: string) {
    super('INVALID_REVISION_FILE', `${file}:${line}: ${reason}.`, {
      hint: hint ?? 'Write header values as literals; the header is read without running the file.',
      data: {file, line, reason},
    })
    this.reason = reason
  }
}

/** A file that is not valid UTF-8. */
export class NotUtf8Error extends MigError {
  constructor(file: string) {
    super('NOT_UTF8', `${file} is not valid UTF-8.`, {hint: 'Save the file as UTF-8.', data: {file}})
  }
}

/** The configured script directory does not exist. */
export class ScriptDirectoryMissingError extends MigError {
  constructor(folder: string) {
    super('SCRIPT_DIRECTORY_MISSING', `Script directory ${folder} does not exist.`, {
      hint: 'Create the folder, or correct `scriptDirectory` in the configuration.',
      data: {scriptDirectory: folder},
    })
  }
}

/** None of the folders in `versionLocations` exists. */
export class VersionLocationMissingError extends MigError {
  readonly locations: readonly string[]

  /** @param ref the commit that lacks them, if it is not the checkout */
  constructor(locations: readonly string[], ref?: string) {
    const place = ref === undefined ? '' : ` at ${ref}`
    const message =
      locations.length === 1
        ? `Version location ${locations[0]} does not exist${place}.`
        : `None of the version locations ${listOf(locations)} exists${place}.`
    super('VERSION_LOCATION_MISSING', message, {
      hint: 'Create the folder, or correct `versionLocations` in the configuration.',
      data: {versionLocations: locations},
    })
    this.locations = locations
  }
}

/** A file takes the place of a folder with revisions. */
export class NotAFolderError extends MigError {
  constructor(path: string) {
    super('FILE_UNREADABLE', `${path} is not a folder.`, {
      hint: 'Correct `scriptDirectory` or `versionLocations` in the configuration, or move the file.',
      data: {file: path},
    })
  }
}

/** A file or folder that the operating system does not allow mig to read or write. */
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

/** The path of a new file is taken. */
export class FileExistsError extends MigError {
  constructor(file: string, hint = 'Existing files are never overwritten; move or delete it.') {
    super('FILE_EXISTS', `${file} already exists.`, {hint, data: {file}})
  }
}

/** Another process has created a revision with the same parent in the meantime. */
export class ConcurrentRevisionError extends MigError {
  /** @param parent undefined if it is the first revision */
  constructor(revision: string, parent: string | undefined) {
    const place = parent === undefined ? 'as the first one' : `after ${parent}`
    super('CONCURRENT_REVISION', `Revision ${revision} was created ${place} in the meantime; nothing was written.`, {
      hint: `Run the same command again to create yours after ${revision}.`,
      data: {revision, ...(parent !== undefined && {parent})},
    })
  }
}

/** An invalid revision id or branch label. */
export class InvalidNameError extends MigError {
  constructor(kind: 'revision id' | 'branch label', name: string, reason: string) {
    super('INVALID_NAME', `Invalid ${kind} "${name}": ${reason}.`, {hint: 'Choose another name.', data: {name}})
  }
}

/** The name for a new revision or branch is in use. */
export class NameUsedError extends MigError {
  /** @param owner the revision with this id or label */
  constructor(kind: 'revision id' | 'branch label', name: string, owner: string) {
    const use = owner === name ? 'is the id of a revision' : `is already used by revision ${owner}`
    const message =
      kind === 'revision id' && owner === name
        ? `Revision ${name} already exists`
        : `${capitalized(kind)} ${name} ${use}`
    super(kind === 'revision id' ? 'DUPLICATE_REVISION' : 'DUPLICATE_LABEL', `${message}.`, {
      hint: 'Choose another name.',
      data: {name, revision: owner},
    })
  }
}

/** The folder for a new revision cannot be determined. */
export class VersionPathError extends MigError {
  constructor(reason: string, locations: readonly string[]) {
    super('VERSION_PATH_UNKNOWN', `${reason}.`, {
      hint: `Use \`--version-path\` with one of ${listOf(locations, 10, 'or')}.`,
      data: {versionLocations: locations},
    })
  }
}

/** A post-write hook failed; the file itself was written. */
export class PostWriteHookError extends MigError {
  constructor(program: string, file: string, reason: string) {
    super('POST_WRITE_HOOK_FAILED', `${file} was written, but the hook ${program} failed on it: ${reason}.`, {
      hint: 'Correct `postWriteHooks` in the configuration; the new file can be kept.',
      data: {file, program},
    })
  }
}

export class UnknownTemplateError extends MigError {
  constructor(name: string, known: readonly string[]) {
    super('UNKNOWN_TEMPLATE', `Unknown template ${name}.`, {
      hint: didYouMean(name, known, `Available templates: ${listOf(known)}.`),
      data: {name, templates: known},
    })
  }
}

/** A custom template failed. */
export class TemplateError extends MigError {
  constructor(template: string, cause: unknown) {
    const [reason] = messageOf(cause).split('\n')
    super('TEMPLATE_FAILED', `Template ${template} failed: ${reason}.`, {
      hint: 'docs/revisions.md lists the values available in templates.',
      data: {template},
      cause,
    })
  }
}

/** A revision file cannot be loaded, or lacks a required export. */
export class RevisionCodeError extends MigError {
  constructor(place: string, reason: string, cause?: unknown) {
    super('REVISION_CODE_FAILED', `${place} cannot be run: ${reason}.`, {
      hint:
        codeOf(cause) === 'ERR_INVALID_TYPESCRIPT_SYNTAX'
          ? 'Correct the syntax there.'
          : 'Use no runtime imports in a revision, and only erasable TypeScript: no enums, no decorators.',
      data: {place},
      cause,
    })
  }
}

/** A downgrade reaches an irreversible revision. */
export class IrreversibleError extends MigError {
  /** @param isDeclared whether its file declares that it cannot be downgraded */
  constructor(revision: string, file: string, why: string | undefined, isDeclared = false) {
    super(
      'IRREVERSIBLE',
      why === undefined
        ? `Revision ${revision} (${file}) has no downgrade.`
        : `Revision ${revision} (${file}) cannot be downgraded: ${why}.`,
      {
        hint: isDeclared
          ? 'Choose a target above it, or write its downgrade and remove `irreversible`.'
          : 'Write its downgrade (a comment in it is enough if there is nothing to revert), or choose a target above it.',
        data: {revision, file, why: why ?? null},
      },
    )
  }
}

/** A custom template that makes something else than the revision that was asked for; nothing is written. */
export class IncompleteTemplateError extends MigError {
  /** @param reason the end of a sentence */
  constructor(template: string, reason: string, hint = 'Correct the template; docs/revisions.md describes templates.') {
    super('TEMPLATE_FAILED', `Template ${template} is incomplete: ${reason}.`, {hint, data: {template}})
  }
}

const systemReasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space left on the device',
  EDQUOT: 'the disk quota is exceeded',
  EFBIG: 'the file would be too large',
  EISDIR: 'it is a directory',
  ENOTDIR: 'a part of its path is not a directory',
  ENOENT: 'it does not exist',
  EMFILE: 'too many open files',
}

function reasonOf(cause: unknown): string {
  return systemReasons[codeOf(cause)] ?? messageOf(cause)
}
