import {spawnSync} from 'node:child_process'
import {existsSync, readFileSync} from 'node:fs'

const batch = 100

/** Runs git and returns what it prints; throws if it fails. */
export function git(...args) {
  const {status, stdout, stderr, error} = spawnSync('git', args, {encoding: 'utf8', maxBuffer: 2 ** 30})
  if (status === 0) return stdout.trim()
  throw new Error(`git ${args[0]}: ${error?.message ?? stderr.trim().split('\n').at(-1)}`)
}

function succeeds(...args) {
  return spawnSync('git', args).status === 0
}

/** Fetches refspecs; throws if one of them is missing. */
export function fetchAll(refspecs, ...options) {
  for (let start = 0; start < refspecs.length; start += batch)
    git('fetch', '--quiet', '--no-tags', ...options, 'origin', ...refspecs.slice(start, start + batch))
}

/** Fetches refspecs and returns those that could be fetched. */
export function fetchPossible(refspecs) {
  try {
    fetchAll(refspecs)
    return refspecs
  } catch {
    return refspecs.filter((refspec) => succeeds('fetch', '--quiet', '--no-tags', 'origin', refspec))
  }
}

/**
 * Deepens a shallow clone until it has the whole history between a commit and others, back to their merge bases.
 *
 * @param {readonly string[]} refspecs
 */
export function ensureHistory(onto, heads, refspecs) {
  for (let depth = 50; heads.some((head) => !hasHistory(onto, head)); depth *= 4) {
    if (depth > 50_000) {
      fetchAll(refspecs, '--unshallow')
      return
    }
    fetchAll(refspecs, `--deepen=${depth}`)
  }
}

/** A shallow clone may have an older common ancestor than the merge base, or none. */
function hasHistory(onto, head) {
  const boundary = git('rev-parse', '--git-path', 'shallow')
  if (!existsSync(boundary)) return true
  if (!succeeds('merge-base', onto, head)) return false
  const bases = git('merge-base', '--all', onto, head).split('\n')
  const between = git('rev-list', onto, head, '--not', ...bases).split('\n')
  const ends = new Set(readFileSync(boundary, 'utf8').split('\n').filter(Boolean))
  return !between.some((commit) => ends.has(commit))
}
