import {ImportRefusedError} from '../errors.ts'
import {compareVersions, messageOfName, namesIn, textOf} from '../folder.ts'
import type {AppliedMigration, Tool} from '../history.ts'
import {sqlBody} from '../sql-body.ts'

const file = /^(?<version>\d+)_(?<title>.*)\.(?<direction>up|down)\.sql$/

export const golangMigrate: Tool = {
  title: 'golang-migrate',
  table: 'schema_migrations',
  files: {pattern: /^\d+_[^/]*\.(?:up|down)\.sql$/, described: 'there is no file such as 1_add_users.up.sql'},
  async read(folder) {
    const files = namesIn(folder, 'file').flatMap((name) => {
      const {version, title = '', direction} = file.exec(name)?.groups ?? {}
      return version === undefined ? [] : {name, version: BigInt(version).toString(), title, direction}
    })
    const versions = [...Map.groupBy(files, ({version}) => version)]
    return Promise.all(
      versions
        .toSorted(([one], [other]) => compareVersions(one, other))
        .map(async ([version, both]) => {
          const [ups, downs] = ['up', 'down'].map((wanted) => both.filter(({direction}) => direction === wanted))
          const [up] = ups ?? []
          const [down] = downs ?? []
          const shown = `${folder.shown}/${(up ?? down)?.name}`
          if (up === undefined)
            throw new ImportRefusedError(shown, `version ${version} has no .up.sql file`, 'Restore it.')
          if (both.length > 2 || (ups?.length ?? 0) > 1)
            throw new ImportRefusedError(shown, `several files have version ${version}`, 'Rename one of them.')
          const [forth, back] = [textOf(folder, up.name), down && textOf(folder, down.name)]
          return {
            ...{name: version, id: version, file: up.name, source: `${forth}\n${back}`},
            message: messageOfName(`0_${up.title}`),
            body: await sqlBody({up: forth, down: back}, folder.dialect),
          }
        }),
    )
  },
  applied(rows, migrations) {
    const [row] = rows
    if (row === undefined) return []
    const version = String(row['version'])
    // A negative version stands for none.
    if (version.startsWith('-')) return []
    const names = migrations.map(({name}) => name)
    const fault = isTrue(row['dirty']) ? 'is dirty: it failed before its end' : undefined
    const below = names.slice(0, names.indexOf(version)).map((name): AppliedMigration => ({name}))
    return [...below, {name: version, fault}]
  },
}

function isTrue(value: unknown): boolean {
  return value === true || Number(value) === 1
}
