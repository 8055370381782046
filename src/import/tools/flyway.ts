import {crc32} from 'node:zlib'
import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {ImportRefusedError} from '../errors.ts'
import {compareVersions, namesIn, textOf} from '../folder.ts'
import type {AppliedMigration, ForeignMigration, HistoryFolder, Tool} from '../history.ts'
import {sqlBody} from '../sql-body.ts'

const file = /^(?<kind>[VUBR])(?<version>[\d._]*)__(?<description>.*)\.sql$/

export const flyway: Tool = {
  title: 'Flyway',
  table: 'flyway_schema_history',
  files: {pattern: /^[VUBR][\d._]*__[^/]*\.sql$/, described: 'there is no file such as V1__add_users.sql'},
  async read(folder) {
    const files = namesIn(folder, 'file').flatMap((name) => {
      const {kind, version = '', description = ''} = file.exec(name)?.groups ?? {}
      return kind === undefined ? [] : {name, kind, version: version.replaceAll('_', '.'), description}
    })
    for (const {name, kind} of files) refuseKind(kind, `${folder.shown}/${name}`)
    const undo = new Map(files.filter(({kind}) => kind === 'U').map(({version, name}) => [version, name]))
    return Promise.all(
      files
        .filter(({kind}) => kind === 'V')
        .toSorted((one, other) => compareVersions(one.version, other.version))
        .map(async ({name, version, description}): Promise<ForeignMigration> => {
          const source = textOf(folder, name)
          const undoFile = undo.get(version)
          const down = undoFile === undefined ? undefined : textOf(folder, undoFile)
          const placeholder = /\$\{[^}]+\}/.exec(source + (down ?? ''))?.[0]
          const body =
            placeholder === undefined
              ? await sqlBody({up: source, down, transactional: transactionalOf(folder, name)}, folder.dialect)
              : {kind: 'open' as const, reason: `Flyway replaces ${placeholder} in it`, code: source}
          return {
            ...{name: version, id: version, file: name, source, body},
            message: description.replaceAll('_', ' '),
          }
        }),
    )
  },
  applied(rows, migrations) {
    const sources = new Map(migrations.map(({name, source}) => [name, source]))
    const applied = new Map<string, AppliedMigration>()
    for (const row of rows.toSorted((one, other) => Number(one['installed_rank']) - Number(other['installed_rank']))) {
      const {type, version} = row as {readonly type: string; readonly version: string | null}
      if (version === null) continue
      if (type === 'BASELINE')
        for (const {name} of migrations) {
          if (compareVersions(name, version) <= 0) applied.set(name, {name})
        }
      else if (type.startsWith('UNDO') || type === 'DELETE') applied.delete(version)
      else applied.set(version, {name: version, fault: faultOf(row, sources.get(version))})
    }
    return [...applied.values()]
  },
}

function refuseKind(kind: string, shown: string): void {
  if (kind === 'R')
    throw new ImportRefusedError(
      shown,
      'it is a repeatable migration, and revisions run once',
      'Move the file away, and put its statements into the revisions that change them.',
    )
  if (kind === 'B')
    throw new ImportRefusedError(
      shown,
      'it is a baseline migration, which replaces others',
      'Move the file away; the versions that it replaces are imported.',
    )
}

function transactionalOf(folder: HistoryFolder, name: string): false | undefined {
  const settings = `${name}.conf`
  if (!existsSync(join(folder.path, settings))) return undefined
  const text = textOf(folder, settings)
  return /^\s*executeInTransaction\s*=\s*false\s*$/im.test(text) ? false : undefined
}

function faultOf(
  {success, checksum}: Readonly<Record<string, unknown>>,
  source: string | undefined,
): string | undefined {
  if (success === false || Number(success) === 0) return 'failed before its end'
  if (source === undefined || checksum === null || checksum === undefined) return undefined
  return Number(checksum) === checksumOf(source) ? undefined : 'was edited after it was applied'
}

/** Returns the checksum that Flyway stores: of the lines without their ends. */
export function checksumOf(text: string): number {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/)
  const sum = lines.reduce((before, line) => crc32(line, before), 0)
  return sum | 0
}
