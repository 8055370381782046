import {Assertion} from 'chai'

let count = 0

const prototype = Assertion.prototype as unknown as object
const assert = Reflect.get(prototype, 'assert') as (...args: unknown[]) => void
Reflect.set(prototype, 'assert', function (this: unknown, ...args: unknown[]) {
  count++
  assert.apply(this, args)
})

/** Makes a test fail that ends without having asserted anything: it could never fail. */
export function requireAssertions(test: Mocha.Test | undefined): void {
  const run = test?.fn as ((this: Mocha.Context) => unknown) | undefined
  if (test === undefined || run === undefined) return
  test.fn = async function (this: Mocha.Context) {
    const before = count
    await run.call(this)
    if (count === before) throw new Error('The test has asserted nothing.')
  }
}
