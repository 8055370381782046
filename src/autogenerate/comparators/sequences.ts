import {requiredSequences} from '../../catalogue/requirements.ts'
import type {Comparator} from './comparator.ts'

/** Missing sequences that column defaults use; entities cannot declare sequences otherwise. */
export const sequences: Comparator = {
  compare: async ({database, target, stages, context}) => {
    const wanted = requiredSequences(target, context)
    if (wanted.size === 0) return
    const rows = await database.query<{readonly schema: string; readonly name: string}>(
      'select schemaname as schema, sequencename as name from pg_sequences',
    )
    const own = context.platform.getDefaultSchemaName()
    const there = new Set(rows.map(({schema, name}) => (schema === own ? name : `${schema}.${name}`)))
    for (const name of wanted) if (!there.has(name)) stages.add({kind: 'createSequence', name})
  },
}
