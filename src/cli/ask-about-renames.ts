import type {AutogenerateOptions} from '../api/models.ts'
import {text} from '../render/safe/text.ts'
import {asking, isYes, NotConfirmedError} from './ask.ts'

type AskAboutRenames = NonNullable<AutogenerateOptions['ask']>

/**
 * Asks on the terminal what was renamed.
 *
 * @throws MigError INTERRUPTED when a question is not answered
 */
export const askAboutRenames: AskAboutRenames = async (questions) =>
  asking(async (ask) => {
    const renames: string[] = []
    const drops: string[] = []
    const taken = new Set<string>()
    const newNameOf = async ({kind, removed, added}: (typeof questions)[number]): Promise<string | undefined> => {
      for (const name of added.filter((one) => !taken.has(one))) {
        const answer = await ask(text`Was the ${kind} ${removed} renamed to ${name}? [y/N] `)
        if (answer === undefined) throw new NotConfirmedError()
        if (isYes(answer)) return name
      }
      return undefined
    }
    for (const question of questions) {
      const name = await newNameOf(question)
      if (name === undefined) drops.push(question.removed)
      else {
        renames.push(`${question.removed}:${name}`)
        taken.add(name)
      }
    }
    return {renames, drops}
  })
