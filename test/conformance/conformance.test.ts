import {globSync} from 'node:fs'
import {expect} from 'chai'
import {compareFiles, formatReport} from './report.ts'
import type {Report} from './report.ts'
import {rules} from './rules.ts'

describe('conformance', () => {
  let report: Report
  before(function () {
    this.timeout(300_000)
    report = compareFiles(globSync('fixtures/conformance/**/*.{json,jsonl,jsonl.gz}').toSorted())
  })

  it('answers every recorded case as Alembic does, or by a rule', () => {
    expect(report.differences.length, formatReport(report)).to.equal(0)
    expect(report.agree).to.be.above(50_000)
  })

  it('has no rule that excuses nothing', () => {
    expect(rules.map((rule) => rule.name).filter((name) => !report.byRule.has(name))).to.deep.equal([])
  })
})
