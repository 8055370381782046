import {shellWord} from '../../util/shell.ts'
import type {OnEvent} from '../../runner/events.ts'
import type {Destination} from './destination.ts'

type Checkout = NonNullable<Destination['checkout']>

/** Returns the git command of a checkout. */
export function checkoutCommand({args}: Pick<Checkout, 'args'>): string {
  return `git ${args.map(shellWord).join(' ')}`
}

/**
 * Checks out the destination. A failing hook of the user does not undo a checkout, so it is only reported.
 *
 * @throws MigError GIT_FAILED
 */
export async function checkOut(
  {repository: {root}, args, name, branch, commit}: Checkout,
  onEvent: OnEvent,
): Promise<void> {
  const [{gitFailure, tryGit}, {currentCheckout}] = await Promise.all([
    import('../../git/run-git.ts'),
    import('../../git/destination.ts'),
  ])
  const {status, stderr} = await tryGit(root, args, {isUninterrupted: true})
  if (status === 0) return
  const now = await currentCheckout(root)
  const isThere = now.branch === branch && (branch !== undefined || now.commit === commit)
  if (!isThere) throw gitFailure(args, stderr, status)
  const said = stderr.trim().split('\n').at(-1)
  const reason = said === undefined || said === '' ? `it exited with status ${status}` : said
  onEvent({kind: 'note', text: `git switched to ${name}, but its post-checkout hook failed: ${reason}`})
}
