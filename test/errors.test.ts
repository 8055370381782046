import {globSync, readFileSync} from 'node:fs'
import {resolve} from 'node:path'
import {expect} from 'chai'
import {errorCodes} from '../src/errors.ts'

describe('errors', () => {
  const files = globSync(['test/**/*.test.ts', 'fixtures/commands/*']).filter(
    (file) => resolve(file) !== import.meta.filename,
  )
  const texts = files.map((file) => readFileSync(file, 'utf8')).join('\n')

  for (const code of Object.keys(errorCodes))
    it(`has a test for ${code}`, () => {
      expect(texts).to.match(new RegExp(`(["'])${code}\\1`))
    })
})
