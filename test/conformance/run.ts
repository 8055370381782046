/** `npm run conformance -- FILE…` compares recorded answers with mig; without files, those in fixtures/conformance. */
import {globSync} from 'node:fs'
import {compareFiles, formatReport} from './report.ts'

const asked = process.argv.slice(2)
const files = asked.length > 0 ? asked : globSync('fixtures/conformance/**/*.{json,jsonl,jsonl.gz}').toSorted()
const report = compareFiles(files)
process.stdout.write(`${formatReport(report)}\n`)
process.exitCode = report.differences.length > 0 || report.agree === 0 ? 1 : 0
