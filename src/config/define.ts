import type {ConfigContext} from './load.ts'
import type {Config} from './config.ts'

/** A configuration, or a function that returns one for an environment and `-x` arguments. */
export type ConfigExport = Config | ((context: ConfigContext) => Config | Promise<Config>)

/** Returns its argument; only provides the type. */
export function defineConfig<C extends ConfigExport>(config: C): C {
  return config
}
