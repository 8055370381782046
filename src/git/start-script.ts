import {mkdirSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync} from 'node:fs'
import {dirname, join, relative, sep} from 'node:path'
import {FileAccessError} from '../script/errors.ts'
import {TrackedProgramError} from './errors.ts'
import {locateRepository} from './locate.ts'
import type {RepositoryPlace} from './locate.ts'
import {checkingModule, contentsOf} from './program-contents.ts'
import {runGit} from './run-git.ts'
import {migVersion} from '../util/version.ts'

/** The script that starts mig for all hooks of a repository, in the folder of git that its work trees share. */
const startFile = 'mig/start'
/** The module that it runs where a checkout could replace mig. */
const checkFile = 'mig/start.mjs'

const programLine = /^# program: (?<json>".*")$/m
const versionLine = /^# version: (?<version>.*)$/m

/** A folder of packages in a work tree, from which hooks run code, and the folders above it. */
interface Packages {
  /** The absolute path of the top of the work tree. */
  readonly root: string
  /** Paths in the work tree that git must not track, nor anything below them. */
  readonly untracked: readonly string[]
  /** Paths in the work tree that must not become symbolic links. */
  readonly folders: readonly string[]
}

/** Returns the shell command that runs mig in a folder, with these words behind the name of the script. */
export function startCommand(words: string): string {
  const unrecorded = 'mig: no mig is recorded in this clone for its hooks; run `npx --no-install mig hooks install`'
  return `start=$(git rev-parse --git-common-dir)/${startFile}; if [ -f "$start" ]; then sh "$start" ${words}; else echo ${quoted(unrecorded)} >&2; fi`
}

/**
 * Records the program that the hooks of a repository run.
 *
 * @param program the absolute path of mig's JavaScript file
 * @throws MigError HOOK_PROGRAM_TRACKED, FILE_UNWRITABLE, GIT_FAILED
 */
export async function recordProgram(place: RepositoryPlace, program: string): Promise<void> {
  const packages = packagesOf(place, program)
  for (const {root, untracked} of packages) {
    const tracked = await runGit(root, ['ls-files', '-z', '--', ...untracked.map(pathspec)])
    if (tracked.length > 0) throw new TrackedProgramError(program, tracked.toString().split('\0')[0] ?? '')
  }
  const check = join(place.commonFolder, checkFile)
  const isReplaceable = packages.length > 0
  if (isReplaceable) writeWhole(check, checkingModule(program, contentsOf(program)))
  writeWhole(join(place.commonFolder, startFile), startScript(program, packages, isReplaceable ? check : program))
}

/** @throws MigError FILE_UNWRITABLE */
function writeWhole(file: string, text: string): void {
  const temporary = `${file}.${process.pid}.tmp`
  try {
    mkdirSync(dirname(file), {recursive: true})
    writeFileSync(temporary, text)
    renameSync(temporary, file)
  } catch (error) {
    throw new FileAccessError('FILE_UNWRITABLE', file, error)
  }
}

/** Returns the program that the hooks of a repository run, if one is recorded. */
export function recordedProgram({commonFolder}: RepositoryPlace): string | undefined {
  try {
    const json = programLine.exec(readFileSync(join(commonFolder, startFile), 'utf8'))?.groups?.['json']
    return json === undefined ? undefined : (JSON.parse(json) as string)
  } catch {
    return undefined
  }
}

/**
 * Records the program again if it is the recorded one in another version: the user has just run it, so that hooks may as well.
 *
 * @param program the absolute path of mig's JavaScript file
 * @throws MigError HOOK_PROGRAM_TRACKED, FILE_UNWRITABLE, GIT_FAILED
 */
export async function renewProgram(place: RepositoryPlace, program: string): Promise<void> {
  if (recordedProgram(place) !== program) return
  const recorded = versionLine.exec(readFileSync(join(place.commonFolder, startFile), 'utf8'))?.groups?.['version']
  if (recorded !== migVersion()) await recordProgram(place, program)
}

