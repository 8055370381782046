import type {CatalogueObject} from '../snapshot.ts'
import {quoted} from './server.ts'
import type {Server} from './server.ts'

interface SequenceRow {
  readonly position: number
  readonly start: string
  readonly minimum: string
  readonly maximum: string
  readonly increment: string
  readonly cache: string
  readonly cycle: string
}

/** Reads sequences, without their current values. */
export async function readSequences(names: readonly string[], {query}: Server): Promise<readonly CatalogueObject[]> {
  if (names.length === 0) return []
  const rows = await query<SequenceRow>(names.map(sequenceSql).join(' union all '))
  return rows.map(({position, ...definition}) => ({
    kind: 'sequence',
    name: names[position] ?? '',
    definition: {...definition},
  }))
}

const text = (column: string): string => `cast(${column} as char)`

function sequenceSql(name: string, position: number): string {
  return `select ${position} as \`position\`, ${text('start_value')} as \`start\`,
    ${text('minimum_value')} as \`minimum\`, ${text('maximum_value')} as \`maximum\`,
    ${text('increment')} as \`increment\`, ${text('cache_size')} as \`cache\`,
    if(cycle_option, 'true', 'false') as \`cycle\` from ${quoted(name)}`
}
