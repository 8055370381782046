import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {dirname} from 'node:path'
import {expect} from 'chai'

/** Compares a text with `fixtures/<name>`; `UPDATE_GOLDEN=1 npm test` writes the file instead. */
export function expectGolden(name: string, actual: string): void {
  const file = `fixtures/${name}`
  if (process.env['UPDATE_GOLDEN'] === '1') {
    mkdirSync(dirname(file), {recursive: true})
    writeFileSync(file, actual)
  }
  expect(existsSync(file), `${file} is missing: run UPDATE_GOLDEN=1 npm test, then read the difference`).to.equal(true)
  expect(actual).to.equal(readFileSync(file, 'utf8'))
}
