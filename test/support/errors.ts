import {expect} from 'chai'
import {MigError, type ErrorCode} from '../../src/errors.ts'

/** Runs `act` and returns the MigError that it must throw, with this code. */
export function errorOf(code: ErrorCode, act: () => unknown): MigError {
  try {
    act()
  } catch (error) {
    return expectMigError(code, error)
  }
  throw new Error(`${code} was expected, but nothing was thrown`)
}

/** As `errorOf`, for what is asynchronous. */
export async function rejectionOf(code: ErrorCode, act: () => Promise<unknown>): Promise<MigError> {
  try {
    await act()
  } catch (error) {
    return expectMigError(code, error)
  }
  throw new Error(`${code} was expected, but nothing was thrown`)
}

function expectMigError(code: ErrorCode, error: unknown): MigError {
  if (!(error instanceof MigError)) throw error
  expect(error.code, error.message).to.equal(code)
  return error
}
