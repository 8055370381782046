import type {Dialect} from '../operations/operation.ts'
import type {WriteOptions} from './databases.ts'

/** Options for writing a script without connecting to a database. */
export interface ScriptOptions extends Pick<WriteOptions, 'cwd' | 'config' | 'environment' | 'x' | 'tag'> {
  /** The dialect of the script; by default, that of the configured database. */
  readonly dialect?: Dialect | undefined
  /** The name of the database, if the configuration has several. */
  readonly database?: string | undefined
}
