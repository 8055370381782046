import {MigError} from '../../errors.ts'
import type {Finding} from '../../script/finding.ts'
import type {HookResult, RunHookOptions} from './hook-result.ts'

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
