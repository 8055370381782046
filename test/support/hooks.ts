import {dropAll} from './databases.ts'

/** Run by mocha after all tests, as a part of them. */
export const mochaHooks = {
  afterAll: async (): Promise<void> => {
    // What the tests import may use mocha's functions, which are not there yet when this file is loaded.
    const {checkContractTable} = await import('./contract-table.ts')
    checkContractTable()
  },
}

/** Run by mocha once, after everything. */
export async function mochaGlobalTeardown(): Promise<void> {
  await dropAll()
}
