import {dropAll} from './databases.ts'

/** Run by mocha once, after all tests. */
export async function mochaGlobalTeardown(): Promise<void> {
  await dropAll()
}
