import {createLogUpdate} from 'log-update'
import {describeBlocker} from '../api/events.ts'
import type {RunEvent} from '../api/events.ts'
import {formatDuration} from '../util/duration.ts'
import {listOf} from '../util/text.ts'
import {joined, printed, text} from '../render/safe/text.ts'
import type {SafeText} from '../render/safe/text.ts'
import {placeOf} from './event-line.ts'
import type {Paint} from './style.ts'

const redrawMs = 100
const barWidth = 24

/** The revision that is being run. */
interface Running {
  readonly title: SafeText
  readonly since: number
  doing: string
}

/**
 * Draws a run on a terminal: a line for each revision that is done, and below them a line for the one that is being run
 * and a bar for the whole.
 */
export class LiveProgress {
  readonly #draw: ReturnType<typeof createLogUpdate>
  readonly #paint: Paint
  readonly #bar: {readonly full: string; readonly empty: string}
  readonly #start = performance.now()
  readonly #timer: NodeJS.Timeout
  #total = 0
  #done = 0
  #running: Running | undefined

  constructor(stream: NodeJS.WriteStream, paint: Paint, isUnicode: boolean) {
    this.#draw = createLogUpdate(stream)
    this.#paint = paint
    this.#bar = isUnicode ? {full: '█', empty: '░'} : {full: '#', empty: '.'}
    this.#timer = setInterval(() => this.#redraw(), redrawMs).unref()
  }

  /** Prints a line that stays. */
  print(line: SafeText): void {
    this.#draw.persist(printed(line))
    this.#redraw()
  }

  hear(event: RunEvent): void {
    switch (event.kind) {
      case 'tenants-start':
        this.#total = event.tenants
        break
      case 'tenant-done':
        this.#done++
        break
      case 'run-start':
        if (event.tenant === undefined) this.#total = event.steps
        break
      case 'step-start': {
        const {revision, message} = event
        const title = text`${this.#paint('id', revision)}${placeOf(event)}${message === '' ? '' : `, ${message}`}`
        // Several tenants may run in parallel, so only the bar shows them.
        if (event.tenant === undefined) this.#running = {title, since: performance.now(), doing: ''}
        break
      }
      case 'statement':
        this.#say(event.sql.trim().replaceAll(/\s+/g, ' '))
        break
      case 'blocked':
        this.#say(`waits for ${listOf(event.by.map(describeBlocker), 2)}`)
        break
      case 'retry':
        this.#say(`retrying in ${formatDuration(event.pauseMs)}: ${event.reason}`)
        break
      case 'step-done':
        if (event.tenant === undefined) this.#done++
        this.#running = undefined
        break
      case 'plan':
      case 'note':
      case 'lock-wait':
    }
    this.#redraw()
  }

  /** Takes the live lines away. */
  end(): void {
    clearInterval(this.#timer)
    this.#draw.clear()
    this.#draw.done()
  }

  #say(doing: string): void {
    if (this.#running !== undefined) this.#running.doing = doing
  }

  #redraw(): void {
    if (this.#total === 0) return
    const now = performance.now()
    const full = Math.round((barWidth * this.#done) / this.#total)
    const bar = this.#bar.full.repeat(full) + this.#bar.empty.repeat(barWidth - full)
    const lines = [text`${bar} ${this.#done}/${this.#total} ${this.#paint('dim', formatDuration(now - this.#start))}`]
    if (this.#running !== undefined) {
      const {title, since, doing} = this.#running
      const elapsed = formatDuration(now - since)
      lines.unshift(text`  ${title} ${this.#paint('dim', `${elapsed}  ${cut(doing, 60)}`)}`)
    }
    this.#draw(printed(joined(lines, '\n')))
  }
}

function cut(line: string, length: number): string {
  return line.length > length ? `${line.slice(0, length - 1)}…` : line
}
