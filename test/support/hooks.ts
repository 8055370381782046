import {chmodSync, mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {requireAssertions} from './assertions.ts'
import {startPostgres} from './postgres.ts'
import type {PostgresServer} from './postgres.ts'
import {reportMissing} from './requirements.ts'

let scratch: string | undefined
let server: PostgresServer | undefined

/** Run by mocha once, before it starts the processes that run the test files: they share what is made here. */
export async function mochaGlobalSetup(): Promise<void> {
  scratch = mkdtempSync(join(tmpdir(), 'mig-tests-'))
  // A test may let another user have a look at what it makes.
  chmodSync(scratch, 0o755)
  process.env['MIG_TEST_SCRATCH'] = scratch
  // Hints depend on the package manager that starts mig, which does not start it in tests.
  delete process.env['npm_config_user_agent']
  if (process.env['MIG_TEST_POSTGRES_URL']) return
  server = await startPostgres()
  process.env['MIG_TEST_POSTGRES_URL'] = server.url
}

/** Run by mocha once, after everything. */
export async function mochaGlobalTeardown(): Promise<void> {
  await server?.stop()
  try {
    reportMissing()
  } finally {
    if (scratch !== undefined) rmSync(scratch, {recursive: true, force: true})
  }
}

/** Run by mocha around every test. */
export const mochaHooks = {
  beforeEach(this: Mocha.Context): void {
    requireAssertions(this.currentTest)
  },
}
