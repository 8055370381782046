import {MigError} from '../../errors.ts'
import {CheckoutFailedError, SwitchStoppedError} from '../../git/errors.ts'
import type {OnEvent} from '../../runner/events.ts'
import {RevisionFailedError} from '../../runner/run-errors.ts'
import {shellWord} from '../../util/shell.ts'
import {listOf} from '../../util/text.ts'
import type {Destination} from './destination.ts'
import type {SwitchPlan} from './plan.ts'
import type {SnapshotPlan} from './snapshots.ts'

/** The notes and the hint about a failure of a switch. */
interface Advice {
  /** Where the checkout and the database are, and how to resume unless the hint says it. */
  readonly notes: readonly string[]
  /** The hint of a revision that failed, which names the command of the switch. */
  readonly hint?: string | undefined
}

type AdviceOf = (error: unknown) => Advice

/** Runs a part of a switch; if it fails, emits notes, and names the command that resumes the switch. */
export async function advising<T>(
  {onEvent}: {readonly onEvent?: OnEvent | undefined},
  adviceOf: AdviceOf,
  go: () => Promise<T>,
): Promise<T> {
  try {
    return await go()
  } catch (error) {
    const {notes, hint} = adviceOf(error)
    for (const text of notes) onEvent?.({kind: 'note', text})
    if (hint === undefined || !(error instanceof MigError)) throw error
    const [message = '', ...details] = error.lines
    throw new MigError(error.code, message, {details, hint, data: error.data, cause: error})
  }
}

interface Reverting {
  readonly plans: readonly SwitchPlan[]
  readonly snapshots: readonly SnapshotPlan[]
  /** Whether current downgrades whose text differs from the applied one are run. */
  readonly trust: boolean
}

/** Returns the advice for a failure before the checkout. */
export function beforeCheckout({checkout}: Destination, {plans, snapshots, trust}: Reverting): AdviceOf {
  const target = checkout === undefined ? '' : ` ${shellWord(checkout.name)}`
  const command = `mig switch${target}${snapshots.length > 0 ? ' --snapshot' : ''}`
  const again = trust ? `${command} --trust` : command
  const kept = snapshots.find(({isKept}) => isKept)?.keptFor
  return (error) => {
    const {revision: failed} = error instanceof MigError ? Object(error.data) : {}
    const isApplied = plans.some(({sources}) =>
      sources.some(({revision, origin}) => revision.id === failed && origin === 'applied'),
    )
    const {place = 'The checkout is unchanged', commands = []} = error instanceof CheckoutFailedError ? error : {}
    const isToFix = isRevisionToFix(error)
    const run = listOf([...commands, again].map((each) => `\`${each}\``))
    const how =
      commands.length > 0
        ? `; after fixing the cause, run ${run} to resume`
        : isToFix
          ? ''
          : `; ${repairing(error)}run ${run} to resume`
    const back = isToFix
      ? '; run `mig upgrade heads` to return to this checkout'
      : ', or `mig upgrade heads` to return to this checkout'
    return {
      notes: [
        `${place}, and the database is where the run stopped${how}${checkout === undefined || commands.length > 0 ? '' : back}.`,
        ...(kept === undefined
          ? []
          : [
              `The snapshot of ${kept} is the database as it was; \`mig switch ${shellWord(kept)} --snapshot\` brings it back.`,
            ]),
        ...(isApplied && !isToFix
          ? [
              `${failed} is reverted with the text that was applied, read from git: if its downgrade is wrong, commit a corrected one and run \`${command} --trust\`.`,
            ]
          : []),
      ],
      ...(isToFix && {
        hint: trust
          ? `Fix the cause, or commit a corrected downgrade, and run \`${again}\`.`
          : `Fix the cause and run \`${again}\`; if the downgrade itself is wrong, commit a corrected one and run \`${again} --trust\`.`,
      }),
    }
  }
}

/** Returns the advice for a failure between the checkout and the exchange of a snapshot. */
export function beforeExchange({checkout, places}: Destination): AdviceOf {
  if (checkout === undefined || places === undefined) return () => ({notes: []})
  const back = gitBack(places)
  return () => ({
    notes: [
      `The checkout is at ${checkout.name}, and the database is still that of ${places.left}: run \`${back}\` and \`mig switch ${shellWord(checkout.name)} --snapshot\`, or \`mig switch\` to revert and apply revisions.`,
    ],
  })
}

/** Returns the command that checks out what a switch left. */
function gitBack({left, isBranch}: NonNullable<Destination['places']>): string {
  return `git switch ${isBranch ? '' : '--detach '}${shellWord(left)}`
}

/** Returns the advice for a failure after the checkout. */
export function afterCheckout({checkout, places}: Destination): AdviceOf {
  const place = checkout === undefined ? 'The checkout is unchanged' : `The checkout is at ${checkout.name}`
  return (error) => {
    const state = `${place}, and the database is where the run stopped`
    if (error instanceof SwitchStoppedError && places !== undefined)
      return {notes: [`${state}; to return, run \`${gitBack(places)}\` and \`mig upgrade heads\`.`]}
    return isRevisionToFix(error)
      ? {notes: [`${state}.`], hint: 'Fix the revision and run `mig switch`.'}
      : {notes: [`${state}; ${repairing(error)}run \`mig switch\` to resume.`]}
  }
}

function isRevisionToFix(error: unknown): boolean {
  return error instanceof RevisionFailedError && error.isToFix
}

/** A partially applied revision is resolved before anything else runs. */
function repairing(error: unknown): string {
  return error instanceof MigError && Object(error.data).partial === true ? 'after `mig repair`, ' : ''
}
