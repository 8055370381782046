import type {MigError} from '../../errors.ts'
import {CheckoutFailedError} from '../../git/errors.ts'
import type {OnEvent} from '../../runner/events.ts'
import {shellWord} from '../../util/shell.ts'
import {listOf} from '../../util/text.ts'
import type {Destination} from './destination.ts'

type Checkout = NonNullable<Destination['checkout']>

/** Returns the git command of a checkout. */
export function checkoutCommand({args}: Pick<Checkout, 'args'>): string {
  return `git ${args.map(shellWord).join(' ')}`
}

/**
 * Checks out the destination. A checkout that git does not finish is undone. A failing hook of the user does not undo a
 * checkout, so it is only reported.
 *
 * @throws MigError GIT_FAILED
 */
export async function checkOut(checkout: Checkout, onEvent: OnEvent): Promise<void> {
  const {
    repository: {root},
    args,
    name,
    branch,
    commit,
  } = checkout
  const [{gitFailure, tryGit}, {currentCheckout, currentTree}, {CheckoutFiles}] = await Promise.all([
    import('../../git/run-git.ts'),
    import('../../git/destination.ts'),
    import('../../git/checkout-files.ts'),
  ])
  const before = await currentCheckout(root)
  const files = await CheckoutFiles.between(root, await currentTree(root), commit)
  const {status, stderr} = await tryGit(root, args, {isUninterrupted: true})
  const now = await currentCheckout(root)
  const failure = gitFailure(args, stderr, status)
  const again = `git switch --force ${before.branch === undefined ? `--detach ${before.commit}` : shellWord(before.branch)}`
  if (now.branch === branch && (branch !== undefined || now.commit === commit)) {
    const unfinished = await files.unfinished()
    if (unfinished.length > 0) throw unfinishedAt(checkout, unfinished, failure.reason, again)
    if (status === 0) return
    const said = stderr.trim().split('\n').at(-1)
    const reason = said === undefined || said === '' ? `it exited with status ${status}` : said
    onEvent({kind: 'note', text: `git switched to ${name}, but its post-checkout hook failed: ${reason}`})
    return
  }
  const isBack = now.branch === before.branch && now.commit === before.commit
  if (status === 0 || !isBack) throw elsewhere(checkout, now.branch ?? now.commit ?? 'no commit', isBack)
  const left = await files.undo()
  if (left.length === 0) throw failure
  const paths = left.map(({path}) => path)
  const cleaned = left.filter(({kind}) => kind === 'added').map(({path}) => shellWord(`:/${path}`))
  throw new CheckoutFailedError(failure.message, 'Fix the cause before you go on.', {
    place: `HEAD is still at ${before.branch ?? before.commit}, but git left changes in ${listOf(paths, 3)}`,
    commands: cleaned.length === 0 ? [again] : [again, `git clean -f -x -- ${cleaned.join(' ')}`],
    files: paths,
  })
}

/** Returns the error of files that git could not write or remove; git only prints that. */
function unfinishedAt({name, args}: Checkout, files: readonly string[], reason: string, again: string): MigError {
  return new CheckoutFailedError(
    `\`${checkoutCommand({args})}\` could not update ${listOf(files, 3)}: ${reason}.`,
    'Fix the cause before you go on.',
    {place: `HEAD is at ${name}, but git did not update ${listOf(files, 3)}`, commands: [again], files},
  )
}

/** Returns the error of a hook that leads somewhere else. */
function elsewhere({args}: Checkout, place: string, isBack: boolean): MigError {
  return new CheckoutFailedError(
    `After \`${checkoutCommand({args})}\`, the checkout is at ${place}: a git hook may have changed it.`,
    'Look at the hook `post-checkout`.',
    {place: `The checkout is ${isBack ? 'still ' : ''}at ${place}`, commands: [], files: []},
  )
}
