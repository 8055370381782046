import {checkContractTable} from './contract-table.ts'
import {dropAll} from './databases.ts'

/** Run by mocha after all tests, as a part of them. */
export const mochaHooks = {afterAll: checkContractTable}

/** Run by mocha once, after everything. */
export async function mochaGlobalTeardown(): Promise<void> {
  await dropAll()
}
