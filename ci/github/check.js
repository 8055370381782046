/** Checks the merge of one pull request, or of an entry of the merge queue. The result is the job's own. */
import {appendFileSync, readFileSync} from 'node:fs'
import {ensureHistory, fetchAll, git} from '../git.js'
import {conclusionOf, evaluateMerges, reportOf} from '../mig.js'
import {updateComment} from './comment.js'
import {failed, warn} from './output.js'

const event = JSON.parse(readFileSync(process.env.GITHUB_EVENT_PATH, 'utf8'))

/** Returns what is merged, and into which commit. */
function mergeOf({pull_request: pull, merge_group: group}) {
  if (group !== undefined)
    return {
      target: group.base_ref.replace('refs/heads/', ''),
      onto: group.base_sha,
      head: group.head_sha,
      refspecs: [`+${group.head_ref}:refs/remotes/origin/mig-queue`],
    }
  if (pull === undefined) throw new Error(`The event ${process.env.GITHUB_EVENT_NAME} has no pull request.`)
  const target = pull.base.ref
  return {
    target,
    onto: `refs/remotes/origin/${target}`,
    head: pull.head.sha,
    refspecs: [
      `+refs/heads/${target}:refs/remotes/origin/${target}`,
      `+refs/pull/${pull.number}/head:refs/pull/${pull.number}/head`,
    ],
  }
}

/** The token of a run for a fork can only read. */
function mayComment(pull) {
  if (process.env.MIG_COMMENT !== 'true' || pull === undefined) return false
  return process.env.GITHUB_EVENT_NAME !== 'pull_request' || pull.head.repo?.full_name === pull.base.repo.full_name
}

try {
  const {target, onto, head, refspecs} = mergeOf(event)
  fetchAll(refspecs)
  git('cat-file', '-e', `${head}^{commit}`)
  ensureHistory(onto, [head], refspecs)
  const refs = ['--onto', onto, '--head-ref', head]
  const [merge] = evaluateMerges(...refs)
  const {state, description} = conclusionOf(merge, target)
  if (state !== 'success') process.stdout.write(reportOf('github', ...refs))
  process.stdout.write(`${description}\n`)
  const report = reportOf('markdown', ...refs)
  if (process.env.GITHUB_STEP_SUMMARY) appendFileSync(process.env.GITHUB_STEP_SUMMARY, report)
  if (state !== 'success') process.exitCode = 1
  if (mayComment(event.pull_request))
    await updateComment(event.pull_request.number, merge, report).catch((error) => warn(`No comment: ${error.message}`))
} catch (error) {
  failed(error)
}
