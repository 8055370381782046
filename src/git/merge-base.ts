import type {Commit, CommitId} from './repository.ts'

type CommitOf = (id: CommitId) => Promise<Commit>

/** The histories that contain a commit; `isStale` marks ancestors of a common ancestor. */
interface Paint {
  readonly commit: Commit
  inOne: boolean
  inOther: boolean
  isStale: boolean
}

/**
 * Returns the best common ancestors of two commits, as `git merge-base --all` does.
 *
 * Walks back from both by date and stops once everything left is an ancestor of a common ancestor, so only commits since
 * then are read; isomorphic-git's own walk goes back to the first commit.
 *
 * @param shallow the commits at the boundary of a shallow clone. If the history ends there before it is known, the result
 *   is empty
 * @see https://github.com/git/git/blob/master/commit-reach.c (paint_down_to_common)
 */
export async function mergeBases(
  one: CommitId,
  other: CommitId,
  commitOf: CommitOf,
  shallow: ReadonlySet<CommitId> = new Set(),
): Promise<readonly CommitId[]> {
  const painted = [...(await paintDown(one, other, commitOf)).values()]
  // A better one may be behind the end of only one history.
  if (painted.some(({commit, inOne, inOther}) => inOne !== inOther && shallow.has(commit.id))) return []
  const candidates = painted
    .filter(({inOne, inOther, isStale}) => inOne && inOther && !isStale)
    .map(({commit}) => commit.id)
  if (candidates.length < 2) return candidates
  // Wrong dates can make an ancestor of a candidate look like a candidate.
  const redundant = new Set<CommitId>()
  for (const id of candidates)
    for (const above of candidates)
      if (id !== above && (await paintDown(id, above, commitOf)).get(id)?.inOther) redundant.add(id)
  return candidates.filter((id) => !redundant.has(id))
}

/**
 * Returns where the history of a commit enters a set that contains all ancestors of its members. A single entry is the merge
 * base with the newest member; of several, one may be an ancestor of another.
 */
export async function entriesInto(
  ancestors: ReadonlySet<CommitId>,
  from: CommitId,
  commitOf: CommitOf,
): Promise<readonly CommitId[]> {
  const seen = new Set([from])
  const entries: CommitId[] = []
  for (const id of seen)
    if (ancestors.has(id)) entries.push(id)
    else for (const parent of (await commitOf(id)).parents) seen.add(parent)
  return entries
}

async function paintDown(one: CommitId, other: CommitId, commitOf: CommitOf): Promise<ReadonlyMap<CommitId, Paint>> {
  const painted = new Map<CommitId, Paint>()
  const queue: Paint[] = []
  const add = async (id: CommitId, {inOne, inOther, isStale}: Omit<Paint, 'commit'>): Promise<void> => {
    const known = painted.get(id)
    const paint = known ?? {commit: await commitOf(id), inOne: false, inOther: false, isStale: false}
    const isNew = (inOne && !paint.inOne) || (inOther && !paint.inOther) || (isStale && !paint.isStale)
    if (!isNew) return
    paint.inOne ||= inOne
    paint.inOther ||= inOther
    paint.isStale ||= isStale
    painted.set(id, paint)
    if (!queue.includes(paint)) insert(queue, paint)
  }
  await add(one, {inOne: true, inOther: false, isStale: false})
  await add(other, {inOne: false, inOther: true, isStale: false})
  while (queue.some(({isStale}) => !isStale)) {
    const {commit, inOne, inOther, isStale} = queue.pop()!
    for (const parent of commit.parents) await add(parent, {inOne, inOther, isStale: isStale || (inOne && inOther)})
  }
  return painted
}

/** Sorted by date, newest last. */
function insert(queue: Paint[], paint: Paint): void {
  let at = queue.length
  while (at > 0 && queue[at - 1]!.commit.committed > paint.commit.committed) at--
  queue.splice(at, 0, paint)
}
