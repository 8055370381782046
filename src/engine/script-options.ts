import type {Dialect} from '../operations/operation.ts'
import type {WriteOptions} from './databases.ts'

/** How a script is written for a database that is not contacted. */
export interface ScriptOptions extends Pick<WriteOptions, 'cwd' | 'config' | 'environment' | 'x' | 'tag'> {
  /** The kind of the database; that of the configuration when left out. */
  readonly dialect?: Dialect | undefined
  /** The name of the database, where the configuration has several. */
  readonly database?: string | undefined
}
