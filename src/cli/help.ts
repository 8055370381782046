import {CommandHelp, Help} from '@oclif/core/help'

type ArgumentRows = ReturnType<CommandHelp['args']>

/** Help of one command: a short usage line, and a description that does not repeat the summary. */
class MigCommandHelp extends CommandHelp {
  /** oclif writes the usage line as a template; the texts of mig are none, and an engine takes long to load. */
  override render = (text: string): string => text.replaceAll('<%= command.id %>', this.command.id)

  protected override defaultUsage(): string {
    const args = Object.values(this.command.args)
    const names = args.map((arg, i) => {
      const name = `${arg.name.toUpperCase()}${this.#isRepeated(i, args.length) ? '...' : ''}`
      return arg.required ? name : `[${name}]`
    })
    return [this.command.id, ...names, '[FLAGS]'].join(' ')
  }

  protected override args(args: Parameters<CommandHelp['args']>[0]): ArgumentRows {
    // The descriptions name the options.
    return super
      .args(
        args.map(({options, ...arg}) => {
          void options
          return arg
        }),
      )
      ?.map(([name, text], i) => [this.#isRepeated(i, args.length) ? name : name.replace('...', ''), text])
  }

  protected override description(): string | undefined {
    const {description} = this.command
    return description === undefined ? undefined : this.wrap(description)
  }

  /** Only the last argument of a command can be repeated. */
  #isRepeated(index: number, count: number): boolean {
    return this.command.strict === false && index === count - 1
  }
}

/** Help of the command line, loaded by oclif as configured in package.json. */
export default class MigHelp extends Help {
  protected override CommandHelpClass = MigCommandHelp
  override render = (text: string): string => text
}
