/** Checks the merge of one merge request, also in merged results pipelines and merge trains. The result is the job's own. */
import {writeFileSync} from 'node:fs'
import {ensureHistory} from '../git.js'
import {conclusionOf, evaluateMerges, reportOf} from '../mig.js'

const {CI_COMMIT_SHA: head = '', CI_MERGE_REQUEST_REF_PATH: ref = '', MIG_TARGET: target = ''} = process.env

try {
  const onto = `refs/remotes/origin/${target}`
  ensureHistory(onto, [head], [`+refs/heads/${target}:${onto}`, `+${ref}:${ref}`])
  const refs = ['--onto', onto, '--head-ref', head]
  const [merge] = evaluateMerges(...refs)
  const {state} = conclusionOf(merge, target)
  process.stdout.write(reportOf('text', ...refs))
  writeFileSync('gl-code-quality-report.json', reportOf('gitlab', ...refs))
  if (state !== 'success') process.exitCode = 1
} catch (error) {
  process.exitCode = 1
  process.stdout.write(`error: ${error.message}\n`)
}
