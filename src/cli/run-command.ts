import * as Flags from '@oclif/core/flags'
import type {MigrateOptions, MigrateResult, StepView} from '../api/migrate.ts'
import type {RunEvent} from '../api/databases.ts'
import {listOf, plural} from '../util/text.ts'
import {BaseCommand} from './base-command.ts'
import type {CommonOptions} from './base-command.ts'

type RunFlags = Parameters<BaseCommand['common']>[0] & {readonly 'dry-run': boolean}

const done = {upgrade: 'applied', downgrade: 'reverted', stamp: 'stamped'} as const

/** What the commands share that change a database: progress, interruption, the sentence at the end. */
export abstract class RunCommand extends BaseCommand {
  static override baseFlags = {
    ...BaseCommand.baseFlags,
    'dry-run': Flags.boolean({summary: 'Print the plan and change nothing'}),
  }

  /** Returns the options that every run takes. */
  protected runOptions(flags: RunFlags): CommonOptions & MigrateOptions {
    return {
      ...this.common(flags),
      dryRun: flags['dry-run'],
      onEvent: (event) => this.#noteEvent(event, flags),
      signal: this.#interruption(),
    }
  }

  /** Prints what a run came to. */
  protected report(result: MigrateResult, flags: RunFlags): MigrateResult {
    const {steps, heads} = result
    const stands = `The database stands on ${heads.length === 0 ? 'the base' : listOf(heads, 10)}`
    if (steps.length === 0) this.log(`${stands}: there is nothing to do.`)
    else if (flags['dry-run']) this.printLines(['The plan, of which nothing was done:', ...this.formatPlan(steps)])
    else this.log(`${stands}: ${plural(steps.length, 'revision')} ${done[steps[0]?.direction ?? 'upgrade']}.`)
    return result
  }

  /** Returns the steps of a plan, one on a line. */
  protected formatPlan(steps: readonly StepView[]): string[] {
    return steps.map(({direction, revision, message, heads, database, outOfOrder}) => {
      const where = database === undefined ? '' : ` on ${database}`
      const late = outOfOrder ? ', out of order' : ''
      const title = `${this.paint('id', revision)}${message === '' ? '' : `, ${message}`}`
      return `  ${direction}${where} ${title}${late} ${this.paint('dim', `-> ${heads.join(', ') || '<base>'}`)}`
    })
  }

  #noteEvent(event: RunEvent, flags: RunFlags): void {
    const paint = this.paintNote
    switch (event.kind) {
      case 'note':
        return this.note(paint('dim', event.text), flags)
      case 'plan':
        if (event.outOfOrder.length > 0) {
          const late = listOf(event.outOfOrder, 10)
          this.note(`${late} comes below what is applied already, and is applied now, out of order.`, flags)
        }
        return
      case 'step-done': {
        const message = event.message === '' ? '' : `, ${event.message}`
        const time = event.direction === 'stamp' ? '' : paint('dim', ` (${event.durationMs} ms)`)
        return this.note(`${done[event.direction]} ${paint('id', event.revision)}${message}${time}`, flags)
      }
      case 'step-start':
      case 'statement':
        return
    }
  }

  /** The first Ctrl-C stops the run cleanly, the second one at once. */
  #interruption(): AbortSignal {
    const controller = new AbortController()
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => {
        process.once(signal, () => process.exit(130))
        controller.abort()
      })
    return controller.signal
  }
}
