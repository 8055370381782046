import {ImportRefusedError} from '../errors.ts'
import {messageOfName, namesIn, textOf} from '../folder.ts'
import type {HistoryFolder, Tool} from '../history.ts'
import {sqlBody} from '../sql-body.ts'
import type {Scripts} from '../sql-body.ts'

const file = /^(?<version>\d+)(?<rest>.*)\.sql$/
const marker = /^--[ \t]*migrate:(?<direction>up|down)(?<options>[^\n]*)$/gm

export const dbmate: Tool = {
  title: 'dbmate',
  table: 'schema_migrations',
  files: {pattern: /^\d[^/]*\.sql$/, described: 'there is no file such as 20260101000000_add_users.sql'},
  async read(folder) {
    const found = namesIn(folder, 'file').flatMap((name) => {
      const version = file.exec(name)?.groups?.['version']
      return version === undefined ? [] : {name, version}
    })
    return Promise.all(
      found.map(async ({name, version}) => {
        const source = textOf(folder, name)
        return {
          ...{name: version, id: version, file: name, source},
          message: messageOfName(name.replace(/\.sql$/, '')),
          body: await sqlBody(sectionsOf(source, folder, name), folder.dialect),
        }
      }),
    )
  },
  applied: (rows) => rows.map(({version}) => ({name: String(version)})),
}

function sectionsOf(source: string, {shown}: HistoryFolder, name: string): Scripts {
  const text = source.replaceAll('\r\n', '\n')
  const markers = [...text.matchAll(marker)]
  const [up, down, ...more] = markers
  const isValid =
    up?.groups?.['direction'] === 'up' &&
    (down === undefined || down.groups?.['direction'] === 'down') &&
    more.length === 0
  if (!isValid)
    throw new ImportRefusedError(
      `${shown}/${name}`,
      'it must have one line `-- migrate:up`, followed by at most one line `-- migrate:down`',
      'Correct the file.',
    )
  const isOutside = markers.some(({groups}) => /\btransaction:false\b/.test(groups?.['options'] ?? ''))
  return {
    up: text.slice(up.index + up[0].length, down?.index),
    down: down && text.slice(down.index + down[0].length),
    ...(isOutside && {transactional: false}),
  }
}
