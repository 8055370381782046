import {compareVersions, messageOfName, namesIn, textOf} from '../folder.ts'
import type {ForeignMigration, HistoryFolder, Tool} from '../history.ts'
import {codeMigration, isCode, packageOf} from '../record-code.ts'
import type {MigrationCode, Recording, RunCode} from '../record-code.ts'
import {sqlBody} from '../sql-body.ts'

/** The methods of node-pg-migrate's class `MigrationBuilder` that are used. */
interface Builder {
  enableReverseMode(): void
  getSqlSteps(): readonly string[]
  isUsingTransaction(): boolean
}

type BuilderClass = new (database: object, shorthands: object, decamelize: boolean, logger: object) => Builder

type Action = (builder: Builder, done?: () => void) => unknown

export const nodePgMigrate: Tool = {
  title: 'node-pg-migrate',
  table: 'pgmigrations',
  files: {pattern: /^\d[^/]*\.(?:[cm]?[jt]s|sql)$/, described: 'there is no file such as 1767225600000_add-users.js'},
  async read(folder) {
    const files = namesIn(folder, 'file')
      .filter((name) => /^\d/.test(name) && (isCode(name) || name.endsWith('.sql')))
      .toSorted((one, other) => compareVersions(numberOf(one), numberOf(other)))
    const migrations: ForeignMigration[] = []
    // Type shorthands of a migration hold for later ones, too.
    const shorthands = {}
    for (const file of files) {
      const name = file.replace(/\.\w+$/, '')
      const own = {name, id: name, message: messageOfName(name), file}
      if (file.endsWith('.sql')) migrations.push(await sqlMigration(folder, own))
      else migrations.push(await codeMigration(folder, own, async (module) => codeOf(folder, module, shorthands)))
    }
    return migrations
  },
  applied: (rows) => rows.map(({name}) => ({name: String(name)})),
}

function numberOf(file: string): string {
  return /^\d+/.exec(file)?.[0] ?? '0'
}

async function sqlMigration(
  folder: HistoryFolder,
  own: Pick<ForeignMigration, 'name' | 'id' | 'message' | 'file'>,
): Promise<ForeignMigration> {
  const source = textOf(folder, own.file)
  const [before = '', down] = source.split(/^\s*--[\s-]*down\s+migration.*$/im)
  const up = before.replace(/^\s*--[\s-]*up\s+migration.*$/im, '')
  return {...own, source, body: await sqlBody({up, down}, folder.dialect)}
}

async function codeOf(
  folder: HistoryFolder,
  module: Readonly<Record<string, unknown>>,
  shorthands: object,
): Promise<MigrationCode> {
  const {MigrationBuilder} = (await packageOf(folder, 'node-pg-migrate')) as {readonly MigrationBuilder: BuilderClass}
  Object.assign(shorthands, module['shorthands'])
  const known = {...shorthands}
  let isTransactional = true
  const run =
    (action: unknown, isReversed: boolean): RunCode =>
    async (recording) => {
      if (typeof action !== 'function') recording.refuse('it exports no function up')
      const builder = new MigrationBuilder(withoutDatabase(recording), known, false, console)
      if (isReversed) builder.enableReverseMode()
      await call(action as Action, builder)
      recording.statements.push(...builder.getSqlSteps())
      isTransactional &&= builder.isUsingTransaction()
    }
  const {up, down} = module
  const code = {up: run(up, false), down: down === false ? undefined : run(down ?? up, down === undefined)}
  return {
    ...code,
    get transactional() {
      return isTransactional
    },
  }
}

async function call(action: Action, builder: Builder): Promise<void> {
  if (action.length < 2) await action(builder)
  else await new Promise<void>((done) => void action(builder, done))
}

function withoutDatabase(recording: Recording): object {
  const refuse = async (): Promise<never> => recording.refuse('it uses `pgm.db`')
  return {query: refuse, select: refuse}
}
