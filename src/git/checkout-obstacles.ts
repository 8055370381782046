import {copyFileSync, existsSync, lstatSync, mkdtempSync, readdirSync, realpathSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join, relative, resolve, sep} from 'node:path'
import {readRegularFile} from '../util/regular-file.ts'
import {shellWord} from '../util/shell.ts'
import {listOf} from '../util/text.ts'
import {currentTree} from './destination.ts'
import type {GitDestination} from './destination.ts'
import {SwitchRefusedError} from './errors.ts'
import {operationIn} from './locate.ts'
import type {RepositoryPlace} from './locate.ts'
import {entriesOf, runGit, tryGit} from './run-git.ts'
import {leftOutNow, leftOutThere} from './sparse-checkout.ts'

interface WorkPlace extends RepositoryPlace {
  /** The absolute path of the working directory. */
  readonly cwd: string
}

/**
 * Throws if git would refuse to check out a commit, or would lose files by it. Nothing is changed, not even the index.
 *
 * @param place the work tree; hints name files as seen from `cwd`
 * @param folders the version locations, relative to the top of the repository
 * @throws MigError SWITCH_REFUSED, GIT_FAILED, GIT_UNAVAILABLE
 */
export async function refuseObstacles(
  place: WorkPlace,
  destination: GitDestination,
  folders: readonly string[],
): Promise<void> {
  refuseUnfinished(place)
  refuseLocks(place)
  await refuseChanges(place)
  await refuseOtherWorkTree(place, destination)
  await refuseSparse(place, destination, folders)
  const from = await currentTree(place.root)
  await refuseOverwriting(place, from, destination)
  await tryCheckout(place, from, destination)
}

function refuseUnfinished(place: RepositoryPlace): void {
  const operation = operationIn(place)
  if (operation === undefined) return
  const end = operation === 'bisect' ? 'git bisect reset' : `git ${operation} --abort`
  throw new SwitchRefusedError(
    `a git ${operation} is in progress`,
    operation === 'bisect' ? `End it with \`${end}\`.` : `Finish it, or run \`${end}\`.`,
  )
}

function refuseLocks({gitFolder}: RepositoryPlace): void {
  for (const name of ['index.lock', 'HEAD.lock']) {
    const path = join(gitFolder, name)
    if (existsSync(path))
      throw new SwitchRefusedError(
        `${path} exists, so another git command is running or has crashed`,
        'Wait for that command; if there is none, delete the file.',
      )
  }
}

/** A tracked file with changes, as `git status` reports it. */
interface Change {
  readonly path: string
  readonly kind: 'file' | 'conflict' | 'submodule' | 'commit of a submodule'
}

async function refuseChanges(place: WorkPlace): Promise<void> {
  const status = await runGit(place.root, ['status', '--porcelain=v2', '-z', '--no-renames', '--untracked-files=no'])
  const changes = entriesOf(status).map(changeOf)
  const [kind] = (['conflict', 'file', 'submodule', 'commit of a submodule'] as const).filter((each) =>
    changes.some((change) => change.kind === each),
  )
  if (kind === undefined) return
  const paths = changes.filter((change) => change.kind === kind).map(({path}) => path)
  const names = listOf(paths, 3)
  const first = wordFor(place, paths[0] ?? '')
  switch (kind) {
    case 'conflict':
      throw new SwitchRefusedError(
        `the conflict in ${names} is not resolved`,
        'Resolve it, then run `git add` and `git commit`.',
      )
    case 'file':
      throw new SwitchRefusedError(
        `the work tree has uncommitted changes in ${names}`,
        'Commit them, or run `git stash`.',
      )
    case 'submodule':
      throw new SwitchRefusedError(
        `the submodule ${names} has uncommitted changes`,
        `Commit them there, or run \`git -C ${first} stash\`.`,
      )
    case 'commit of a submodule':
      throw new SwitchRefusedError(
        `the submodule ${names} is at another commit than the one recorded`,
        `Commit it, or run \`git submodule update -- ${first}\`.`,
      )
  }
}

