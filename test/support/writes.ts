import {createRequire} from 'node:module'
import {Socket} from 'node:net'

/** Is called instead of everything that is sent to a database; `send` sends it. */
export type OnWrite = (send: () => unknown, from: Socket | undefined) => unknown

type Method = (...args: unknown[]) => unknown

/** Calls `onWrite` for every write of this process to a port: what a driver hands to the system in one piece. */
export function watchSockets(port: number, onWrite: OnWrite): void {
  // Behind `write`, where what was corked is one piece, and what waits for the connection has it.
  wrap(Socket.prototype, '_writeGeneric', function (this: Socket, send) {
    return this.connecting || this.remotePort !== port ? send() : onWrite(send, this)
  })
}

/** Calls `onWrite` for every statement that this process runs on SQLite, but for what only reads. */
export function watchSqlite(onWrite: OnWrite): void {
  const Database = createRequire(import.meta.url)('better-sqlite3') as new (path: string) => {
    prepare(sql: string): object
    close(): void
  }
  const database = new Database(':memory:')
  const statements = Object.getPrototypeOf(database.prepare('select 1')) as object
  database.close()
  wrap(statements, 'run', (send) => onWrite(send, undefined))
}

function wrap<This extends object>(
  prototype: This,
  name: string,
  around: (this: This, send: () => unknown) => unknown,
): void {
  const original = Reflect.get(prototype, name) as Method
  Reflect.set(prototype, name, function (this: This, ...args: unknown[]) {
    return around.call(this, () => original.apply(this, args))
  })
}
