import {CommittedSettings} from '../../engine/merge-settings.ts'
import type {Project, ProjectOptions} from '../../engine/project.ts'
import type {Policy} from '../../git/policy.ts'
import type {Repository} from '../../git/repository.ts'
import type {Finding} from '../../script/finding.ts'
import {listOf} from '../../util/text.ts'
import type {Change} from './change.ts'

const keys = ['heads', 'labels', 'collisions'] as const

/** The policies that judge a change of the checkout. */
interface Policies {
  readonly policies: readonly Policy[]
  /** Whether the policy came in with the change. */
  readonly findings: readonly Finding[]
}

/**
 * Returns the policies that judge a change: the one before it, so that a policy cannot silence the report of the merge that
 * it comes with, and the current one.
 */
export async function policiesOf(
  project: Project,
  repository: Repository,
  {before}: Change,
  options: ProjectOptions,
): Promise<Policies> {
  const {policy} = project.settings
  const former =
    before === undefined ? policy : await new CommittedSettings(project, repository, options).policyBefore(before)
  if (former === 'code')
    return noted(
      [policy],
      'The policy before this change cannot be read without running code: only the new one was used.',
    )
  const changed = keys.filter((key) => valueOf(former, key) !== valueOf(policy, key))
  if (changed.length === 0) return {policies: [policy], findings: []}
  const changes = changed.map((key) => `\`${key}\` was ${valueOf(former, key)} and is ${valueOf(policy, key)}`)
  return noted([former, policy], `This change brings another policy: ${listOf(changes)}. Both were used.`)
}

function noted(policies: readonly Policy[], message: string): Policies {
  return {policies, findings: [{code: 'POLICY_CHANGED', level: 'warning', message}]}
}

function valueOf(policy: Policy, key: (typeof keys)[number]): string {
  return JSON.stringify(policy[key]) ?? 'not set'
}
