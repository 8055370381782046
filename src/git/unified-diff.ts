import {diffIndices} from 'node-diff3'

/** Number of context lines. */
const context = 3

/**
 * Returns a unified diff of two texts, ignoring line ends; empty if they are equal.
 *
 * @param names the names of the texts in the diff header
 */
export function unifiedDiff(before: string, after: string, names: readonly [before: string, after: string]): string {
  const [a, b] = [linesOf(before), linesOf(after)]
  const changes = diffIndices(a, b).map(({buffer1: [start, length], buffer2: [to, added]}) => ({
    ...{start, end: start + length, to, toEnd: to + added},
  }))
  const hunks: (typeof changes)[] = []
  for (const change of changes) {
    const last = hunks.at(-1)
    if (last !== undefined && change.start - (last.at(-1)?.end ?? 0) <= 2 * context) last.push(change)
    else hunks.push([change])
  }
  if (hunks.length === 0) return ''
  const printed = hunks.flatMap((hunk) => {
    const [first, last] = [hunk[0]!, hunk.at(-1)!]
    const start = Math.max(0, first.start - context)
    const end = Math.min(a.length, last.end + context)
    const to = first.to - (first.start - start)
    const body: string[] = []
    let at = start
    for (const change of hunk) {
      body.push(...a.slice(at, change.start).map((line) => ` ${line}`))
      body.push(...a.slice(change.start, change.end).map((line) => `-${line}`))
      body.push(...b.slice(change.to, change.toEnd).map((line) => `+${line}`))
      at = change.end
    }
    body.push(...a.slice(at, end).map((line) => ` ${line}`))
    const toLength = last.toEnd + (end - last.end) - to
    return [`@@ -${range(start, end - start)} +${range(to, toLength)} @@`, ...body]
  })
  return [`--- ${names[0]}`, `+++ ${names[1]}`, ...printed, ''].join('\n')
}

function range(from: number, length: number): string {
  return `${length === 0 ? from : from + 1},${length}`
}

/** As in git, a missing newline at the end of the file counts as a difference. */
function linesOf(text: string): string[] {
  const lines = text.split(/\r?\n/)
  const last = lines.pop()
  return last === '' || last === undefined ? lines : [...lines, `${last}\n\\ No newline at end of file`]
}
