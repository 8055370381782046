import {interruptWaits} from '../project-promises.ts'
import {text} from '../render/safe/text.ts'
import type {SafeText} from '../render/safe/text.ts'
import {exit} from './watch-process.ts'

const exitStatus = {SIGINT: 130, SIGTERM: 143} as const

/** Texts for interruptions. */
export interface InterruptionTexts {
  /** Printed at the first signal. */
  readonly first: string
  /** Printed at the second signal, which ends the process. */
  readonly second: string
}

/** The first Ctrl-C stops the work of a command cleanly, the second one at once. */
export class Interruption {
  readonly #controller = new AbortController()
  #received: keyof typeof exitStatus | undefined

  constructor(texts: InterruptionTexts, say: (text: SafeText) => void) {
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => {
        this.#received ??= signal
        process.once(signal, () => {
          say(text`${texts.second}`)
          exit(exitStatus[signal])
        })
        say(text`${texts.first} A second signal ends mig at once.`)
        this.#controller.abort()
        void interruptWaits()
      })
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** Returns the exit status of the command, given that of an interruption. */
  statusOf(status: number): number {
    return status === exitStatus.SIGINT && this.#received !== undefined ? exitStatus[this.#received] : status
  }
}

/** Texts for commands that use temporary databases. */
export const temporaryTexts: InterruptionTexts = {
  first: 'Interrupting; temporary databases are dropped.',
  second: 'Ended at once. A later run drops a temporary database that is left.',
}
