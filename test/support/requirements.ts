import {appendFileSync, existsSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import type {DatabaseKind} from './databases.ts'

/** What tests need, and not every machine has. */
const requirements = [
  ...(['mariadb', 'mysql', 'terminal'] as const),
  ...(['alembic', 'django', 'sqitch'] as const),
  ...(['psql-client', 'pg_dump', 'sqlite3-client', 'mariadb-client', 'mysql-client'] as const),
] as const

export type Requirement = (typeof requirements)[number]

const required = namesIn('MIG_TEST_REQUIRE', requirements) ?? []

const allKinds: readonly DatabaseKind[] = ['postgresql', 'pglite', 'sqlite', 'mariadb', 'mysql']

/**
 * The databases that a run is for. Titles of tests name them: `npm run test:databases` finds the tests of those that
 * `npm test` leaves out, which is to stay quick.
 */
export const chosenKinds: readonly DatabaseKind[] = namesIn('MIG_TEST_DATABASES', allKinds) ?? ['postgresql', 'sqlite']

/** Servers that the tests do not start themselves, and the variables that hold their URLs. */
export const serverVariables = {mariadb: 'MIG_TEST_MARIADB_URL', mysql: 'MIG_TEST_MYSQL_URL'} as const

/** The servers that a run is for, and no variable names. */
export const missingServers = (['mariadb', 'mysql'] as const)
  .filter((kind) => chosenKinds.includes(kind))
  .map((kind) => ({kind, variable: serverVariables[kind]}))
  .filter(({variable}) => !process.env[variable])

/** Returns the names in a variable, which are divided by commas; undefined where it is not set. */
function namesIn<Name extends string>(variable: string, known: readonly Name[]): readonly Name[] | undefined {
  const value = process.env[variable]
  if (!value) return undefined
  return value.split(',').map((text) => {
    const name = known.find((one) => one === text.trim())
    if (name === undefined) throw new Error(`${variable} names ${text}, which is none of ${known.join(', ')}`)
    return name
  })
}

/** Notes that tests were left out, or did less. The end of the run lists it. */
export function noteMissing(name: Requirement, reason: string): void {
  const file = noteFile()
  const line = `${name}: ${reason}\n`
  if (file === undefined) process.stderr.write(line)
  else if (!existsSync(file) || !readFileSync(file, 'utf8').includes(line)) appendFileSync(file, line)
}

/**
 * Lists what this run had to do without.
 *
 * @throws Error when MIG_TEST_REQUIRE names any of it
 */
export function reportMissing(): void {
  for (const {kind, variable} of missingServers) noteMissing(kind, `${variable} names no server`)
  const file = noteFile()
  const lines = file !== undefined && existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []
  for (const line of lines) process.stdout.write(`  left out: ${line}\n`)
  const missing = required.filter((name) => lines.some((line) => line.startsWith(`${name}:`)))
  if (missing.length > 0) throw new Error(`MIG_TEST_REQUIRE names what was left out: ${missing.join(', ')}`)
}

function noteFile(): string | undefined {
  const folder = process.env['MIG_TEST_SCRATCH']
  return folder && join(folder, 'left-out')
}
