import {PassThrough} from 'node:stream'
import {setTimeout} from 'node:timers/promises'
import {stripVTControlCharacters} from 'node:util'
import {expect} from 'chai'
import type {RunEvent} from '../../src/api/events.ts'
import {lineOf} from '../../src/cli/event-line.ts'
import {LiveProgress} from '../../src/cli/progress.ts'
import type {Paint} from '../../src/cli/style.ts'
import {text} from '../../src/render/safe/text.ts'
import {mig} from '../support/cli.ts'
import {createDatabase} from '../support/databases.ts'
import {Folder} from '../support/folder.ts'
import {hasTerminals, migOnTerminal} from '../support/terminal.ts'

const plain: Paint = (_, value) => text`${value}`
const step = {direction: 'upgrade', revision: 'a1', message: 'add users', database: 'x'} as const
const holder = {name: 'mig ana@laptop', session: 12, since: '2026-11-21T10:00:00.000Z'}
const blocker = {session: 7, name: 'psql', ageMs: 35_000, query: 'select *\n  from users'}

const lines: readonly {readonly event: RunEvent; readonly line: string | undefined}[] = [
  {event: {kind: 'run-start', steps: 3}, line: undefined},
  {event: {kind: 'note', text: 'by the way'}, line: 'by the way'},
  {event: {kind: 'step-done', ...step, durationMs: 1234}, line: 'applied a1, add users (1.2 s)'},
  {
    event: {kind: 'lock-wait', database: 'db', holder, waitedMs: 0},
    line: 'waiting for mig ana@laptop (session 12, since 2026-11-21T10:00:00.000Z), which has locked db',
  },
  {
    event: {kind: 'lock-wait', database: 'db', holder: undefined, waitedMs: 61_000},
    line: 'waiting for the lock of db, for 1 min 1 s now',
  },
  {
    event: {kind: 'blocked', by: [blocker], waitedMs: 1000},
    line: 'waiting for session 7 (psql, for 35 s: select * from users)',
  },
  {
    event: {kind: 'retry', attempt: 1, attempts: 4, pauseMs: 2000, reason: 'lock timeout'},
    line: 'lock timeout: retrying in 2 s (1 of 4)',
  },
]

describe('progress', () => {
  for (const {event, line} of lines)
    it(`says of ${event.kind}: ${line ?? 'nothing'}`, () => {
      expect(lineOf(event, plain)?.value).to.equal(line)
    })

  it('draws a bar, the revision that is being run, and what it does or waits for', async () => {
    const stream = Object.assign(new PassThrough(), {isTTY: true, columns: 120, rows: 30})
    let drawn = ''
    stream.on('data', (chunk: Buffer) => (drawn += stripVTControlCharacters(chunk.toString())))
    const progress = new LiveProgress(stream as unknown as NodeJS.WriteStream, plain, false)
    progress.hear({kind: 'run-start', steps: 2})
    progress.hear({kind: 'step-start', ...step})
    progress.hear({kind: 'statement', sql: 'create table users\n  (id integer)'})
    await setTimeout(150)
    progress.hear({kind: 'blocked', by: [blocker], waitedMs: 1000})
    progress.hear({kind: 'step-done', ...step, durationMs: 5})
    progress.print(text`applied a1`)
    progress.end()
    await setTimeout(10)
    expect(drawn).to.match(/a1, add users \d+ ms {2}create table users \(id integer\)/)
    expect(drawn).to.contain('waits for session 7')
    expect(drawn).to.contain('........................ 0/2').and.to.contain('############............ 1/2')
    expect(drawn).to.contain('applied a1\n')
  })

  it('is plain lines on a terminal without a size', async function () {
    if (!hasTerminals) this.skip()
    const database = await createDatabase('sqlite')
    const {path: cwd} = new Folder().writeGraph('a')
    const {output} = await migOnTerminal('upgrade', [], {cwd, env: {MIG_DATABASE_URL: database.url}})
    expect(output).to.match(/^applied a, revision a \(\d+ ms\)\nThe database is at a: /)
    await database.drop()
  })

  it('is lines with the time, or lines of JSON, where it is asked for', async () => {
    const database = await createDatabase('sqlite')
    const {path: cwd} = new Folder().writeGraph('a <- b')
    const env = {MIG_DATABASE_URL: database.url}
    const {stderr} = await mig('upgrade a --timestamps', {cwd, env})
    expect(stderr).to.match(/^\d{4}-\d\d-\d\dT[\d:.]+Z applied a, revision a \(\d+ ms\)\n$/)
    const {stdout} = await mig('upgrade --json-lines', {cwd, env})
    const events = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as {readonly kind: string; readonly time: string; readonly heads?: string[]})
    expect(events.map(({kind}) => kind)).to.deep.equal([
      'run-start',
      'plan',
      'step-start',
      'statement',
      'step-done',
      'result',
    ])
    expect(events.at(-1)?.heads).to.deep.equal(['b'])
    await database.drop()
  })
})
