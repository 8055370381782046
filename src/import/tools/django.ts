import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {ImportRefusedError} from '../errors.ts'
import {messageOfName} from '../folder.ts'
import type {Body, ForeignMigration, HistoryFolder, Tool} from '../history.ts'
import {runProgram} from '../run-program.ts'
import type {ProgramRun} from '../run-program.ts'
import {sqlBody} from '../sql-body.ts'
import {historyScript, startOfHistory} from './django-script.ts'

/** A migration as the script in Django describes it. Names are `app.name`. */
interface Described {
  readonly app: string
  readonly name: string
  /** Migrations of the same application that it follows, and those of others. */
  readonly parents: readonly string[]
  readonly dependsOn: readonly string[]
  readonly replaces: readonly string[]
  readonly isAtomic: boolean
  /** The path below the folder, or that of the installed package. */
  readonly file: string
  readonly source: string
  readonly up: Direction
  readonly down: Direction
}

type Direction = {readonly sql: string} | {readonly reason: string}

export const django: Tool = {
  title: 'Django',
  table: 'django_migrations',
  files: {pattern: /^manage\.py$/, described: 'there is no manage.py'},
  async read(folder) {
    const described = await describedIn(folder)
    return Promise.all(
      described.map(async (migration): Promise<ForeignMigration> => {
        const {app, name, parents, dependsOn, file, source} = migration
        return {
          ...{name: `${app}.${name}`, id: `${app}.${name}`, message: messageOfName(name)},
          ...{parents, dependsOn, labels: parents.length === 0 ? [app] : [], file, source},
          body: await bodyOf(migration, folder),
        }
      }),
    )
  },
  applied(rows, migrations) {
    const recorded = new Set(rows.map(({app, name}) => `${String(app)}.${String(name)}`))
    const replacements = migrations.map(({name, source}) => ({name, replaced: replacedIn(source)}))
    // Django records a squashed migration when it first runs after all that it replaces.
    for (const {name, replaced} of replacements)
      if (replaced.length > 0 && replaced.every((one) => recorded.has(one))) recorded.add(name)
    const known = new Set(migrations.map(({name}) => name))
    const gone = new Set(replacements.flatMap(({name, replaced}) => (recorded.has(name) ? replaced : [])))
    return [...recorded].filter((name) => known.has(name) || !gone.has(name)).map((name) => ({name}))
  },
}

/** The line of a source that names what a squashed migration replaces. */
const replacedLine = '# replaces: '

function replacedIn(source: string): readonly string[] {
  if (!source.startsWith(replacedLine)) return []
  const [line = ''] = source.slice(replacedLine.length).split('\n', 1)
  return line.split(' ')
}

/** @throws MigError IMPORT_REFUSED */
async function describedIn(folder: HistoryFolder): Promise<readonly Described[]> {
  if (!existsSync(join(folder.path, 'manage.py')))
    throw new ImportRefusedError(folder.shown, 'it has no manage.py', "Pass the folder of the project's manage.py.")
  const {output, failure} = await runInDjango(folder)
  const start = output.indexOf(startOfHistory)
  if (failure !== undefined || start === -1)
    throw new ImportRefusedError(
      `${folder.shown}/manage.py`,
      `Django does not run: ${failure ?? 'it printed nothing'}`,
      '`python manage.py showmigrations` must work there, as in the virtual environment of the project.',
    )
  const migrations = JSON.parse(output.slice(start + startOfHistory.length)) as readonly Described[]
  return migrations.map((migration) =>
    migration.replaces.length === 0
      ? migration
      : {...migration, source: `${replacedLine}${migration.replaces.join(' ')}\n${migration.source}`},
  )
}

/** Runs the script with the Python of the project: that of its virtual environment, or the first on the `PATH`. */
async function runInDjango({path}: HistoryFolder): Promise<ProgramRun> {
  const own = ['.venv/bin/python', 'venv/bin/python'].map((file) => join(path, file)).filter(existsSync)
  const active = process.env['VIRTUAL_ENV'] === undefined ? [] : ['python']
  for (const python of [...active, ...own, 'python3', 'python']) {
    const run = await runProgram(python, ['manage.py', 'shell', '--command', historyScript], path)
    if (!run.isMissing) return run
  }
  return {output: '', failure: 'there is no python on the PATH', isMissing: true}
}

async function bodyOf({up, down, source, isAtomic}: Described, {dialect}: HistoryFolder): Promise<Body> {
  if ('reason' in up) return {kind: 'open', reason: up.reason, code: source}
  const transactional = isAtomic ? undefined : false
  if ('sql' in down) return sqlBody({up: up.sql, down: down.sql, transactional}, dialect)
  const note = `Its downgrade was not imported: ${down.reason}.`
  return sqlBody({up: up.sql, down: undefined, transactional, note}, dialect)
}