/** Removes the record of the program. */
export function forgetProgram({commonFolder}: RepositoryPlace): void {
  for (const file of [startFile, checkFile]) rmSync(join(commonFolder, file), {force: true})
}

/**
 * Returns the folders from which a program, Node.js and the packages they need are loaded, if a checkout of the
 * repository, or of one around it, could change them.
 */
function packagesOf(place: RepositoryPlace, program: string): readonly Packages[] {
  const paths = [program, process.execPath].flatMap((path) => [path, realpathSync(path)])
  return [...new Set(paths)].flatMap((path) => {
    const installed = path.indexOf(`${sep}node_modules${sep}`)
    // Below it, a link may lead to another repository.
    const own = locateRepository(installed === -1 ? dirname(path) : path.slice(0, installed))
    const isConcerned = own?.commonFolder === place.commonFolder || place.root.startsWith(`${own?.root}${sep}`)
    if (own === undefined || !isConcerned) return []
    const inTree = (file: string): string => relative(own.root, file).split(sep).join('/')
    const folders = foldersAbove(inTree(installed === -1 ? path : join(path.slice(0, installed), 'node_modules')))
    const packages = ['', ...folders].map((folder) => (folder === '' ? 'node_modules' : `${folder}/node_modules`))
    return [{root: own.root, untracked: installed === -1 ? [inTree(path)] : packages, folders}]
  })
}

/** Returns the folders above a path. */
function foldersAbove(path: string): readonly string[] {
  const names = path.split('/').slice(0, -1)
  return names.map((_, i) => names.slice(0, i + 1).join('/'))
}

function startScript(program: string, packages: readonly Packages[], started: string): string {
  const node = process.execPath.split(sep).join('/')
  return `#!/bin/sh
# Starts mig for git hooks; written by \`mig hooks install\`.
# program: ${JSON.stringify(program)}
# version: ${migVersion()}
program=${quoted(program)}
node=${quoted(node)}
skip() {
  echo "mig: $1" >&2
  exit 0
}
# Folders that a checkout may have do not count: hook managers and scripts of packages put them in front.
set -f
IFS=:
path=
for folder in $PATH; do
  case $folder in
  */node_modules/.bin) ;;
  /*) path=$path\${path:+:}$folder ;;
  esac
done
unset IFS
set +f
PATH=$path
[ -f "$program" ] || skip "hooks are installed with $program, which is gone; install the packages of the project again, or run \\\`npx --no-install mig hooks install\\\`"
${[...new Set(packages.map(guardOf))].join('')}if [ ! -x "$node" ]; then
  node=$(command -v node)
  case $node in
    /* | ?:*) version=$("$node" --version 2>/dev/null) ;;
    *) version= ;;
  esac
  case $4 in
    pre-commit | pre-push) command=", as with \\\`git \${4#pre-} --no-verify\\\`" ;;
    *) command= ;;
  esac
  major=\${version#v}
  [ "\${major%%.*}" -ge 22 ] 2>/dev/null ||
    skip "hooks need Node.js 22.18 or newer, and PATH has \${version:-none}; nothing was checked$command"
fi
cd "$1" || exit 0
shift
exec "$node" ${quoted(started)} "$@"
`
}

/** Returns the lines that end the script where a checkout has put something in the place of the program. */
function guardOf({root, untracked, folders}: Packages): string {
  const links = folders.map((folder) => `[ ! -L ${quoted(folder)} ] && `).join('')
  return `tracked=$(
  unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_COMMON_DIR GIT_OBJECT_DIRECTORY GIT_NAMESPACE GIT_PREFIX
  cd ${quoted(root)} && ${links}git -c core.fsmonitor=false ls-files -- ${untracked.map((path) => quoted(pathspec(path))).join(' ')} || echo "its folder"
)
[ -z "$tracked" ] || skip "hooks do not run $program, because git tracks $(echo "$tracked" | head -n 1)"
`
}

function pathspec(path: string): string {
  return `:(top,literal)${path}`
}

/** Returns a text as one word of a shell command. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}
