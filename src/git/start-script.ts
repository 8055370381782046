import {globSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync} from 'node:fs'
import {createRequire} from 'node:module'
import {dirname, join, relative, sep} from 'node:path'
import {FileAccessError} from '../script/errors.ts'
import {TrackedProgramError} from './errors.ts'
import {locateRepository} from './locate.ts'
import type {RepositoryPlace} from './locate.ts'
import {runGit} from './run-git.ts'

/** The script that starts mig for all hooks of a repository, in the folder of git that its work trees share. */
const startFile = 'mig/start'

const programLine = /^# program: (?<json>".*")$/m

/** A folder of packages in a work tree, from which hooks run code, and the folders above it. */
interface Packages {
  /** The absolute path of the top of the work tree. */
  readonly root: string
  /** Paths in the work tree that git must not track, nor anything below them. */
  readonly untracked: readonly string[]
  /** Paths in the work tree that must not become symbolic links. */
  readonly folders: readonly string[]
}

/** The files that hooks load, where files of a checkout may have been left in their place. */
interface Contents {
  /** The absolute path of the folder of mig, as it was started and without symbolic links. */
  readonly folder: string
  readonly realFolder: string
  readonly files: readonly string[]
  /** Paths of packages that would be loaded instead of those among the files. */
  readonly absent: readonly string[]
  /** The id that git gives to the list of their ids. */
  readonly id: string
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
  const contents = packages.length === 0 ? undefined : await contentsOf(program, packages[0]?.root ?? place.root)
  const file = join(place.commonFolder, startFile)
  const temporary = `${file}.${process.pid}.tmp`
  try {
    mkdirSync(dirname(file), {recursive: true})
    writeFileSync(temporary, startScript(program, packages, contents))
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

/** Removes the record of the program. */
export function forgetProgram({commonFolder}: RepositoryPlace): void {
  rmSync(join(commonFolder, startFile), {force: true})
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

/** Returns the files of mig and of the packages that its hooks load, with the id of their contents. */
async function contentsOf(program: string, root: string): Promise<Contents> {
  const folder = dirname(dirname(program))
  const realFolder = realpathSync(folder)
  const own = [
    'package.json',
    'oclif.manifest.json',
    'bin/*.js',
    'dist/kysely.js',
    'dist/{chunks,commands,src}/**/*.js',
  ]
  const files = globSync(own, {cwd: realFolder}).map((file) => join(realFolder, file))
  const absent: string[] = []
  let user = join(realFolder, 'dist/chunks/index.js')
  for (const name of ['libpg-query', '@pgsql/types']) {
    const found = createRequire(user).resolve(name)
    const inside = join('node_modules', name)
    const location = found.slice(0, found.lastIndexOf(inside) + inside.length)
    files.push(...globSync(['package.json', '**/*.{js,cjs,wasm}'], {cwd: location}).map((file) => join(location, file)))
    for (
      let above = dirname(user);
      join(above, inside) !== location && above !== dirname(above);
      above = dirname(above)
    )
      absent.push(join(above, inside))
    user = found
  }
  files.sort()
  const ids = await runGit(root, ['hash-object', '--no-filters', '--stdin-paths'], {input: `${files.join('\n')}\n`})
  const id = await runGit(root, ['hash-object', '--stdin'], {input: ids.toString()})
  return {folder, realFolder, files, absent, id: id.toString().trim()}
}

function startScript(program: string, packages: readonly Packages[], contents: Contents | undefined): string {
  const node = process.execPath.split(sep).join('/')
  return `#!/bin/sh
# Starts mig for git hooks; written by \`mig hooks install\`.
# program: ${JSON.stringify(program)}
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
${[...new Set(packages.map(guardOf))].join('')}${contents === undefined ? '' : contentGuardOf(contents, packages[0]?.root ?? '')}if [ ! -x "$node" ]; then
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
exec "$node" "$program" "$@"
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

/** Returns the lines that end the script where a file that mig would load is another one than when hooks were installed. */
function contentGuardOf({folder, realFolder, files, absent, id}: Contents, root: string): string {
  const none = absent.map((path) => ` && [ ! -e ${quoted(path)} ]`).join('')
  return `found=$(
  unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_COMMON_DIR GIT_OBJECT_DIRECTORY GIT_NAMESPACE GIT_PREFIX
  cd ${quoted(root)} && [ "$(cd ${quoted(folder)} && pwd -P)" = ${quoted(asShellSees(realFolder))} ]${none} &&
    git hash-object --no-filters --stdin-paths <<'files' 2>/dev/null | git hash-object --stdin
${files.join('\n')}
files
)
[ "$found" = ${id} ] || skip "hooks do not run $program, because it has changed since they were installed; if you have updated it, run \\\`npx --no-install mig hooks install\\\`"
`
}

/** Returns an absolute path as the shell of git prints it, which on Windows begins with the letter of the drive. */
function asShellSees(path: string): string {
  return path
    .split(sep)
    .join('/')
    .replace(/^[A-Za-z]:/, (drive) => `/${drive.slice(0, 1).toLowerCase()}`)
}

function pathspec(path: string): string {
  return `:(top,literal)${path}`
}

/** Returns a text as one word of a shell command. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}
