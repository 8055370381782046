import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {operationIn} from '../../git/locate.ts'
import type {RepositoryPlace} from '../../git/locate.ts'
import {lastReason} from '../../git/reflog.ts'
import type {CommitId, Repository} from '../../git/repository.ts'
import {readRegularFile} from '../../util/regular-file.ts'
import type {RunHookOptions} from './hook-result.ts'

/** A finished change of the checkout. */
export interface Change {
  /** The commit before it; undefined if there was none. */
  readonly before: CommitId | undefined
  /** Whether it is only staged, as a squash merge is. */
  readonly isStaged: boolean
  /** Whether git ran no `pre-commit` for it, as for a cherry-pick, a revert or a patch. */
  readonly isUnchecked: boolean
}

type Source = Pick<RunHookOptions, 'hook' | 'args' | 'input'>

/** Returns the change that a hook reports on; undefined if another hook reports on it, or it goes on. */
export async function changeOf(
  repository: Repository,
  place: RepositoryPlace,
  source: Source,
): Promise<Change | undefined> {
  const isPatch = existsSync(join(place.gitFolder, 'rebase-apply/applying'))
  const isRebase = operationIn(place) === 'rebase' && !isPatch
  switch (source.hook) {
    case 'post-merge':
      return isRebase ? undefined : afterMerge(repository, source)
    case 'post-rewrite':
      if (source.args[0] === 'amend' && isRebase) return undefined
      return merged(firstLine(place, 'rebase-merge/orig-head') ?? (await rewritten(repository, source)))
    case 'post-commit':
      return isRebase || isPatch ? undefined : afterCommit(repository, place)
    case 'post-applypatch':
      return isPatch && isLastPatch(place) ? unchecked(await repository.resolve('ORIG_HEAD')) : undefined
    case 'post-checkout':
    case 'pre-commit':
    case 'pre-push':
      return undefined
  }
}

async function afterMerge(repository: Repository, {args}: Source): Promise<Change> {
  // A squash merge has not moved HEAD.
  if (args[0] === '1') return {...merged(await repository.resolve('HEAD')), isStaged: true}
  return merged((await repository.resolve('ORIG_HEAD')) ?? (await repository.resolve('HEAD@{1}')))
}

/** Commits of `git commit` were checked by `pre-commit`, unless they end a merge or a cherry-pick. */
async function afterCommit(repository: Repository, place: RepositoryPlace): Promise<Change | undefined> {
  const reason = lastReason(place.gitFolder) ?? ''
  if (/^commit(?: \((?:initial|amend)\))?: /.test(reason)) return undefined
  const steps = linesOf(place, 'sequencer/todo').filter((line) => /^(?:pick|revert) /.test(line))
  // Of a sequence, the last commit is reported on.
  if (steps.length > 1) return undefined
  const before = firstLine(place, 'sequencer/head') ?? (await repository.resolve('HEAD^'))
  return reason.startsWith('commit (') ? merged(before) : unchecked(before)
}

function merged(before: CommitId | undefined): Change {
  return {before, isStaged: false, isUnchecked: false}
}

function unchecked(before: CommitId | undefined): Change {
  return {before, isStaged: false, isUnchecked: true}
}

/** Returns the previous commit in the input of `post-rewrite`: lines of "old-id new-id". */
async function rewritten(repository: Repository, {input}: Source): Promise<CommitId | undefined> {
  const old = input.trim().split('\n').at(-1)?.split(' ')[0]
  return old === undefined || old === '' ? repository.resolve('ORIG_HEAD') : repository.resolve(old)
}

function isLastPatch(place: RepositoryPlace): boolean {
  return Number(firstLine(place, 'rebase-apply/next') ?? 1) >= Number(firstLine(place, 'rebase-apply/last') ?? 1)
}

function firstLine(place: RepositoryPlace, name: string): string | undefined {
  return linesOf(place, name)[0]
}

function linesOf({gitFolder}: RepositoryPlace, name: string): readonly string[] {
  const file = join(gitFolder, name)
  return existsSync(file) ? readRegularFile(file).split('\n').filter(Boolean) : []
}
