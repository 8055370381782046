/**
 * Loaded into a process with `node --import`: kills it at its MIG_CRASH_AT-th write to the database, `before` or `after`
 * that is sent. What is sent then was not answered. The database is at the port MIG_CRASH_PORT, or is SQLite.
 */
import {watchSockets, watchSqlite} from './writes.ts'

const {MIG_CRASH_AT, MIG_CRASH_WHEN, MIG_CRASH_PORT} = process.env
const at = Number(MIG_CRASH_AT)
let written = 0

function onWrite(send: () => unknown): unknown {
  if (++written < at) return send()
  if (MIG_CRASH_WHEN === 'after') send()
  return process.kill(process.pid, 'SIGKILL')
}

if (MIG_CRASH_PORT === undefined) watchSqlite(onWrite)
else watchSockets(Number(MIG_CRASH_PORT), onWrite)
