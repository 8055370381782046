import * as Flags from '@oclif/core/flags'
import type {BranchPointView} from '../src/api/files/listings.ts'
import {atFlag} from '../src/cli/at-flag.ts'
import {BaseCommand} from '../src/cli/base-command.ts'
import type {CommandResults} from '../src/cli/json-output.ts'
import {formatTitle} from '../src/cli/format-revision.ts'
import {text} from '../src/render/safe/text.ts'
import type {SafeText} from '../src/render/safe/text.ts'

export default class Branches extends BaseCommand {
  static override summary = 'List branch points: revisions with more than one child'
  static override examples = ['mig branches', 'mig branches -v']
  static override flags = {
    at: atFlag,
    verbose: Flags.boolean({char: 'v', summary: 'Print the details of each branch point'}),
  }

  override async run(): Promise<CommandResults['branches']> {
    const {flags} = await this.parse(Branches)
    const {branches} = await import('../src/api/files/listings.ts')
    const result = await branches({...this.common(flags), at: flags.at, verbose: flags.verbose})
    if (flags.verbose) this.printList(result.branchPoints, true)
    else this.printLines(result.branchPoints.flatMap((point) => this.#pointWithBranches(point)))
    if (result.branchPoints.length === 0) this.note(text`There are no branch points.`, flags)
    return result
  }

  #pointWithBranches(point: BranchPointView): SafeText[] {
    const into = point.branchesInto.map(({revision, branchLabels, message}) => {
      const labels = branchLabels.length === 0 ? text`` : this.paint('label', ` (${branchLabels.join(', ')})`)
      return text`  -> ${this.paint('id', revision)}${labels}${message === '' ? '' : `, ${message}`}`
    })
    return [formatTitle(point, this.paint), ...into]
  }
}
