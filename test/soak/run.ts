/**
 * Random tests that go on for as long as asked:
 *
 *     npm run soak -- --transitions 1000000      random lives on random histories
 *     npm run soak -- --squash --transitions 1000000  the same, with squashes
 *     npm run soak -- --crash --seconds 600      random faults on random histories, on real databases
 *     npm run soak -- --lock --times 500         eight runs at once on an empty database
 *     npm run soak -- --folder-lock --times 1000 four processes at once take the lock of a PGlite folder
 *     npm run soak -- --state --seconds 600      random revisions: what mig says of the database is what is there
 *     npm run soak -- --entities --seconds 600   random changes of random entities, on real databases
 *
 * All take `--seed N` or `--database postgresql|mariadb|mysql|sqlite`, where it has a meaning.
 */
import {inspect, parseArgs} from 'node:util'
import * as fc from 'fast-check'
import {databaseKinds, dropAll} from '../support/databases.ts'
import type {DatabaseKind} from '../support/databases.ts'
import {soakCrash} from './crash.ts'
import {soakEntities} from './entities/soak.ts'
import {soakFolderLock} from './folder-lock.ts'
import {live, lives} from './graph.ts'
import {soakLock} from './lock.ts'
import {squashSoak} from './squash.ts'
import {soakState} from './state.ts'

const {values} = parseArgs({
  options: {
    transitions: {type: 'string', default: '100000'},
    squash: {type: 'boolean', default: false},
    crash: {type: 'boolean', default: false},
    lock: {type: 'boolean', default: false},
    'folder-lock': {type: 'boolean', default: false},
    state: {type: 'boolean', default: false},
    entities: {type: 'boolean', default: false},
    seconds: {type: 'string', default: '60'},
    times: {type: 'string', default: '500'},
    database: {type: 'string'},
    seed: {type: 'string'},
  },
})
const firstSeed = values.seed === undefined ? Date.now() % 2 ** 31 : Number(values.seed)
const say = (line: string): void => void process.stdout.write(`${line}\n`)

function soakGraph(wanted: number): void {
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
        throw new Error(`seed ${seed}, after ${done} transitions`, {cause: error})
      }
      if (done >= wanted) break
    }
    if (done - reported >= 100_000) {
      reported = done
      say(`${done} transitions`)
    }
  }
  say(`${done} transitions in ${histories} histories: nothing found`)
}

function soakSquash(wanted: number): void {
  say(`seed ${firstSeed}: ${wanted} transitions`)
  const tally = squashSoak(wanted, firstSeed)
  for (const [what, times] of [...tally].toSorted(([a], [b]) => a.localeCompare(b))) say(`${what}: ${times}`)
  say(`${wanted} transitions: nothing found`)
}

/** The databases that are asked for, as far as this run has them. */
function kindsOf(name: string | undefined): readonly DatabaseKind[] {
  const known = databaseKinds.filter((kind) => kind !== 'pglite')
  const kinds = known.filter((kind) => name === undefined || kind === name)
  if (kinds.length === 0) throw new RangeError(`--database is one of ${known.join(', ')}`)
  return kinds
}

async function soakDatabases(): Promise<void> {
  const kinds = kindsOf(values.database)
  if (values.crash) {
    const share = (Number(values.seconds) * 1000) / kinds.length
    say(`seed ${firstSeed}: ${values.seconds} seconds on ${kinds.join(', ')}`)
    for (const kind of kinds) {
      const seen = await soakCrash(kind, firstSeed, performance.now() + share)
      say(`${kind}: ${[...seen].map(([what, n]) => `${what} ${n}`).join(', ')}: nothing found`)
    }
  } else
    for (const kind of kinds) {
      for (let time = 1; time <= Number(values.times); time++) {
        await soakLock(kind)
        if (time % 100 === 0) say(`${kind}: ${time} times`)
      }
      say(`${kind}: eight runs at once, ${values.times} times: nothing found`)
    }
}

/** Says every kind of fault that is found, and goes on; returns how many there were. */
async function soakModels(): Promise<number> {
  const kinds = kindsOf(values.database)
  const share = (Number(values.seconds) * 1000) / kinds.length
  say(`seed ${firstSeed}: ${values.seconds} seconds on ${kinds.join(', ')}`)
  let found = 0
  for (const kind of kinds) {
    const {faults, counts} = await soakEntities(kind, firstSeed, performance.now() + share, say)
    const seen = Object.entries(counts).map(([outcome, count]) => `${outcome} ${count}`)
    say(`\n${kind}: ${seen.join(', ')}: ${faults === 0 ? 'nothing' : `${faults} kinds of faults`} found`)
    found += faults
  }
  return found
}

async function soakSaid(): Promise<void> {
  const kinds = kindsOf(values.database)
  const share = (Number(values.seconds) * 1000) / kinds.length
  say(`seed ${firstSeed}: ${values.seconds} seconds on ${kinds.join(', ')}`)
  for (const kind of kinds) {
    const seen = await soakState(kind, firstSeed, performance.now() + share)
    say(`${kind}: ${[...seen].map(([what, n]) => `${what} ${n}`).join(', ')}: nothing found`)
  }
}

let status = 0
try {
  if (values['folder-lock']) {
    const counts = await soakFolderLock(Number(values.times), say)
    say(`four processes at once, ${values.times} times: ${JSON.stringify(counts)}`)
    status = counts.twice + counts.never + counts.failed > 0 ? 1 : 0
  } else if (values.entities) status = (await soakModels()) > 0 ? 1 : 0
  else if (values.state) await soakSaid()
  else if (values.crash || values.lock) await soakDatabases()
  else if (values.squash) soakSquash(Number(values.transitions))
  else soakGraph(Number(values.transitions))
} catch (error) {
  say(`found: ${inspect(error)}`)
  status = 1
} finally {
  await dropAll()
}
// A server that was started for this has the process end with 0 otherwise.
process.exit(status)
