import {globSync} from 'node:fs'
import {basename, resolve} from 'node:path'
import {Parser} from '@oclif/core'
import {expect} from 'chai'
import {failureOf} from '../../src/cli/failure.ts'

type Input = Parameters<typeof Parser.parse>[1] & {}
type CommandClass = Input & {readonly baseFlags?: Input['flags']}

/** Returns the command lines that oclif refuses, as far as the declarations of a command tell. */
function wrongLines({args = {}, flags = {}}: Input): readonly (readonly string[])[] {
  return [
    [],
    ['--no-such-flag'],
    ['-é'],
    Array.from({length: Object.keys(args).length + 1}, () => ''),
    ['zzz', 'zzz', 'zzz'],
    ...Object.keys(flags).flatMap((flag) => [[`--${flag}`], [`--${flag}`, ''], [`--${flag}`, 'zzz'], [`--${flag}=`]]),
  ]
}

/** As in a process of mig, where no code of a project has called the parser. */
function withoutTest(error: unknown): unknown {
  if (error instanceof Error)
    error.stack = (error.stack ?? '')
      .split('\n')
      .filter((line) => !line.includes('/test/'))
      .join('\n')
  return error
}

describe('usage errors', () => {
  for (const file of globSync('commands/*.ts').toSorted()) {
    const name = basename(file, '.ts')
    it(`of mig ${name} suggest a word, or none`, async () => {
      const {default: command} = (await import(resolve(file))) as {readonly default: CommandClass}
      const input: Input = {...command, flags: {...command.baseFlags, ...command.flags}, strict: true}
      for (const line of wrongLines(input)) {
        const error: unknown = await Parser.parse([...line], input).then(
          () => undefined,
          (thrown: unknown) => withoutTest(thrown),
        )
        if (error === undefined) continue
        const {hint = '', message, code} = failureOf(error, name)
        const shown = `mig ${name} ${line.join(' ')}: ${message} ${hint}`
        expect(code, shown).to.equal('USAGE')
        expect(hint, shown).to.not.match(/Did you mean (?:\?|--\?)/)
        expect(hint, shown).to.match(/`mig /)
      }
    })
  }
})
