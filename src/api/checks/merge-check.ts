import {relative, resolve} from 'node:path'
import {MigError} from '../../errors.ts'
import {locateRepository} from '../../git/locate.ts'
import type {CommitId, Repository} from '../../git/repository.ts'
import type {MergeEvaluation} from '../../git/evaluate-merge.ts'
import type {Proof} from '../../rehearsal/commute/proof.ts'
import type {NamedCommit} from '../../git/ref-names.ts'
import type {MergeStatus} from '../../git/merge-verdict.ts'
import type {RevisionId} from '../../graph/revision.ts'
import type {Finding} from '../../script/finding.ts'
import type {CheckOptions} from './check-options.ts'
import type {PairVerdict} from '../../conflicts/commute.ts'
import type {RevisionPair} from '../../conflicts/pairs.ts'
import {RevisionTexts} from '../../conflicts/revision-texts.ts'
import {knownDialects} from '../../engine/dialect.ts'
import {divergenceOf, pairsOfMerge} from '../../engine/divergence.ts'
import type {Divergence} from '../../engine/divergence.ts'
import {CommittedSettings, joinedLayout} from '../../engine/merge-settings.ts'
import {openProject} from '../../engine/project.ts'
import {commitNamed, folderInRepository, openProjectRepository} from '../../engine/repository.ts'
import type {KnownRevisions} from '../../script/known-revisions.ts'
import {versionLocationsOf} from '../../script/script-directory.ts'
import {once} from '../../util/once.ts'
import {listOf} from '../../util/text.ts'
import {uncommittedJoin} from './uncommitted-join.ts'
import {collisionFindings} from './collision-findings.ts'

/** Result of an evaluated merge. */
export interface MergeCheck {
  /** Ref to merge. */
  readonly ref: string
  readonly commit: CommitId
  readonly onto: string
  readonly ontoCommit: CommitId
  readonly status: MergeStatus | 'collision' | 'not evaluated'
  /** Heads after the merge; null if the files do not form a valid graph. */
  readonly heads: readonly RevisionId[] | null
  readonly findings: readonly Finding[]
  /** Files of the work tree that join the heads, if they only have to be committed. */
  readonly joinedBy?: readonly string[]
  /** The worst verdict on these pairs. */
  readonly verdict?: PairVerdict
  /** Each revision that only `ref` has with each of `onto` that it does not come after; of very many, those that are not independent. */
  readonly pairs?: readonly RevisionPair[]
  /** Whether both sides give the same in either order, if that was asked for and both have revisions. */
  readonly proof?: Proof
  /** Origin of the heads, if a single merge was requested and violates the policy. */
  readonly divergence?: Divergence
}

/**
 * Evaluates the merge of one ref, or of every ref that matches a pattern, into another.
 *
 * @param options.isQuick whether to omit the verdicts on revisions
 * @param options.known revisions that were read already
 */
