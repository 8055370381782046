import {resolve} from 'node:path'
import {driverOfClass} from '../../dialects/drivers.ts'
import type {Connection} from '../connection/connect.ts'
import {pgliteFolder} from '../connection/pglite-lock.ts'
import type {Session} from '../connection/session.ts'
import {DatabaseSnapshots} from './database-snapshots.ts'
import {SnapshotNotSupportedError} from './errors.ts'
import {FileSnapshots} from './file-snapshots.ts'
import {FolderSnapshots} from './folder-snapshots.ts'
import type {SnapshotStore} from './snapshot.ts'

/** Options for a connection to a snapshot. */
export interface SnapshotOptions {
  /** The folder that drivers are resolved from. */
  readonly root: string
  /** The connection timeout in milliseconds. */
  readonly timeout: number
}

/**
 * Returns the snapshots of a database, which stay usable when its session is closed.
 *
 * @throws MigError SNAPSHOT_NOT_SUPPORTED
 */
export async function openSnapshots(session: Session, options: SnapshotOptions): Promise<SnapshotStore> {
  const {em, name} = session
  const refuse = (reason: string): never => {
    throw new SnapshotNotSupportedError(name, reason)
  }
  const settings = settingsOf(em)
  const driver = driverOfClass(em.getDriver().constructor)
  switch (driver?.snapshots) {
    case undefined:
      return refuse('mig cannot copy databases of this kind')
    case 'database': {
      const [row] = await session.query<{readonly name: string}>('select current_database() as name')
      const management = em.getPlatform().getSchemaHelper()?.getManagementDbName() ?? ''
      return new DatabaseSnapshots(row?.name ?? '', settings, {...options, management})
    }
    case 'file': {
      const file = em.config.get('dbName') ?? ''
      if (file === '' || file.startsWith(':memory:')) refuse('it is in memory')
      return new FileSnapshots(resolve(em.config.get('baseDir'), file), settings, options.root)
    }
    case 'folder':
      return new FolderSnapshots(pgliteFolder(settings) ?? refuse('mig does not know its folder'), settings)
  }
}

/** Returns the options of a connection, for connections to other databases. */
function settingsOf(em: Connection['em']): Readonly<Record<string, unknown>> {
  const quiet = {entities: [], entitiesTs: [], discovery: {warnWhenNoEntities: false}, preferEnvVars: false}
  return {...em.config.getAll(), ...quiet}
}
