import {SwitchRefusedError} from './errors.ts'
import {branchOfRef} from './ref-names.ts'
import type {CommitId} from './repository.ts'
import {runGit, tryGit} from './run-git.ts'
import {shellWord} from '../util/shell.ts'
import {listOf} from '../util/text.ts'

/** The commit that `git switch` would check out for a name. */
export interface GitDestination {
  /** The branch, if one is checked out; it may only exist on a remote so far. */
  readonly branch: string | undefined
  /** The name in messages and commands, which stays the same after the checkout. */
  readonly name: string
  readonly commit: CommitId
  /** The arguments of git that check it out. */
  readonly args: readonly string[]
}

/**
 * Finds the commit of a name as `git switch` does: a branch before a tag of the same name, `-` and `@{-1}` for the previous
 * branch, and the branch of a remote if there is no local one. Anything else is a commit that is checked out without a
 * branch.
 *
 * @returns undefined if there is no such commit
 * @throws MigError SWITCH_REFUSED if several remotes have the branch; GIT_FAILED, GIT_UNAVAILABLE
 */
export async function findDestination(root: string, ref: string): Promise<GitDestination | undefined> {
  await runGit(root, ['rev-parse', '--git-dir'])
  const text = ref === '-' ? '@{-1}' : ref
  if (text === '' || text.startsWith('-')) return undefined
  const former = /^@\{-\d+\}$/.test(text)
  const branch = former ? await branchOf(root, text) : text
  const tip = branch === undefined ? undefined : await tipOf(root, branch)
  if (branch !== undefined && tip !== undefined)
    return {branch, name: branch, commit: tip, args: ['switch', '--quiet', branch]}
  const commit = await commitOf(root, text)
  if (commit !== undefined) {
    const name = former ? commit : text
    return {branch: undefined, name, commit, args: ['switch', '--quiet', '--detach', name]}
  }
  return remoteDestination(root, text)
}

/** Returns the checked-out branch, and the commit; undefined if there is none. */
export async function currentCheckout(
  root: string,
): Promise<{readonly branch: string | undefined; readonly commit: CommitId | undefined}> {
  const {status, stdout} = await tryGit(root, ['symbolic-ref', '--quiet', 'HEAD'])
  return {
    branch: status === 0 ? branchOfRef(stdout.toString().trim()) : undefined,
    commit: await commitOf(root, 'HEAD'),
  }
}

/** Returns the checked-out commit, or the empty tree if there is none. */
export async function currentTree(root: string): Promise<string> {
  const {commit} = await currentCheckout(root)
  return commit ?? (await runGit(root, ['hash-object', '-t', 'tree', '--stdin'])).toString().trim()
}

async function branchOf(root: string, text: string): Promise<string | undefined> {
  const {status, stdout} = await tryGit(root, ['rev-parse', '--verify', '--quiet', '--symbolic-full-name', text])
  const name = stdout.toString().trim()
  return status === 0 && name.startsWith('refs/heads/') ? name.slice('refs/heads/'.length) : undefined
}

async function tipOf(root: string, branch: string): Promise<CommitId | undefined> {
  const ref = `refs/heads/${branch}`
  // An expression such as `main~2` is not the name of a branch.
  const {status} = await tryGit(root, ['show-ref', '--verify', '--quiet', ref])
  return status === 0 ? commitOf(root, ref) : undefined
}

async function commitOf(root: string, text: string): Promise<CommitId | undefined> {
  const {status, stdout} = await tryGit(root, ['rev-parse', '--verify', '--quiet', `${text}^{commit}`])
  return status === 0 ? stdout.toString().trim() : undefined
}

async function remoteDestination(root: string, branch: string): Promise<GitDestination | undefined> {
  const candidates: {readonly remote: string; readonly ref: string; readonly commit: CommitId}[] = []
  for (const {remote, ref} of await trackingRefs(root, branch)) {
    const commit = await commitOf(root, ref)
    if (commit !== undefined) candidates.push({remote, ref: ref.replace(/^refs\/remotes\//, ''), commit})
  }
  const [first, ...others] = candidates
  if (first === undefined) return undefined
  const preferred = (await tryGit(root, ['config', 'checkout.defaultRemote'])).stdout.toString().trim()
  const chosen = others.length === 0 ? first : candidates.find(({remote}) => remote === preferred)
  if (chosen === undefined)
    throw new SwitchRefusedError(
      `there is no branch ${branch}, but ${listOf(candidates.map(({ref}) => ref))}`,
      `Create the branch from one of them: \`git branch --track ${shellWord(branch)} ${shellWord(first.ref)}\`.`,
    )
  const args = ['switch', '--quiet', '--guess', branch]
  return {branch, name: branch, commit: chosen.commit, args}
}

/** Returns the refs in which the remotes keep a branch, by their refspecs. */
async function trackingRefs(
  root: string,
  branch: string,
): Promise<readonly {readonly remote: string; readonly ref: string}[]> {
  const {stdout} = await tryGit(root, ['config', '-z', '--get-regexp', String.raw`^remote\..*\.fetch$`])
  return stdout
    .toString()
    .split('\0')
    .filter(Boolean)
    .flatMap((entry) => {
      const [key = '', spec = ''] = entry.split('\n')
      const [from = '', to = ''] = spec.replace(/^\+/, '').split(':')
      const [before = '', after] = from.split('*')
      const full = `refs/heads/${branch}`
      const isMatch = after === undefined ? full === from : full.startsWith(before) && full.endsWith(after)
      if (!isMatch || to === '') return []
      const middle = after === undefined ? '' : full.slice(before.length, full.length - after.length)
      return [{remote: key.slice('remote.'.length, -'.fetch'.length), ref: to.replace('*', () => middle)}]
    })
}