export async function mergeInto(
  options: CheckOptions,
  onto: string,
  {isQuick = false, known}: {readonly isQuick?: boolean; readonly known?: KnownRevisions} = {},
): Promise<readonly MergeCheck[]> {
  const project = await openProject(options)
  const repository = await openProjectRepository(project)
  await refuseSubmodule(project, repository)
  const {withRemote} = await import('../../git/ref-names.ts')
  const theirs = await withRemote(repository, {ref: onto, commit: await commitNamed(repository, onto)})
  const {VersionFiles} = await import('../../git/version-files.ts')
  const {evaluateMerge, prepareMerges} = await import('../../git/evaluate-merge.ts')
  const {judge} = await import('../../git/merge-verdict.ts')
  const settings = new CommittedSettings(project, repository, options)
  const [policy, ontoLayout] = [await settings.policyAt(theirs), await settings.layoutAt(theirs)]
  // By version locations: nearly all commits have the same.
  const versions = new Map<string, InstanceType<typeof VersionFiles>>()
  const versionsOf = async (ours: NamedCommit): Promise<InstanceType<typeof VersionFiles>> => {
    const layout = joinedLayout([project.layout, ontoLayout, await settings.layoutAt(ours)])
    const key = JSON.stringify(layout)
    const files = versions.get(key) ?? new VersionFiles(repository, layout, project.cwd, known)
    versions.set(key, files)
    return files
  }
  const root = folderInRepository(project.root)
  const evaluate = async (ours: NamedCommit): Promise<MergeEvaluation> =>
    evaluateMerge(repository, await versionsOf(ours), {
      ours,
      theirs,
      root,
      layoutOver: async (bases) => settings.layoutOfMerge(ours, theirs, bases),
    })
  const {proveMerge} = await import('../proofs/prove-merge.ts')
  const revisionTexts = once(async () => new RevisionTexts(await project.registry(), await knownDialects(project)))
  const viewOf = async (ours: NamedCommit, evaluation: MergeEvaluation): Promise<MergeCheck> => {
    const {merged} = evaluation
    const {status, tooMany, findings: judged} = judge(evaluation, policy)
    const isOfWorkTree = options.refs === undefined && options.headRef === undefined && tooMany.length > 0
    const joinedBy = isOfWorkTree ? await uncommittedJoin(project, evaluation, policy, tooMany) : []
    const hint = `Commit ${listOf(joinedBy, 3)}, which joins them.`
    const findings = judged.map((finding) =>
      joinedBy.length > 0 && finding.code === 'DIVERGENT_HEADS' ? {...finding, hint} : finding,
    )
    const view = {
      ...namesOf(ours, theirs),
      status,
      heads: merged instanceof MigError ? null : merged.heads,
      findings,
      ...(joinedBy.length > 0 && {joinedBy}),
    }
    if (isQuick) return view
    const texts = await revisionTexts()
    const {verdict, pairs} = await pairsOfMerge(repository, evaluation, texts)
    const collisions = merged instanceof MigError ? [] : collisionFindings({verdict, pairs}, policy, merged)
    const proven =
      options.prove && !(merged instanceof MigError)
        ? await proveMerge(project, repository, evaluation, merged, options, {verdict, pairs})
        : undefined
    const found = [...collisions, ...(proven?.findings ?? [])]
    const isRefused = status === 'ok' && found.some(({level}) => level === 'error')
    return {
      ...view,
      ...(isRefused && {status: 'collision'}),
      findings: [...findings, ...found],
      ...(proven !== undefined && {proof: proven.proof}),
      verdict,
      pairs,
      ...(tooMany.length > 0 &&
        options.refs === undefined && {
          divergence: await divergenceOf(repository, evaluation, tooMany, texts),
        }),
    }
  }
  if (options.refs === undefined) {
    const ref = options.headRef ?? 'HEAD'
    const ours = {ref, commit: await commitNamed(repository, ref)}
    return [await viewOf(ours, await evaluate(ours))]
  }
  const checked: MergeCheck[] = []
  const refs = (await refsLike(repository, options.refs)).map(({name, commit}) => ({ref: name, commit}))
  await settings.compare(
    refs.map(({commit}) => commit),
    theirs.commit,
  )
  const commits = new Map<InstanceType<typeof VersionFiles>, CommitId[]>()
  for (const ours of refs) {
    // An error is found again when the merge is evaluated.
    const files = await versionsOf(ours).catch(() => undefined)
    if (files !== undefined) commits.set(files, [...(commits.get(files) ?? []), ours.commit])
  }
  for (const [files, ofRefs] of commits) await prepareMerges(repository, files, ofRefs, theirs.commit)
  for (const ours of refs) {
    checked.push(
      await evaluate(ours).then(
        async (evaluation) => viewOf(ours, evaluation),
        (error: unknown) => notEvaluated(ours, theirs, error),
      ),
    )
  }
  return checked
}

/** In a submodule, the refs would be those of another repository than the one whose branches are merged. */
async function refuseSubmodule(
  {cwd, root, layout}: Awaited<ReturnType<typeof openProject>>,
  {root: found}: Repository,
): Promise<void> {
  const place = locateRepository(root)
  if (place === undefined || place.root === found) return
  const {openRepository} = await import('../../git/open.ts')
  const {pathInRepository} = await import('../../git/commit-tree.ts')
  const {refuseUnreadable} = await import('../../git/unreadable-folders.ts')
  const outer = await openRepository(root)
  const head = await outer.resolve('HEAD')
  const folders = versionLocationsOf(layout).map((folder) => resolve(cwd, folder))
  const inside = folders.filter((folder) => !relative(outer.root, folder).startsWith('..'))
  const paths = inside.map((folder) => pathInRepository(outer, cwd, folder))
  if (head !== undefined) await refuseUnreadable(outer, head, paths, layout.recursive)
}

/** A ref that cannot be evaluated fails without hiding the others. */
function notEvaluated(ours: NamedCommit, theirs: NamedCommit, error: unknown): MergeCheck {
  if (!(error instanceof MigError)) throw error
  const {message, hint} = error
  const finding: Finding = {code: 'NOT_EVALUATED', level: 'error', message, ...(hint !== undefined && {hint})}
  return {...namesOf(ours, theirs), status: 'not evaluated', heads: null, findings: [finding]}
}

function namesOf(ours: NamedCommit, theirs: NamedCommit): Pick<MergeCheck, 'ref' | 'commit' | 'onto' | 'ontoCommit'> {
  return {ref: ours.ref, commit: ours.commit, onto: theirs.ref, ontoCommit: theirs.commit}
}

/** Returns the refs that match a pattern: `*` matches anything but a slash, `**` anything. */
async function refsLike(
  repository: Awaited<ReturnType<typeof openProjectRepository>>,
  pattern: string,
): Promise<readonly {readonly name: string; readonly commit: CommitId}[]> {
  const source = pattern
    .split(/(\*\*|\*)/)
    .map((part) =>
      part === '**' ? '.*' : part === '*' ? '[^/]*' : part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`),
    )
    .join('')
  const refs = await repository.refs()
  const found = refs.filter(({name}) => new RegExp(`^(?:refs/)?(?:heads/|remotes/|tags/)?${source}$`).test(name))
  if (found.length > 0) return found
  const {UnknownRefError} = await import('../../git/errors.ts')
  throw new UnknownRefError(
    pattern,
    refs.map(({name}) => name),
  )
}
