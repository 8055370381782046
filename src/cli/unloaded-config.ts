import {Config} from '@oclif/core/config'

/**
 * The command line as a command needs it to run. oclif would load everything about all commands, three times per run, and
 * only help and completions need that.
 */
export class UnloadedConfig extends Config {
  /** @param root the absolute path of the folder that package.json is in */
  constructor(root: string) {
    super({root, userPlugins: false, devPlugins: false})
    this.bin = 'mig'
    this.root = root
  }

  /** There are no hooks of oclif. */
  override async runHook(): ReturnType<Config['runHook']> {
    return {successes: [], failures: []}
  }
}
