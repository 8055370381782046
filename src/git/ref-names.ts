import {shellCommand} from '../util/shell.ts'
import type {CommitId, Repository} from './repository.ts'

/** A commit and the ref that named it. */
export interface NamedCommit {
  readonly ref: string
  readonly commit: CommitId
  /** The remote, if `ref` is a branch of one, as REMOTE/BRANCH. */
  readonly remote?: string
}

/** Returns a commit with the name that it has in every clone: that of a branch of a remote, if it is one. */
export async function withRemote(repository: Repository, {ref, commit}: NamedCommit): Promise<NamedCommit> {
  const isId = /^[0-9a-f]{7,64}$/.test(ref)
  const refs = await repository.refs()
  const found = refs.find(({name, commit: other}) =>
    isId ? name.startsWith('refs/remotes/') && other === commit : [ref, `refs/remotes/${ref}`].includes(name),
  )
  const [, remote, branch] = /^refs\/remotes\/([^/]+)\/(.+)$/.exec(found?.name ?? '') ?? []
  return remote === undefined ? {ref, commit} : {ref: `${remote}/${branch}`, commit, remote}
}

/** Returns the branch that the author of a ref has, in words: a code host has refs that no clone has. */
export function placeOf(ref: string): string {
  const request = /^refs\/(?<kind>pull|merge-requests)\/(?<number>\d+)\//.exec(ref)?.groups
  if (request !== undefined)
    return `the branch of ${request['kind'] === 'pull' ? 'pull' : 'merge'} request ${request['number']}`
  if (ref === 'HEAD') return 'this branch'
  if (/^[0-9a-f]{40,64}$/.test(ref)) return `the branch of commit ${ref.slice(0, 7)}`
  return ref.replace(/^refs\/(?:heads|remotes\/[^/]+)\//, '')
}

/** Returns commands, in backquotes, that merge a commit in the clone of an author. */
export function mergeSteps({ref, remote}: NamedCommit): string {
  const merge = `\`${shellCommand`git merge ${ref.replace(/^refs\/heads\//, '')}`}\``
  if (remote !== undefined) return `\`${shellCommand`git fetch ${remote}`}\` and ${merge}`
  return /^[0-9a-f]{40,64}$/.test(ref) ? `\`git fetch --all\` and ${merge}` : merge
}

/** Returns the name of the branch in a full ref. git's own short name is another one where a tag has the name, too. */
export function branchOfRef(ref: string): string {
  return ref.replace(/^refs\/heads\//, '')
}
