import {existsSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {ImportRefusedError} from '../errors.ts'
import {namesIn, textOf} from '../folder.ts'
import type {Body, ForeignMigration, HistoryFolder, Tool} from '../history.ts'
import {runProgram} from '../run-program.ts'
import {sqlBody} from '../sql-body.ts'

/** The declarations of a revision of Alembic. */
interface Declared {
  readonly revision: string
  readonly downRevisions: readonly string[]
  readonly dependsOn: readonly string[]
  readonly labels: readonly string[]
  readonly file: string
  readonly source: string
}

export const alembic: Tool = {
  title: 'Alembic',
  table: 'alembic_version',
  files: {pattern: /^(?!env\.py$)[^/]+\.py$/, described: 'there is no .py file of a revision'},
  async read(folder) {
    const revisions = inOrder(
      namesIn(folder, 'file').flatMap((file) => (file.endsWith('.py') ? (declaredIn(folder, file) ?? []) : [])),
      folder,
    )
    const [ups, downs] = [await sqlOf('upgrade', revisions, folder), await sqlOf('downgrade', revisions, folder)]
    return Promise.all(
      revisions.map(async (declared): Promise<ForeignMigration> => {
        const {revision, downRevisions, dependsOn, labels, file, source} = declared
        const message = /^\s*(?:"""|''')\s*(?<message>[^\n]*)/.exec(source)?.groups?.['message'] ?? revision
        return {
          ...{name: revision, id: revision, message: message.replace(/(?:"""|''')\s*$/, '')},
          ...{parents: downRevisions, dependsOn, labels, file, source},
          body: await bodyOf(declared, ups.get(revision), downs.get(revision), folder),
        }
      }),
    )
  },
  applied(rows, migrations) {
    const byName = new Map(migrations.map((migration) => [migration.name, migration]))
    const applied = new Set<string>()
    const pending = rows.map((row) => String(row['version_num']))
    for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
      if (applied.has(name)) continue
      applied.add(name)
      const {parents = [], dependsOn = []} = byName.get(name) ?? {}
      pending.push(...parents, ...dependsOn)
    }
    return [...applied].map((name) => ({name}))
  },
}

const declaration = (name: string): RegExp =>
  new RegExp(`^${name}\\s*(?::[^=\\n]*)?=\\s*(?<value>\\((?:[^)]*)\\)|\\[(?:[^\\]]*)\\]|[^\\n#]*)`, 'm')

function declaredIn(folder: HistoryFolder, file: string): Declared | undefined {
  const source = textOf(folder, file)
  const valuesOf = (name: string): readonly string[] => {
    const value = declaration(name).exec(source)?.groups?.['value'] ?? ''
    const strings = [...value.matchAll(/'(?<single>[^']*)'|"(?<double>[^"]*)"/g)]
    return strings.map(({groups = {}}) => groups['single'] ?? groups['double'] ?? '')
  }
  const [revision] = valuesOf('revision')
  if (revision === undefined) return undefined
  const [downRevisions, dependsOn, labels] = ['down_revision', 'depends_on', 'branch_labels'].map(valuesOf)
  return {revision, downRevisions: downRevisions ?? [], dependsOn: dependsOn ?? [], labels: labels ?? [], file, source}
}

/** Sorts revisions so that parents come first, and replaces labels in dependencies by revisions. */
function inOrder(all: readonly Declared[], folder: HistoryFolder): readonly Declared[] {
  const byLabel = new Map(all.flatMap(({revision, labels}) => labels.map((label) => [label, revision])))
  const left = new Map(
    all.map((declared) => [
      declared.revision,
      {...declared, dependsOn: declared.dependsOn.map((name) => byLabel.get(name) ?? name)},
    ]),
  )
  const known = new Set(left.keys())
  const sorted: Declared[] = []
  while (left.size > 0) {
    const ready = [...left.values()].filter(({downRevisions, dependsOn}) =>
      [...downRevisions, ...dependsOn].every((name) => !left.has(name)),
    )
    const [first] = left.values()
    const missing = ready
      .flatMap(({downRevisions, dependsOn}) => [...downRevisions, ...dependsOn])
      .find((name) => !known.has(name))
    if (ready.length === 0 || missing !== undefined)
      throw new ImportRefusedError(
        `${folder.shown}/${first?.file}`,
        missing === undefined
          ? 'its parents form a cycle'
          : `revision ${missing}, which one follows, is not in the folder`,
        'Restore the missing file.',
      )
    for (const declared of ready) {
      sorted.push(declared)
      left.delete(declared.revision)
    }
  }
  return sorted
}

/** The SQL of a revision in one direction, or the end of a sentence about why it is not known. */
type Sql = {readonly sql: string} | {readonly reason: string}

async function bodyOf(
  {revision, source}: Declared,
  up: Sql | undefined,
  down: Sql | undefined,
  {dialect}: HistoryFolder,
): Promise<Body> {
  if (up === undefined || 'reason' in up)
    return {kind: 'open', reason: up?.reason ?? `Alembic wrote no SQL for ${revision}`, code: source}
  if (down === undefined || 'reason' in down) {
    const note = `Its downgrade was not imported: ${down?.reason ?? 'Alembic wrote no SQL for it'}.`
    return sqlBody({up: up.sql, down: undefined, note}, dialect)
  }
  return sqlBody({up: up.sql, down: down.sql}, dialect)
}

/** Has Alembic write the SQL of each revision, one by one, so that one that needs a database does not hide others. */
async function sqlOf(
  direction: 'upgrade' | 'downgrade',
  revisions: readonly Declared[],
  folder: HistoryFolder,
): Promise<ReadonlyMap<string, Sql>> {
  const cwd = folderOfIni(folder)
  const found = new Map<string, Sql>()
  for (const {revision, downRevisions, source} of revisions) {
    if (isEmpty(source, direction)) {
      found.set(revision, {sql: ''})
      continue
    }
    const parent = downRevisions[0] ?? 'base'
    const range = direction === 'upgrade' ? `${parent}:${revision}` : `${revision}:${parent}`
    const run = await runProgram('alembic', [direction, range, '--sql'], cwd)
    if (run.isMissing)
      throw new ImportRefusedError(
        folder.shown,
        'Alembic writes the SQL of its revisions, and there is no `alembic` on the PATH',
        'Activate the virtual environment of the project.',
      )
    const command = `\`alembic ${direction} ${range} --sql\``
    const sql = withoutVersions(sectionOf(run.output, revision, direction))
    if (run.failure !== undefined) found.set(revision, {reason: `${command} failed: ${run.failure}`})
    else found.set(revision, sql === '' ? {reason: `${command} wrote no statement`} : {sql})
  }
  return found
}

/** Whether a function does nothing, as in a merge. */
function isEmpty(source: string, direction: string): boolean {
  return new RegExp(`^def ${direction}\\(\\)[^\\n]*:\\s*(?:"""[^"]*"""\\s*)?pass\\s*(?:$|\\n\\S)`, 'm').test(source)
}

/** Returns the part of a revision: a range may include those that it depends on. */
function sectionOf(output: string, revision: string, direction: 'upgrade' | 'downgrade'): string {
  const sections = output.split(/^(?=-- Running (?:upgrade|downgrade) )/m).slice(1)
  const own = sections.find((section) => {
    const [before = '', after = ''] = section
      .replace(/^-- Running \w+ /, '')
      .split('\n', 1)
      .join('')
      .split(' -> ')
    return (direction === 'upgrade' ? after : before).trim() === revision
  })
  return own ?? ''
}

/** Removes what Alembic adds: its transaction, its table and the comment of each revision. */
function withoutVersions(output: string): string {
  return output
    .replaceAll(/^(?:BEGIN|COMMIT|BEGIN TRANSACTION);\s*$/gm, '')
    .replaceAll(/^CREATE TABLE (?:\S+\.)?alembic_version \([^;]*\);\s*$/gm, '')
    .replaceAll(/^(?:INSERT INTO|UPDATE|DELETE FROM|DROP TABLE) (?:\S+\.)?alembic_version\b[^;]*;\s*$/gm, '')
    .replaceAll(/^-- Running (?:upgrade|downgrade) .*$/gm, '')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim()
}

function folderOfIni({path, root}: HistoryFolder): string {
  for (let at = path; ; at = dirname(at)) {
    if (existsSync(join(at, 'alembic.ini'))) return at
    if (at === dirname(at)) return root
  }
}
