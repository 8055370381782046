import {createInterface} from 'node:readline/promises'
import type {AutogenerateOptions} from '../api/models/autogenerate.ts'

type Ask = NonNullable<AutogenerateOptions['ask']>

/** Asks on the terminal what was renamed. */
export const askAboutRenames: Ask = async (questions) => {
  const terminal = createInterface({input: process.stdin, output: process.stderr})
  const renames: string[] = []
  const drops: string[] = []
  const taken = new Set<string>()
  try {
    for (const {kind, removed, added} of questions) {
      let isRenamed = false
      for (const name of added.filter((one) => !taken.has(one))) {
        const answer = await terminal.question(`Was the ${kind} ${removed} renamed to ${name}? [y/N] `)
        if (!/^y(?:es)?$/i.test(answer.trim())) continue
        renames.push(`${removed}:${name}`)
        taken.add(name)
        isRenamed = true
        break
      }
      if (!isRenamed) drops.push(removed)
    }
  } finally {
    terminal.close()
  }
  return {renames, drops}
}
