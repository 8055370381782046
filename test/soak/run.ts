/** `npm run soak -- --transitions 1000000 [--seed N]` lives random lives until so many steps were taken. */
import {parseArgs} from 'node:util'
import * as fc from 'fast-check'
import {live, lives} from './graph.ts'

const {values} = parseArgs({options: {transitions: {type: 'string', default: '100000'}, seed: {type: 'string'}}})
const wanted = Number(values.transitions)
const firstSeed = values.seed === undefined ? Date.now() % 2 ** 31 : Number(values.seed)
const say = (line: string): void => void process.stdout.write(`${line}\n`)

say(`seed ${firstSeed}: ${wanted} transitions`)
let done = 0
let histories = 0
let reported = 0
for (let seed = firstSeed; done < wanted; seed++) {
  for (const life of fc.sample(lives, {seed, numRuns: 100})) {
    try {
      done += live(life)
      histories++
    } catch (error) {
      say(JSON.stringify(life))
      say(`found at seed ${seed}, after ${done} transitions: ${error instanceof Error ? error.stack : String(error)}`)
      process.exit(1)
    }
    if (done >= wanted) break
  }
  if (done - reported >= 100_000) {
    reported = done
    say(`${done} transitions`)
  }
}
say(`${done} transitions in ${histories} histories: nothing found`)