function changeOf(entry: string): Change {
  const [type = '', , submodule = ''] = entry.split(' ')
  const path = entry
    .split(' ')
    .slice(type === 'u' ? 10 : 8)
    .join(' ')
  if (type === 'u') return {path, kind: 'conflict'}
  if (submodule.includes('M')) return {path, kind: 'submodule'}
  return {path, kind: submodule.includes('C') ? 'commit of a submodule' : 'file'}
}

async function refuseOtherWorkTree({root, commonFolder}: RepositoryPlace, {branch}: GitDestination): Promise<void> {
  if (branch === undefined) return
  const ref = `refs/heads/${branch}`
  const own = realPath(root)
  const list = (await runGit(root, ['worktree', 'list', '--porcelain'])).toString()
  for (const block of list.split('\n\n')) {
    const lines = block.split('\n')
    const path = lines[0]?.replace(/^worktree /, '') ?? ''
    if (realPath(path) === own || !lines.includes(`branch ${ref}`)) continue
    throw new SwitchRefusedError(
      `${branch} is checked out in the work tree ${path}`,
      lines.some((line) => line.startsWith('prunable'))
        ? 'That work tree is gone: run `git worktree prune`.'
        : `Run mig there, or check out its commit without the branch: \`mig switch ${shellWord(`${branch}~0`)}\`.`,
    )
  }
  // Those are at no branch meanwhile, but git does not give it to another work tree.
  for (const {path, gitFolder} of workTreesOf(commonFolder)) {
    if (realPath(path) === own) continue
    const busy = ['rebase-merge/head-name', 'rebase-apply/head-name', 'BISECT_START'].some((name) => {
      const file = join(gitFolder, name)
      return existsSync(file) && [ref, branch].includes(readRegularFile(file).trim())
    })
    if (busy)
      throw new SwitchRefusedError(
        `${branch} is being rebased or bisected in the work tree ${path}`,
        'Finish that first.',
      )
  }
}

function workTreesOf(commonFolder: string): readonly {readonly path: string; readonly gitFolder: string}[] {
  const folder = join(commonFolder, 'worktrees')
  const linked = existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : []
  return [
    {path: dirname(commonFolder), gitFolder: commonFolder},
    ...linked
      .filter((gitFolder) => existsSync(join(gitFolder, 'gitdir')))
      .map((gitFolder) => ({path: dirname(readRegularFile(join(gitFolder, 'gitdir')).trim()), gitFolder})),
  ]
}

/** Revisions that are not in the work tree would be missing after the checkout. */
async function refuseSparse(place: WorkPlace, {commit}: GitDestination, folders: readonly string[]): Promise<void> {
  const {root} = place
  const setting = async (name: string): Promise<boolean> =>
    (await tryGit(root, ['config', '--type=bool', name])).stdout.includes('true')
  const left = new Set(await leftOutNow(root, folders))
  const isByFolder = await setting('core.sparseCheckoutCone')
  if (await setting('core.sparseCheckout'))
    for (const path of await leftOutThere(root, commit, folders, isByFolder)) left.add(path)
  if (left.size === 0) return
  const paths = [...left]
  const added = isByFolder
    ? folders.map((folder) => wordFor(place, folder))
    : paths.map((path) => shellWord(`/${path}`))
  throw new SwitchRefusedError(
    `the sparse checkout leaves out ${listOf(paths, 3)}`,
    `Run \`git sparse-checkout add ${added.join(' ')}\`.`,
  )
}

