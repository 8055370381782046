import type {SqlContext} from '../operations/definition.ts'
import {joinName, splitName} from '../operations/names.ts'
import type {Operation} from '../operations/operation.ts'

/** Returns the operations that give a table another schema and name. */
export function moveOperations(
  table: string,
  after: string,
  isTaken: (name: string) => boolean,
  {platform}: SqlContext,
): readonly Operation[] {
  const [from, to] = [splitName(table), splitName(after)]
  const own = platform.getDefaultSchemaName()
  if (from.schema === to.schema) return [{kind: 'renameTable', table, to: to.name}]
  const schema = to.schema ?? own ?? ''
  const move = (name: string): Operation => ({kind: 'moveTable', table: joinName(from.schema ?? own, name), to: schema})
  if (from.name === to.name) return [move(from.name)]
  return isTaken(joinName(to.schema, from.name))
    ? [{kind: 'renameTable', table, to: to.name}, move(to.name)]
    : [move(from.name), {kind: 'renameTable', table: joinName(to.schema, from.name), to: to.name}]
}
