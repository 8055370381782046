import {requiredExtensions} from '../../catalogue/requirements.ts'
import type {Comparator} from './comparator.ts'

/** Missing extensions that provide types used by entities. */
export const extensions: Comparator = {
  compare: async ({database, target, stages}) => {
    const wanted = requiredExtensions(target)
    if (wanted.size === 0) return
    const rows = await database.query<{readonly name: string}>('select extname as name from pg_extension')
    const there = new Set(rows.map(({name}) => name))
    for (const name of wanted) if (!there.has(name)) stages.add({kind: 'createExtension', name})
  },
}