/** Refuses to overwrite untracked files. git does not protect ignored ones, which may be unfinished revisions. */
async function refuseOverwriting({root}: RepositoryPlace, from: string, {name, commit}: GitDestination): Promise<void> {
  const args = ['diff-tree', '-r', '-z', '--raw', '--no-abbrev', '--no-renames', '--diff-filter=AD', from, commit]
  const parts = entriesOf(await runGit(root, args))
  const changes = parts.flatMap((part, i) => {
    const mode = part.split(' ')[1]
    return part.startsWith(':') ? [{path: parts[i + 1] ?? '', mode, isAdded: mode !== '000000'}] : []
  })
  const removed = new Set(changes.filter(({isAdded}) => !isAdded).map(({path}) => path.toLowerCase()))
  const lost = new Set<string>()
  for (const {path, mode, isAdded} of changes) {
    // A submodule may be put into an existing folder.
    if (!isAdded || mode === '160000' || removed.has(path.toLowerCase())) continue
    for (const untracked of await untrackedAt(root, path)) lost.add(untracked)
  }
  if (lost.size === 0) return
  const words = [...lost].map((path) => shellWord(`:/${path}`)).join(' ')
  const them = lost.size === 1 ? 'it' : 'them'
  throw new SwitchRefusedError(
    `${listOf([...lost], 3)} ${lost.size === 1 ? 'is' : 'are'} not tracked by git, and ${name} has ${lost.size === 1 ? 'a file' : 'files'} of that name`,
    `Move or delete ${them}${lost.size > 3 ? '.' : `, or run \`git stash push --all -- ${words}\`.`}`,
  )
}

/** Returns the untracked files that a new file replaces: one of its name, one that is in place of its folder, or a folder. */
async function untrackedAt(root: string, path: string): Promise<readonly string[]> {
  const segments = path.split('/')
  for (let depth = 1; depth <= segments.length; depth++) {
    const at = segments.slice(0, depth).join('/')
    const found = lstatSync(join(root, at), {throwIfNoEntry: false})
    if (found === undefined) return []
    if (found.isDirectory() && depth < segments.length) continue
    return entriesOf(await runGit(root, ['ls-files', '--others', '-z', '--', `:(top,literal)${at}`]))
  }
  return []
}

/** Lets git try the checkout, with a copy of the index whose file times are up to date. */
async function tryCheckout(place: WorkPlace, from: string, {name, commit}: GitDestination): Promise<void> {
  const {root, gitFolder} = place
  const folder = mkdtempSync(join(tmpdir(), 'mig-index-'))
  const index = join(folder, 'index')
  try {
    if (existsSync(join(gitFolder, 'index'))) copyFileSync(join(gitFolder, 'index'), index)
    await tryGit(root, ['update-index', '-q', '--refresh'], {index})
    const {status, stderr} = await tryGit(root, ['read-tree', '-n', '-u', '-m', from, commit], {index})
    if (status !== 0) throw await refusalOf(place, name, stderr)
  } finally {
    rmSync(folder, {recursive: true, force: true})
  }
}

async function refusalOf(place: WorkPlace, name: string, stderr: string): Promise<SwitchRefusedError> {
  const reason = /^(?:error|fatal): (?<reason>.*?)\.?$/m.exec(stderr)?.groups?.['reason'] ?? stderr.trim()
  const path = /^Entry '(?<path>.*)' not uptodate/.exec(reason)?.groups?.['path']
  const flag = path === undefined ? undefined : await flagOf(place.root, path)
  if (path === undefined || flag === undefined)
    return new SwitchRefusedError(
      `git cannot check out ${name}: ${reason}`,
      `\`git switch ${shellWord(name)}\` reports the same, without changing anything.`,
    )
  return new SwitchRefusedError(
    `${path} has changes that its flag ${flag} hides, and ${name} has another version of it`,
    `Run \`git update-index --no-${flag} -- ${wordFor(place, path)}\`, then commit the changes or run \`git stash\`.`,
  )
}

async function flagOf(root: string, path: string): Promise<'assume-unchanged' | 'skip-worktree' | undefined> {
  const [entry = ''] = entriesOf(await runGit(root, ['ls-files', '-v', '-z', '--', `:(top,literal)${path}`]))
  if (/^[a-z] /.test(entry)) return 'assume-unchanged'
  return entry.startsWith('S ') ? 'skip-worktree' : undefined
}

/** Returns the paths of tracked files below some folders, relative to the top of the repository. */
export async function trackedFiles(root: string, folders: readonly string[]): Promise<ReadonlySet<string>> {
  const paths = folders.map((folder) => `:(top,literal)${folder}`)
  return new Set(entriesOf(await runGit(root, ['ls-files', '-z', '--', ...paths])))
}

/** Returns a path in the repository as an argument of a command. */
function wordFor({root, cwd}: WorkPlace, path: string): string {
  return shellWord(relative(cwd, join(root, path)).split(sep).join('/') || '.')
}

function realPath(path: string): string {
  return existsSync(path) ? realpathSync(path) : resolve(path)
}
