import type {HookName} from '../../git/hook-script.ts'
import type {Finding} from '../../script/finding.ts'
import type {DatabaseOptions} from '../../engine/databases.ts'
import type {Divergence} from '../../engine/divergence.ts'

export interface RunHookOptions extends DatabaseOptions {
  readonly hook: HookName
  /** What git passes to the hook. */
  readonly args: readonly string[]
  /** What git writes to its stdin. */
  readonly input: string
}

/** What a hook has to say: mostly nothing. */
export interface HookResult {
  /** False when git is to stop. */
  readonly ok: boolean
  readonly findings: readonly Finding[]
  /** Several heads, after what brought them. */
  readonly divergence?: Divergence | undefined
}
