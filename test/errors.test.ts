import {globSync, readFileSync} from 'node:fs'
import {expect} from 'chai'
import {errorCodes} from '../src/errors.ts'

describe('errors', () => {
  const tests = globSync('test/**/*.test.ts')
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n')
  const commands = globSync('fixtures/commands/*')
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n')
  /** What a test shows of an error that it meets on the command line, where codes are not printed. */
  const shown: Readonly<Record<string, string>> = {
    UNKNOWN_COMMAND: 'There is no command',
    EDITOR_FAILED: 'The editor no-such-editor failed',
    UNKNOWN_TEMPLATE: 'There is no template sqll',
    POST_WRITE_HOOK_FAILED: 'but the hook false failed on it',
    DRIVER_MISSING: 'is not installed, and',
    DATABASE_UNREACHABLE: 'cannot be reached',
    PGLITE_IN_USE: 'is in use by process',
  }

  for (const code of Object.keys(errorCodes))
    it(`has a test for ${code}`, () => {
      expect(tests + commands).to.contain(shown[code] ?? code)
    })
})
