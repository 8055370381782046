import {readFileSync} from 'node:fs'
import {expect} from 'chai'
import {isOwnOf} from '../../src/baseline/baseline.ts'
import {read} from '../../src/baseline/trial.ts'
import {openScripts} from '../../src/engine/project.ts'
import {contextOf} from '../../src/engine/run-context.ts'
import {prove} from '../../src/rehearsal/commute/proof.ts'
import {databaseKinds, serverOf} from '../support/databases.ts'
import {Folder} from '../support/folder.ts'

interface Pair {
  readonly a: string
  readonly b: string
  readonly collides: boolean
}

interface Setting {
  readonly parent: string
  readonly changes: Map<string, string>
  readonly pairs: Pair[]
}

type Line = {readonly parent: string} | {readonly change: string; readonly sql: string} | Pair

/** Returns the recorded pairs: each in both orders on PostgreSQL, without rows. */
function recorded(): readonly Setting[] {
  const found: Setting[] = []
  for (const text of readFileSync('fixtures/conflicts/pairs.jsonl', 'utf8').trim().split('\n')) {
    const line = JSON.parse(text) as Line
    if ('parent' in line) found.push({parent: line.parent, changes: new Map(), pairs: []})
    else if ('change' in line) found.at(-1)?.changes.set(line.change, line.sql)
    else found.at(-1)?.pairs.push(line)
  }
  return found
}

/** Writes each change as a revision of either side. */
function projectOf({parent, changes}: Setting, url: string): Folder {
  const file = (id: string, below: string, sql: string): Record<string, string> => ({
    [`migrations/versions/${id}.sql`]: `-- revision: ${id}\n-- revises: ${below}\n\n-- upgrade\n${sql.replace(/;?\s*$/, '')};\n`,
  })
  const sides = [...changes.values()].flatMap((sql, i) => [file(`a${i}`, 'parent', sql), file(`b${i}`, 'parent', sql)])
  return new Folder().write(
    Object.assign({'mig.config.js': `export default {orm: '${url}'}\n`}, file('parent', 'none', parent), ...sides),
  )
}

if (databaseKinds.includes('postgresql'))
  describe('a proof agrees with recorded pairs of changes on PostgreSQL', () => {
    for (const [n, setting] of recorded().entries())
      it(`in setting ${n + 1}`, async () => {
        const {path: cwd} = projectOf(setting, await serverOf('postgresql'))
        const project = await openScripts({cwd})
        const context = contextOf(project, {cwd})
        const names = [...setting.changes.keys()]
        const waiting = [...setting.pairs]
        const wrong: string[] = []
        const work = async (): Promise<void> => {
          for (let pair = waiting.pop(); pair !== undefined; pair = waiting.pop()) {
            const heads = [`a${names.indexOf(pair.a)}`, `b${names.indexOf(pair.b)}`]
            const {proof} = await prove(
              context,
              heads,
              async (session) => (await read(session, {isOwn: isOwnOf(project, session)})).objects,
              {rows: false},
            )
            if (proof.commutes !== !pair.collides) wrong.push(`${pair.a} × ${pair.b}: ${JSON.stringify(proof)}`)
          }
        }
        await Promise.all([work(), work(), work()])
        expect(wrong).to.deep.equal([])
      })
  })
