import {MigError} from '../../errors.ts'
import type {Finding} from '../../script/finding.ts'
import {onlyTrustedCode} from '../../engine/trusted-code.ts'
import type {HookResult, RunHookOptions} from './hook-result.ts'

/**
 * Runs a git hook of mig. Hooks only report; they change nothing, and run no code that the user has not run before.
 *
 * A hook that cannot check says so and lets git go on: stopping would force everybody to run the code of a checkout.
 */
export async function runHook(options: RunHookOptions): Promise<HookResult> {
  try {
    return await onlyTrustedCode(async () => resultOfHook({...options, literals: true}))
  } catch (error) {
    if (!(error instanceof MigError)) throw error
    // A branch may be older than the project.
    if (error.code === 'CONFIG_NOT_FOUND') return {ok: true, findings: []}
    const text = `${error.message} ${error.hint ?? ''}`
    if (error.code === 'UNTRUSTED_CODE') return {ok: true, findings: [], unchecked: text}
    if (isOfConfiguration(error)) return {ok: true, findings: [], unchecked: `nothing was checked: ${text}`}
    throw error
  }
}

/** Whether the configuration says nothing that a hook could check by. */
function isOfConfiguration({code}: MigError): boolean {
  return code === 'INVALID_CONFIG' || code === 'CONFIG_FAILED' || code === 'UNKNOWN_ENVIRONMENT'
}

async function resultOfHook(options: RunHookOptions): Promise<HookResult> {
  switch (options.hook) {
    case 'post-merge':
    case 'post-rewrite':
    case 'post-commit':
    case 'post-applypatch': {
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

/** An error in a `post-` hook cannot undo what git did, so it is reported as a finding. */
async function neverFailing(tell: () => Promise<Omit<HookResult, 'ok'>>): Promise<HookResult> {
  try {
    return {...(await tell()), ok: true}
  } catch (error) {
    if (!(error instanceof MigError) || error.code === 'CONFIG_NOT_FOUND' || isOfConfiguration(error)) throw error
    const {findingOf} = await import('../../script/finding.ts')
    return {ok: true, findings: [findingOf(error)]}
  }
}
