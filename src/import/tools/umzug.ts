import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {messageOfName, namesIn, textOf} from '../folder.ts'
import type {ForeignMigration, Tool} from '../history.ts'
import {sqlBody} from '../sql-body.ts'

/** SQL files whose reverse is in the folder `down`, or beside them as `.down.sql`; code has no statements to read. */
export const umzug: Tool = {
  title: 'Umzug',
  table: 'SequelizeMeta',
  files: {pattern: /^(?![^/]*\.d\.[cm]?ts$)[^/]+\.(?:sql|[cm]?[jt]s)$/, described: 'there is no .sql, .ts or .js file'},
  async read(folder) {
    const names = namesIn(folder, 'file').filter((name) => /\.(?:sql|[cm]?[jt]s)$/.test(name))
    const migrations = names.filter((name) => !/\.down\.sql$|\.d\.[cm]?ts$/.test(name))
    return Promise.all(
      migrations.map(async (name): Promise<ForeignMigration> => {
        const source = textOf(folder, name)
        const own = {name, id: name.replace(/(?:\.up)?\.\w+$/, ''), file: name}
        const message = messageOfName(own.id)
        if (!name.endsWith('.sql')) {
          const reason = 'it is code for a context that only the application creates'
          return {...own, message, source, body: {kind: 'open', reason, code: source}}
        }
        const reverse = [`down/${name}`, name.replace(/(?:\.up)?\.sql$/, '.down.sql')].find((path) =>
          existsSync(join(folder.path, path)),
        )
        const down = reverse === undefined ? undefined : textOf(folder, reverse)
        const body = await sqlBody({up: source, down}, folder.dialect)
        return {...own, message, source: `${source}\n${down}`, body}
      }),
    )
  },
  applied: (rows) => rows.map(({name}) => ({name: String(name)})),
}
