import {mkdirSync, symlinkSync, writeFileSync} from 'node:fs'
import {join, resolve} from 'node:path'

/** A tool, and what it takes to run its migrations. */
export interface Peer {
  readonly name: string
  /** Arguments of Node that run all migrations of a project on a database. */
  readonly args: (folder: string, url: string) => readonly string[]
  /** Writes the project: one table for each number. */
  readonly write: (folder: string, numbers: readonly string[]) => void
}

const here = resolve(import.meta.dirname, 'peers')
const program = resolve(import.meta.dirname, '../bin/mig.js')

const statementOf = (n: string): string => `create table t_${n} (id integer primary key, name varchar(255) not null)`

/** A tool that is run by a script in `bench/peers`, with a file for each migration. */
function scripted(name: string, fileOf: (n: string) => {readonly file: string; readonly text: string}): Peer {
  return {
    name,
    args: (folder, url) => [join(here, `${name}.js`), url, join(folder, 'files')],
    write: (folder, numbers) => {
      writeFileSync(join(folder, 'package.json'), '{"type": "module"}')
      symlinkSync(join(here, 'node_modules'), join(folder, 'node_modules'))
      mkdirSync(join(folder, 'files'))
      for (const n of numbers) {
        const {file, text} = fileOf(n)
        writeFileSync(join(folder, 'files', file), text)
      }
    },
  }
}

/** mig itself, with revisions in one of its languages. */
function mig(language: 'sql' | 'ts'): Peer {
  const textOf = {
    sql: (n: string, down: string) =>
      `-- revision: r${n}\n-- revises: ${down || 'base'}\n\n-- upgrade\n${statementOf(n)};\n\n-- downgrade\ndrop table t_${n};\n`,
    ts: (n: string, down: string) =>
      `/** revision ${n} */\nexport const revision = 'r${n}'\nexport const downRevision = ${down ? `'${down}'` : 'null'}\nexport function upgrade(op) {\n  op.execute('${statementOf(n)}')\n}\n`,
  }[language]
  return {
    name: `mig, .${language}`,
    args: (folder) => [program, 'upgrade', '-q', '-c', join(folder, 'mig.config.js')],
    write: (folder, numbers) => {
      mkdirSync(join(folder, 'migrations/versions'), {recursive: true})
      writeFileSync(join(folder, 'package.json'), '{"type": "module"}')
      writeFileSync(join(folder, 'mig.config.js'), 'export default {orm: process.env.MIG_BENCH_URL}\n')
      for (const [i, n] of numbers.entries()) {
        const previous = numbers[i - 1]
        const text = textOf(n, previous === undefined ? '' : `r${previous}`)
        writeFileSync(join(folder, `migrations/versions/r${n}_x.${language}`), text)
      }
    },
  }
}

export const peers: readonly Peer[] = [
  mig('sql'),
  mig('ts'),
  scripted('knex', (n) => ({
    file: `${n}_x.js`,
    text: `export const up = (knex) => knex.raw('${statementOf(n)}')\nexport const down = () => {}\n`,
  })),
  scripted('node-pg-migrate', (n) => ({
    file: `${n}_x.js`,
    text: `export const up = (pgm) => pgm.sql('${statementOf(n)}')\nexport const down = false\n`,
  })),
  scripted('kysely', (n) => ({
    file: `${n}_x.js`,
    text: `import {sql} from 'kysely'\nexport const up = (db) => sql\`${statementOf(n)}\`.execute(db)\n`,
  })),
  {
    ...scripted('drizzle-orm', (n) => ({file: `${n}_x.sql`, text: statementOf(n)})),
    write: (folder, numbers) => {
      mkdirSync(join(folder, 'files/meta'), {recursive: true})
      const entries = numbers.map((n, idx) => ({idx, version: '7', when: idx + 1, tag: `${n}_x`, breakpoints: true}))
      writeFileSync(
        join(folder, 'files/meta/_journal.json'),
        JSON.stringify({version: '7', dialect: 'postgresql', entries}),
      )
      for (const n of numbers) writeFileSync(join(folder, `files/${n}_x.sql`), statementOf(n))
    },
  },
  scripted('typeorm', (n) => ({
    file: `${n}-x.js`,
    text: `export class X1700000000${n.slice(-3)} {\n  up(runner) { return runner.query('${statementOf(n)}') }\n  async down() {}\n}\n`,
  })),
  scripted('mikro-orm', (n) => ({
    file: `Migration${n}.js`,
    text: `import {Migration} from '@mikro-orm/migrations'\nexport class Migration${n} extends Migration {\n  up() { this.addSql('${statementOf(n)}') }\n}\n`,
  })),
]
