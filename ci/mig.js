import {spawnSync} from 'node:child_process'

/** Runs a check of heads with the project's mig, and returns its exit status and what it prints. */
function checkHeads(...args) {
  const [program, ...first] = (process.env.MIG_COMMAND || 'npx --no-install mig').split(' ')
  const {MIG_TOKEN, ...env} = process.env
  void MIG_TOKEN
  const {status, stdout, stderr, error} = spawnSync(program, [...first, 'check', 'heads', ...args], {
    encoding: 'utf8',
    env,
    maxBuffer: 2 ** 30,
  })
  if (error !== undefined) throw new Error(`${program}: ${error.message}`)
  return {status, stdout, stderr}
}

/**
 * Evaluates merges, and returns the result of each.
 *
 * @param {readonly string[]} args the refs, as `--onto REF --refs GLOB`
 * @returns {readonly {ref: string, commit: string, status: string, findings: readonly object[]}[]}
 */
export function evaluateMerges(...args) {
  const {stdout, stderr} = checkHeads(...args, '--json')
  const {checks, error} = parsed(stdout) ?? {}
  const merges = checks?.[0]?.merges
  if (!Array.isArray(merges))
    throw new Error(error?.message ?? (stderr.trim() || stdout.trim() || 'mig printed nothing'))
  return merges
}

/** Returns a report in one of the formats of `mig check`, which is never empty for a merge that fails. */
export function reportOf(format, ...args) {
  return checkHeads(...args, '--format', format).stdout
}

/** Returns the state of a merge in the terms of a code host; what is not known to be right is an error. */
export function conclusionOf(merge, target) {
  const status = merge?.status ?? 'not evaluated'
  const state = status === 'ok' ? 'success' : status === 'not evaluated' ? 'error' : 'failure'
  return {state, description: `merged into ${target}: ${status}`.slice(0, 140)}
}

function parsed(text) {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
