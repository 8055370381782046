import {createHash} from 'node:crypto'
import {mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import type {Revision} from '../src/graph/revision.ts'

/** Returns a history with a branch and a merge every 50 revisions. */
export function history(size: number): Revision[] {
  return Array.from({length: size}, (_, n) => {
    // Of every 50, the second and the third both come after the first, and the fourth joins them.
    const down = [[n - 1], [n - 1], [n - 2], [n - 2, n - 1]][n % 50] ?? [n - 1]
    const downRevisions = down.filter((one) => one >= 0).map(idOf)
    return {id: idOf(n), downRevisions, dependsOn: [], branchLabels: [], message: `add column number ${n}`}
  })
}

function idOf(n: number): string {
  return createHash('sha1').update(String(n)).digest('hex').slice(0, 12)
}

/** Writes the files of a history as `mig revision` would, and a configuration. */
export function writeHistory(folder: string, revisions: readonly Revision[]): void {
  const versions = join(folder, 'migrations/versions')
  mkdirSync(versions, {recursive: true})
  writeFileSync(join(folder, 'mig.config.js'), 'export default {}\n')
  for (const {id, downRevisions, message = ''} of revisions)
    writeFileSync(
      join(versions, `${id}_${message.replaceAll(' ', '_')}.ts`),
      `/**
 * ${message}
 *
 * Revision ID: ${id}
 * Revises: ${downRevisions.join(', ')}
 * Create Date: 2026-11-21T10:00:00.000Z
 */
import type {Operations} from 'migdag'

export const revision = '${id}'
export const downRevision = ${JSON.stringify(downRevisions)}
export const branchLabels = null
export const dependsOn = null

export async function upgrade(op: Operations) {
  op.execute('alter table t add column c_${id} integer')
}

export async function downgrade(op: Operations) {
  op.execute('alter table t drop column c_${id}')
}
`,
    )
}
