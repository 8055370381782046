import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {BaseCommand} from '../src/cli/base-command.ts'
import {temporaryTexts} from '../src/cli/interruption.ts'
import type {CommandResults} from '../src/cli/json-output.ts'
import {joined, text} from '../src/render/safe/text.ts'
import {revisionFlags, revisionOptions} from '../src/cli/revision-flags.ts'

export default class Merge extends BaseCommand {
  static override summary = 'Write a revision that joins branches'
  static override description =
    'A single branch is joined with the line it started from: the only other head after the same branch point.'
  static override examples = [
    'mig merge heads -m "join billing and search"',
    'mig merge ae10 27c6 -m "join the two"',
    'mig merge feature_x -m "merge feature x"',
    'mig merge heads --prove',
  ]
  static override strict = false
  static override args = {
    targets: Args.string({
      ignoreStdin: true,
      description: 'heads, several revisions or labels, or a single branch',
      required: true,
    }),
  }
  static override flags = {
    ...revisionFlags,
    prove: Flags.boolean({
      summary: 'Write only if the branches give the same in every order, on temporary databases',
    }),
  }

  override async run(): Promise<CommandResults['merge']> {
    const {argv, flags} = await this.parse(Merge)
    const {merge} = await import('../src/api/files/create-revision.ts')
    const targets = argv.map(String)
    const signal = flags.prove ? this.interruptible(temporaryTexts, (line) => this.note(line, flags)) : undefined
    const result = await merge({
      ...this.common(flags),
      ...revisionOptions(flags),
      ...{targets, prove: flags.prove, signal},
    })
    this.printWritten(result.revision)
    const {describePairs} = await import('../src/cli/format-divergence.ts')
    const {describeProof} = await import('../src/cli/format-proof.ts')
    const {advice, next, proof} = result
    const proven = proof === undefined ? [] : [`The merge ${describeProof(proof)}`]
    const sentences = [...proven, ...describePairs(result), ...(advice === undefined ? [] : [advice]), `next: ${next}`]
    const lines = sentences.map((line) => text`${line}`)
    this.note(joined(lines, '\n'), flags)
    return result
  }
}
