import {MigError} from '../../errors.ts'
import type {HookName} from '../../git/hook-script.ts'
import type {Finding} from '../../script/finding.ts'
import type {DatabaseOptions} from '../databases.ts'
import type {Divergence} from './divergence.ts'

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

/** Does what a git hook is for. It reads and says, and changes nothing. */
export async function runHook(options: RunHookOptions): Promise<HookResult> {
  switch (options.hook) {
    case 'post-merge':
    case 'post-rewrite': {
      const {afterChange} = await import('./hook-after-change.ts')
      return neverFailing(async () => afterChange(options))
    }
    case 'post-checkout': {
      const {afterCheckout} = await import('./hook-after-checkout.ts')
      return neverFailing(async () => afterCheckout(options))
    }
    case 'pre-commit': {
      const {beforeCommit} = await import('./hook-before-commit.ts')
      return resultOf(await beforeCommit(options))
    }
    case 'pre-push': {
      const {beforePush} = await import('./hook-before-push.ts')
      return resultOf(await beforePush(options))
    }
  }
}

function resultOf(findings: readonly Finding[]): HookResult {
  return {ok: findings.every(({level}) => level !== 'error'), findings}
}

/** What git has done already is not undone by an error: it is told. */
async function neverFailing(tell: () => Promise<Omit<HookResult, 'ok'>>): Promise<HookResult> {
  try {
    return {...(await tell()), ok: true}
  } catch (error) {
    if (!(error instanceof MigError)) throw error
    const {findingOf} = await import('../../script/finding.ts')
    return {ok: true, findings: [findingOf(error)]}
  }
}
