import {diffIndices} from 'node-diff3'

/** How many lines are shown before and after what differs. */
const context = 3

/**
 * Returns how one text becomes another, as a unified diff; empty when they are alike. Differences in line ends are none.
 *
 * @param names what the head of the diff calls the two
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
    for (const one of hunk) {
      body.push(...a.slice(at, one.start).map((line) => ` ${line}`))
      body.push(...a.slice(one.start, one.end).map((line) => `-${line}`))
      body.push(...b.slice(one.to, one.toEnd).map((line) => `+${line}`))
      at = one.end
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

/** A last line without an end is another one than the same line with an end, and says so as in git. */
function linesOf(text: string): string[] {
  const lines = text.split(/\r?\n/)
  const last = lines.pop()
  return last === '' || last === undefined ? lines : [...lines, `${last}\n\\ No newline at end of file`]
}
