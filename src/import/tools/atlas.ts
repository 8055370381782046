import {createHash} from 'node:crypto'
import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {ImportRefusedError} from '../errors.ts'
import {messageOfName, namesIn, textOf} from '../folder.ts'
import type {ForeignMigration, HistoryFolder, Row, Tool} from '../history.ts'
import {sqlBody} from '../sql-body.ts'

export const atlas: Tool = {
  title: 'Atlas',
  table: 'atlas_schema_revisions',
  files: {pattern: /^[^/]+\.sql$/, described: 'there is no .sql file'},
  async read(folder) {
    const names = namesIn(folder, 'file').filter((name) => name.endsWith('.sql'))
    const sources = names.map((name) => textOf(folder, name))
    refuseEdited(folder, names, sources)
    return Promise.all(
      names.map(async (name, i): Promise<ForeignMigration> => {
        const source = sources[i] ?? ''
        const version = name
          .replace(/\.sql$/, '')
          .split('_', 1)
          .join('')
        const own = {name: version, id: version, message: messageOfName(name.replace(/\.sql$/, '')), file: name, source}
        const directive = /^--[ \t]*atlas:(?<directive>checkpoint|import)\b/m.exec(source)?.groups?.['directive']
        if (directive !== undefined)
          throw new ImportRefusedError(
            `${folder.shown}/${name}`,
            `its directive atlas:${directive} is not supported`,
            'Import a folder without it.',
          )
        const isOutside = /^--[ \t]*atlas:txmode[ \t]+none\b/m.test(source)
        const scripts = {up: source, down: undefined, transactional: isOutside ? false : undefined}
        return {...own, body: await sqlBody(scripts, folder.dialect)}
      }),
    )
  },
  applied(rows, migrations) {
    const hashes = cumulativeHashes(
      migrations.map(({file}) => file),
      migrations.map(({source}) => source),
    )
    const sums = new Map(migrations.map(({name}, i) => [name, hashes[i]]))
    return (
      rows
        // The identifier of the database is kept as a row.
        .filter((row) => !String(row['version']).startsWith('.'))
        .map((row) => {
          const name = String(row['version'])
          return {name, fault: faultOf(row, sums.get(name))}
        })
    )
  },
}

function faultOf(row: Row, sum: string | undefined): string | undefined {
  const {error, applied, total, hash} = row
  const isFailed = (error !== null && error !== undefined && error !== '') || Number(applied) < Number(total)
  if (isFailed) return `is partially applied: ${Number(applied)} of ${Number(total)} statements`
  // Without a hash, it was recorded by `atlas migrate set`.
  if (sum === undefined || typeof hash !== 'string' || hash === '') return undefined
  return hash === sum ? undefined : 'was edited after it was applied'
}

/** Compares the files with `atlas.sum`. */
function refuseEdited(folder: HistoryFolder, names: readonly string[], sources: readonly string[]): void {
  if (!existsSync(join(folder.path, 'atlas.sum'))) return
  const [, ...lines] = textOf(folder, 'atlas.sum').trim().split('\n')
  const recorded = new Map(lines.map((line) => [line.split(' h1:')[0] ?? '', line.split(' h1:')[1]]))
  const sums = cumulativeHashes(names, sources)
  const edited = names.find((name, i) => recorded.get(name) !== sums[i])
  const [missing] = [...recorded.keys()].filter((name) => !names.includes(name))
  if (edited !== undefined || missing !== undefined)
    throw new ImportRefusedError(
      `${folder.shown}/${edited ?? missing}`,
      edited === undefined ? 'it is in atlas.sum and missing' : 'it does not match atlas.sum',
      'Restore the file, or run `atlas migrate hash`.',
    )
}

/** Returns the hashes of `atlas.sum`: each is of its file and all before it. */
export function cumulativeHashes(names: readonly string[], sources: readonly string[]): readonly string[] {
  const sum = createHash('sha256')
  return names.map((name, i) => {
    const source = sources[i] ?? ''
    sum.update(name)
    if (!/^--[ \t]*atlas:sum[ \t]+ignore\b/m.test(source)) sum.update(source)
    return sum.copy().digest('base64')
  })
}
