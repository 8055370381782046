import {hash} from 'node:crypto'
import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {ImportRefusedError} from '../errors.ts'
import {messageOfName, namesIn, textOf} from '../folder.ts'
import type {Row, Tool} from '../history.ts'
import {sqlBody} from '../sql-body.ts'

export const prisma: Tool = {
  title: 'Prisma',
  table: '_prisma_migrations',
  files: {pattern: /^[^/]+\/migration\.sql$/, described: 'there is no folder with a migration.sql'},
  async read(folder) {
    return Promise.all(
      namesIn(folder, 'folder').map(async (name) => {
        const file = `${name}/migration.sql`
        if (!existsSync(join(folder.path, file)))
          throw new ImportRefusedError(
            `${folder.shown}/${name}`,
            'it has no migration.sql',
            'Restore the file, or move the folder away.',
          )
        const source = textOf(folder, file)
        const body = await sqlBody({up: source, down: undefined}, folder.dialect)
        return {name, id: name, message: messageOfName(name), file, source, body}
      }),
    )
  },
  applied(rows, migrations) {
    const sources = new Map(migrations.map(({name, source}) => [name, source]))
    return rows
      .filter((row) => !isSet(row['rolled_back_at']))
      .map((row) => {
        const name = String(row['migration_name'])
        return {name, fault: faultOf(row, sources.get(name))}
      })
  },
}

function faultOf(row: Row, source: string | undefined): string | undefined {
  if (!isSet(row['finished_at'])) return 'failed before its end'
  if (source === undefined || hash('sha256', source) === row['checksum']) return undefined
  return 'was edited after it was applied'
}

function isSet(value: unknown): boolean {
  return value !== null && value !== undefined
}
