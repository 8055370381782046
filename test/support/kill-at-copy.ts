/**
 * Loaded into a process with `node --import`: kills it at a moment of a snapshot, MIG_CRASH_MOMENT. It is `copy`, in the middle of
 * a copy; `rename N`, before the N-th rename of a file or folder of a snapshot; or `send TEXT`, after a text is sent to a server.
 */
import fs from 'node:fs'
import {syncBuiltinESMExports} from 'node:module'
import {Socket} from 'node:net'

const [kind, argument = ''] = /^(\w+) ?(.*)$/.exec(process.env['MIG_CRASH_MOMENT'] ?? '')?.slice(1) ?? []
const folder = process.env['MIG_CRASH_FOLDER'] ?? ''
const kill = (): boolean => process.kill(process.pid, 'SIGKILL')

if (kind === 'copy') {
  const look = (): void => {
    const names = fs.existsSync(folder) ? fs.readdirSync(folder) : []
    if (names.some((name) => name.startsWith('.copy-'))) kill()
    setImmediate(look).unref()
  }
  const copying = setInterval(look, 1)
  copying.unref()
}

if (kind === 'rename') {
  const {renameSync} = fs
  let count = 0
  fs.renameSync = (from, to) => {
    if ([from, to].some((path) => String(path).startsWith(folder)) && ++count === Number(argument)) kill()
    renameSync(from, to)
  }
  syncBuiltinESMExports()
}

if (kind === 'send') {
  const write = Reflect.get(Socket.prototype, 'write') as (...args: unknown[]) => boolean
  Reflect.set(Socket.prototype, 'write', function (this: Socket, data: string | Uint8Array, ...args: unknown[]) {
    const isSent = Reflect.apply(write, this, [data, ...args])
    if (Buffer.from(data).includes(argument)) setTimeout(kill, 5)
    return isSent
  })
}
