import {hash} from 'node:crypto'
import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {ImportRefusedError} from '../errors.ts'
import {textOf} from '../folder.ts'
import type {ForeignMigration, HistoryFolder, Tool} from '../history.ts'
import {sqlBody} from '../sql-body.ts'

/** A change of a plan. */
interface Change {
  readonly change: string
  readonly requires: readonly string[]
  readonly note: string
  /** The tags that follow it, up to the next change. */
  readonly tags: string[]
}

export const sqitch: Tool = {
  title: 'Sqitch',
  table: 'sqitch.changes',
  files: {pattern: /^sqitch\.plan$/, described: 'there is no sqitch.plan'},
  async read(folder) {
    const changes = readPlan(folder)
    const names = changes.map((change, i) => nameOf(change, changes.slice(i + 1), changes.slice(i)))
    return Promise.all(
      changes.map(async ({change, requires, note}, i): Promise<ForeignMigration> => {
        const name = names[i] ?? change
        const [file, reverse] = [`deploy/${name}.sql`, `revert/${name}.sql`]
        const source = textOf(folder, file)
        const down = existsSync(join(folder.path, reverse)) ? textOf(folder, reverse) : undefined
        const before = names.slice(0, i)
        const dependsOn = requires
          .flatMap((required) => latest(before, required))
          .filter((one) => one !== before.at(-1))
        const body = await sqlBody({up: source, down}, folder.dialect)
        return {name, id: name, key: change, message: note || name, dependsOn, file, source, body}
      }),
    )
  },
  applied(rows, migrations) {
    // A reworked change is recorded once for each time it is in the plan.
    const sorted = rows.toSorted((one, other) => timeOf(one['planned_at']) - timeOf(other['planned_at']))
    const seen = new Map<string, number>()
    return sorted.map((row) => {
      const change = String(row['change'])
      const index = seen.get(change) ?? 0
      seen.set(change, index + 1)
      const migration = migrations.filter(({key}) => key === change)[index]
      if (migration === undefined) return {name: change}
      const isEdited = typeof row['script_hash'] === 'string' && row['script_hash'] !== hash('sha1', migration.source)
      return {name: migration.name, fault: isEdited ? 'was edited after it was deployed' : undefined}
    })
  },
}

function timeOf(value: unknown): number {
  return (value instanceof Date ? value : new Date(String(value))).getTime()
}

const line =
  /^(?<change>[^\s@%#[]\S*)\s+(?:\[(?<dependencies>[^\]]*)\]\s+)?\d{4}-\d\d-\d\dT\S+\s[^#]*?(?:\s*#\s?(?<note>.*))?$/
const tag = /^@(?<name>\S+)\s/

/** @throws MigError IMPORT_REFUSED, FILE_UNREADABLE */
function readPlan(folder: HistoryFolder): readonly Change[] {
  const changes: Change[] = []
  for (const [i, raw] of textOf(folder, 'sqitch.plan').split('\n').entries()) {
    const text = raw.trim()
    const {name} = tag.exec(text)?.groups ?? {}
    if (name !== undefined) changes.at(-1)?.tags.push(name)
    if (text === '' || /^[%#@]/.test(text)) continue
    const {change, dependencies = '', note = ''} = line.exec(text)?.groups ?? {}
    if (change === undefined)
      throw new ImportRefusedError(
        `${folder.shown}/sqitch.plan`,
        `line ${i + 1} is not a change or a tag`,
        'Correct the plan.',
      )
    const requires = dependencies.split(/\s+/).filter((one) => one !== '' && !one.startsWith('!') && !one.includes(':'))
    changes.push({change, requires, note: note.replaceAll('\\n', ' ').trim(), tags: []})
  }
  return changes
}

/** Returns the name of a change, which has that of a tag after it if the change is reworked later. */
function nameOf({change}: Change, later: readonly Change[], from: readonly Change[]): string {
  const again = later.findIndex((other) => other.change === change)
  if (again === -1) return change
  const [first] = from.slice(0, again + 1).flatMap(({tags}) => tags)
  return first === undefined ? change : `${change}@${first}`
}

/** Returns the last change before that a requirement such as `users` or `users@v1` means. */
function latest(before: readonly string[], required: string): readonly string[] {
  const exact = before.findLast((name) => name === required)
  const [plain] = required.split('@')
  return [exact ?? before.findLast((name) => name.split('@')[0] === plain) ?? []].flat()
}
