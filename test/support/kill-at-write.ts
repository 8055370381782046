/**
 * Loaded into a process with `node --import`: sends it the signal MIG_CRASH_SIGNAL at its MIG_CRASH_AT-th write to the
 * database, `before` or `after` that is sent. What is sent then was not answered. The database is at the port MIG_CRASH_PORT, or is SQLite.
 */
import {watchSockets, watchSqlite} from './writes.ts'

const {MIG_CRASH_AT, MIG_CRASH_WHEN, MIG_CRASH_PORT, MIG_CRASH_SIGNAL} = process.env
const at = Number(MIG_CRASH_AT)
let written = 0

function onWrite(send: () => unknown): unknown {
  if (++written !== at) return send()
  if (MIG_CRASH_WHEN === 'before') process.kill(process.pid, MIG_CRASH_SIGNAL)
  const sent = send()
  if (MIG_CRASH_WHEN === 'after') process.kill(process.pid, MIG_CRASH_SIGNAL)
  return sent
}

if (MIG_CRASH_PORT === undefined) watchSqlite(onWrite)
else watchSockets(Number(MIG_CRASH_PORT), onWrite)
