import type {HookName} from '../../git/hook-script.ts'
import type {Finding} from '../../script/finding.ts'
import type {DatabaseOptions} from '../../engine/databases.ts'
import type {Divergence} from '../../engine/divergence.ts'

export interface RunHookOptions extends DatabaseOptions {
  readonly hook: HookName
  /** Arguments that git passes to the hook. */
  readonly args: readonly string[]
  /** Standard input of the hook. */
  readonly input: string
  /** Whether what the hook needs is read from a literal configuration, without running it. */
  readonly literals?: boolean | undefined
}

/** Report of a hook; usually empty. */
export interface HookResult {
  /** False to stop git. */
  readonly ok: boolean
  readonly findings: readonly Finding[]
  /** Multiple heads and their origin. */
  readonly divergence?: Divergence | undefined
  /** Whether the policy allows the heads, which are reported because of what their revisions have in common. */
  readonly isAllowed?: boolean | undefined
  /** The commands that join the heads in excess of the policy, and apply the result. */
  readonly next?: readonly string[] | undefined
  /** The reason why nothing was checked, if any. */
  readonly unchecked?: string | undefined
}
