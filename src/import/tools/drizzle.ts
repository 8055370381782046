import {hash} from 'node:crypto'
import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {ImportRefusedError} from '../errors.ts'
import {messageOfName, namesIn, textOf} from '../folder.ts'
import type {Body, ForeignMigration, HistoryFolder, Tool} from '../history.ts'
import {sqlBody} from '../sql-body.ts'

interface JournalEntry {
  readonly tag: string
  readonly when: number
}

/** The state of the entities after a migration, with those that it follows. */
interface Snapshot {
  readonly id: string
  readonly prevIds: readonly string[]
}

export const drizzle: Tool = {
  title: 'Drizzle',
  table: '__drizzle_migrations',
  files: {
    pattern: /^meta\/_journal\.json$|^[^/]+\/migration\.sql$/,
    described: 'there is no meta/_journal.json, and no folder with a migration.sql',
  },
  async read(folder) {
    return existsSync(join(folder.path, 'meta', '_journal.json')) ? readJournal(folder) : readFolders(folder)
  },
  applied(rows, migrations) {
    return rows.map((row) => {
      const [sum, time] = [String(row['hash']), String(row['created_at'])]
      const named = migrations.find(({name, key}) => name === row['name'] || key === time)
      const found = named ?? migrations.find(({source}) => hash('sha256', source) === sum)
      const isEdited = found !== undefined && hash('sha256', found.source) !== sum
      return {name: found?.name ?? time, fault: isEdited ? 'was edited after it was applied' : undefined}
    })
  },
}

/** Reads the linear journal of versions before 1.0. */
async function readJournal(folder: HistoryFolder): Promise<readonly ForeignMigration[]> {
  const {entries} = jsonOf(folder, 'meta/_journal.json') as {readonly entries: readonly JournalEntry[]}
  return Promise.all(
    entries.map(async ({tag, when}) => {
      const file = `${tag}.sql`
      const source = textOf(folder, file)
      const body = await bodyOf(source, folder)
      return {name: tag, id: tag, key: String(when), message: messageOfName(tag), file, source, body}
    }),
  )
}

/** Reads folders with snapshots, which may have several parents. */
async function readFolders(folder: HistoryFolder): Promise<readonly ForeignMigration[]> {
  const names = namesIn(folder, 'folder').filter((name) => existsSync(join(folder.path, name, 'migration.sql')))
  const snapshots = names.map((name) => ({
    name,
    snapshot: jsonOf(folder, `${name}/snapshot.json`) as Snapshot,
  }))
  const byId = new Map(snapshots.map(({name, snapshot}) => [snapshot.id, name]))
  return Promise.all(
    snapshots.map(async ({name, snapshot: {prevIds}}) => {
      const file = `${name}/migration.sql`
      const source = textOf(folder, file)
      const parents = prevIds.flatMap((id) => byId.get(id) ?? [])
      return {name, id: name, message: messageOfName(name), parents, file, source, body: await bodyOf(source, folder)}
    }),
  )
}

/** Returns the statements between the breakpoints, which are no comments on MySQL. */
async function bodyOf(source: string, {dialect}: HistoryFolder): Promise<Body> {
  const statements = source.split('--> statement-breakpoint').map((sql) => sql.trim().replace(/;$/, ''))
  const up = statements.filter((sql) => sql !== '').map((sql) => `${sql};\n`)
  return sqlBody({up: up.join(''), down: undefined}, dialect)
}

function jsonOf(folder: HistoryFolder, file: string): unknown {
  const text = textOf(folder, file)
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new ImportRefusedError(`${folder.shown}/${file}`, 'it is not valid JSON', 'Restore it.', error)
  }
}
