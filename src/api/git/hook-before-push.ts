import {MigError} from '../../errors.ts'
import {evaluateMerge} from '../../git/evaluate-merge.ts'
import {judge} from '../../git/merge-verdict.ts'
import {describeHeads, headsTooMany, joinCommands} from '../../git/policy.ts'
import {placeOf} from '../../git/ref-names.ts'
import type {CommitId, Repository} from '../../git/repository.ts'
import {VersionFiles} from '../../git/version-files.ts'
import {findingOf} from '../../script/finding.ts'
import type {Finding} from '../../script/finding.ts'
import {openProject} from '../../engine/project.ts'
import type {Project} from '../../engine/project.ts'
import {openProjectRepository, scriptsAt} from '../../engine/repository.ts'
import type {RunHookOptions} from './hook-result.ts'

/** A pushed branch. */
interface Pushed {
  readonly ref: string
  readonly commit: CommitId
  readonly remoteRef: string
}

/** Checks before a push that the heads obey the policy after a merge into the upstream, as last fetched. */
export async function beforePush(options: RunHookOptions): Promise<readonly Finding[]> {
  const project = await openProject(options)
  const {policy, gitHooks} = project.settings
  // Without a policy this is left to the pull request check, which knows the real target branch.
  if (gitHooks.skip.includes('heads') || policy.heads === 'many') return []
  if (policy.heads === undefined && policy.labels.length === 0) return []
  const pushed = pushedIn(options.input)
  if (pushed.length === 0) return []
  const repository = await openProjectRepository(project)
  const findings: Finding[] = []
  for (const push of pushed)
    findings.push(...(await findingsOf(project, repository, push, options.args[0] ?? 'origin')))
  return findings
}

async function findingsOf(
  project: Project,
  repository: Repository,
  {ref, commit, remoteRef}: Pushed,
  remote: string,
): Promise<readonly Finding[]> {
  const {policy} = project.settings
  const tracked = `${remote}/${remoteRef.replace(/^refs\/heads\//, '')}`
  const upstream = await repository.resolve(`refs/remotes/${tracked}`)
  try {
    if (upstream !== undefined) {
      const versions = new VersionFiles(repository, project.layout, project.cwd)
      const sides = {ours: {ref, commit}, theirs: {ref: tracked, commit: upstream, remote}}
      const {findings} = judge(await evaluateMerge(repository, versions, sides), policy)
      return findings.map((finding) => (finding.code === 'DIVERGENT_HEADS' ? finding : {...finding, level: 'warning'}))
    }
    const {scripts} = await scriptsAt(project, repository, {commit, ref})
    const {graph} = scripts
    const heads = headsTooMany(graph, policy)
    if (heads.length === 0) return []
    const message = `${ref} has ${describeHeads(graph, heads)}.`
    const hint = `Run \`${joinCommands(graph, policy)}\` on ${placeOf(ref)}, and commit the result.`
    return [{code: 'DIVERGENT_HEADS', level: 'error', message, hint}]
  } catch (error) {
    if (!(error instanceof MigError)) throw error
    // A merge that cannot be evaluated here is left to the pull request check.
    return [{...findingOf(error), level: 'warning'}]
  }
}

/** Parses the stdin of the hook: "local-ref local-id remote-ref remote-id"; an id of zeros is a deletion. */
function pushedIn(input: string): readonly Pushed[] {
  return input.split('\n').flatMap((line) => {
    const [ref = '', commit = '', remoteRef = ''] = line.split(' ')
    return remoteRef.startsWith('refs/heads/') && !/^0+$/.test(commit) ? [{ref, commit, remoteRef}] : []
  })
}
