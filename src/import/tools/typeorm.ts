import type {Dialect} from '../../dialects/dialect.ts'
import {ImportRefusedError} from '../errors.ts'
import {compareVersions, namesIn} from '../folder.ts'
import type {ForeignMigration, HistoryFolder, Tool} from '../history.ts'
import {codeMigration, isCode, packageOf} from '../record-code.ts'
import type {MigrationCode, Recording, RunCode} from '../record-code.ts'

const types: Readonly<Record<Dialect, string>> = {
  postgresql: 'postgres',
  sqlite: 'better-sqlite3',
  mysql: 'mysql',
  mariadb: 'mariadb',
}

interface MemoryQuery {
  readonly query: string
  readonly parameters?: readonly unknown[] | undefined
}

/** The members of TypeORM's `QueryRunner` that are used. */
interface QueryRunner {
  query: (sql: string, parameters?: readonly unknown[]) => Promise<unknown>
  enableSqlMemory(): void
  getMemorySql(): {readonly upQueries: MemoryQuery[]}
}

type DataSourceClass = new (options: object) => {createQueryRunner(): QueryRunner}

interface Migration {
  readonly name?: string
  readonly transaction?: boolean
  up(runner: QueryRunner): Promise<unknown>
  down(runner: QueryRunner): Promise<unknown>
}

type MigrationClass = new () => Migration

export const typeorm: Tool = {
  title: 'TypeORM',
  table: 'migrations',
  files: {pattern: /^(?![^/]*\.d\.[cm]?ts$)[^/]+\.[cm]?[jt]s$/, described: 'there is no .ts or .js file'},
  async read(folder) {
    const open = await openRunner(folder)
    const migrations: ForeignMigration[] = []
    for (const file of namesIn(folder, 'file').filter(isCode)) {
      let name = ''
      const migration = await codeMigration(folder, {name, id: name, message: '', file}, (module) => {
        const [found, ...others] = [...new Set(Object.values(module).filter(isMigration))]
        if (found === undefined || others.length > 0)
          throw new ImportRefusedError(
            `${folder.shown}/${file}`,
            'it does not export a single class with the methods `up` and `down`',
            'Move the file away if it is no migration, and several migrations to files of their own.',
          )
        name = new found().name ?? found.name
        return codeOf(found, open)
      })
      migrations.push({...migration, name, id: name, message: messageOf(name)})
    }
    return migrations.toSorted((one, other) => compareVersions(timeOf(one.name), timeOf(other.name)))
  },
  applied: (rows) => rows.map(({name}) => ({name: String(name)})),
}

/** Returns the time at the end of the name of a class. */
function timeOf(name: string): string {
  return /\d+$/.exec(name)?.[0] ?? '0'
}

/** Returns the words of the name of a class: `AddUsers1700000000000` gives "add users". */
function messageOf(name: string): string {
  const words = name.replace(/\d+$/, '').replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, ' ')
  return words === '' ? name : words.toLowerCase()
}

function isMigration(value: unknown): value is MigrationClass {
  if (typeof value !== 'function') return false
  const {prototype} = value as {readonly prototype?: Partial<Migration>}
  return typeof prototype?.up === 'function' && typeof prototype.down === 'function'
}

function codeOf(found: MigrationClass, open: (recording: Recording) => QueryRunner): MigrationCode {
  const run =
    (direction: 'up' | 'down'): RunCode =>
    async (recording) => {
      const runner = open(recording)
      await new found()[direction](runner)
      for (const {query, parameters = []} of runner.getMemorySql().upQueries) {
        if (parameters.length > 0) recording.refuse('it runs a query with parameters')
        recording.statements.push(query)
      }
    }
  return {up: run('up'), down: run('down'), transactional: new found().transaction}
}

/** Returns a function that creates a query runner of the project's TypeORM that keeps its statements in memory. */
async function openRunner(folder: HistoryFolder): Promise<(recording: Recording) => QueryRunner> {
  const {DataSource} = (await packageOf(folder, 'typeorm')) as {readonly DataSource: DataSourceClass}
  return (recording) => {
    const runner = new DataSource({type: types[folder.dialect], database: ':memory:'}).createQueryRunner()
    runner.enableSqlMemory()
    // TypeORM would send these in spite of the memory.
    runner.query = async (query, parameters) => {
      recording.refuseReading(query)
      runner.getMemorySql().upQueries.push({query, parameters})
    }
    return runner
  }
}
