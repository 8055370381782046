/**
 * `npm run bench -- apply [REVISIONS]` prints what it costs to apply small revisions (a table and an index each) to
 * PostgreSQL with mig, and with what else can send the same statements.
 */
import {spawnSync} from 'node:child_process'
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {Migrator} from '@mikro-orm/migrations'
import {MikroORM} from '@mikro-orm/postgresql'
import {Client} from 'pg'
import {upgrade} from '../src/api/runs/migrate.ts'
import {upgradeSql} from '../src/api/runs/offline.ts'
import {createDatabase, dropAll} from '../test/support/databases.ts'
import type {TestDatabase} from '../test/support/databases.ts'

const rounds = 3

interface Way {
  readonly name: string
  /** Returns the milliseconds that applying took, without what comes before. */
  run(database: TestDatabase): Promise<number>
}

/** Prints a table of the ways, each with its median over several rounds, in which the ways take turns. */
export async function benchApply(count: number, say: (cells: readonly string[]) => void): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'mig-bench-apply-'))
  const ids = Array.from({length: count}, (_, i) => String(i).padStart(6, '0'))
  writeProject(folder, ids)
  const {sql} = await upgradeSql({cwd: folder, dialect: 'postgresql', target: 'heads'})
  const [head = '', ...messages] = sql.split('\n-- upgrade ').map((text) => `-- ${text}`)
  const ways = [
    mig(folder),
    rawClient(head, messages.map(withoutGuard)),
    ...(hasPsql() ? [psql(sql)] : []),
    migrator(folder),
  ]
  const times = new Map(ways.map(({name}) => [name, [] as number[]]))
  try {
    for (let round = 0; round < rounds; round++)
      for (const way of ways) {
        const database = await createDatabase('postgresql')
        times.get(way.name)?.push(await way.run(database))
        await database.drop()
      }
    const medians = new Map([...times].map(([name, all]) => [name, all.toSorted((a, b) => a - b)[rounds >> 1] ?? 0]))
    const mine = medians.get('mig upgrade') ?? 0
    say([`apply ${count} revisions`, 'median', 'a revision', 'mig is'])
    for (const [name, median] of medians)
      say([name, `${median.toFixed(0)} ms`, `${(median / count).toFixed(2)} ms`, `${(mine / median).toFixed(2)} x`])
  } finally {
    rmSync(folder, {recursive: true, force: true})
    await dropAll()
  }
}

const statementsOf = (id: string): readonly string[] => [
  `create table t_${id} (id serial primary key, name varchar(255) not null, at timestamptz null)`,
  `create index t_${id}_name on t_${id} (name)`,
]

function writeProject(folder: string, ids: readonly string[]): void {
  mkdirSync(join(folder, 'migrations/versions'), {recursive: true})
  mkdirSync(join(folder, 'classes'))
  writeFileSync(join(folder, 'package.json'), '{"type": "module"}')
  for (const [i, id] of ids.entries()) {
    const down = i === 0 ? 'null' : `'r${ids[i - 1]}'`
    const [table, index] = statementsOf(id)
    writeFileSync(
      join(folder, `migrations/versions/r${id}_x.ts`),
      `/** revision ${i} */\nexport const revision = 'r${id}'\nexport const downRevision = ${down}\nexport function upgrade(op) {\n  op.execute('${table}')\n  op.execute('${index}')\n}\n`,
    )
    const core = import.meta.resolve('@mikro-orm/migrations')
    writeFileSync(
      join(folder, `classes/Migration${id}.js`),
      `import {Migration} from ${JSON.stringify(core)}\nexport class Migration${id} extends Migration {\n  up() {\n    this.addSql('${table}')\n    this.addSql('${index}')\n  }\n}\n`,
    )
  }
}

/** Measured from the plan to the end, as the others are: connecting is none of it. */
function mig(folder: string): Way {
  return {
    name: 'mig upgrade',
    run: async ({url}) => {
      writeFileSync(join(folder, 'mig.config.js'), `export default {orm: '${url}'}\n`)
      let start = 0
      let end = 0
      await upgrade({
        cwd: folder,
        onEvent: ({kind}) => {
          if (kind === 'run-start') start = performance.now()
          if (kind === 'step-done') end = performance.now()
        },
      })
      return end - start
    },
  }
}

/** The guard of a script, which an online run does not need. */
function withoutGuard(message: string): string {
  return message.replace(/^do \$mig\$ begin if not .*\n/m, '')
}

/** The same SQL to the letter, one message a revision. */
function rawClient(head: string, messages: readonly string[]): Way {
  return {
    name: 'pg, a message a revision',
    run: async ({url}) => {
      const client = new Client(url)
      await client.connect()
      await client.query(head)
      const start = performance.now()
      for (const message of messages) await client.query(message)
      const time = performance.now() - start
      await client.end()
      return time
    },
  }
}

function psql(input: string): Way {
  return {
    name: 'psql -f',
    run: async ({url}) => {
      const start = performance.now()
      const {status, stderr} = spawnSync('psql', ['-q', '-X', '-v', 'ON_ERROR_STOP=1', url], {input})
      if (status !== 0) throw new Error(String(stderr))
      return performance.now() - start
    },
  }
}

function migrator(folder: string): Way {
  return {
    name: "MikroORM's Migrator",
    run: async ({url}) => {
      const orm = await MikroORM.init({
        clientUrl: url,
        entities: [],
        discovery: {warnWhenNoEntities: false},
        extensions: [Migrator],
        migrations: {path: join(folder, 'classes'), snapshot: false, allOrNothing: false, silent: true},
      })
      const start = performance.now()
      await orm.migrator.up()
      const time = performance.now() - start
      await orm.close(true)
      return time
    },
  }
}

function hasPsql(): boolean {
  return spawnSync('psql', ['--version']).status === 0
}
