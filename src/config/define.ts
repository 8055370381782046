import type {ConfigContext} from './load.ts'
import type {Config} from './schema.ts'

/** A configuration, or what returns one from the environment's name and free arguments. */
export type ConfigExport = Config | ((context: ConfigContext) => Config | Promise<Config>)

/** Returns what it is given: it is there for its type. */
export function defineConfig<C extends ConfigExport>(config: C): C {
  return config
}
