import type {Comparator} from './comparator.ts'

/** The extensions that provide types. */
const extensionOf: Readonly<Record<string, string>> = {
  citext: 'citext',
  hstore: 'hstore',
  ltree: 'ltree',
  cube: 'cube',
  vector: 'vector',
  halfvec: 'vector',
  geometry: 'postgis',
  geography: 'postgis',
}

/** Missing extensions that provide types used by entities. */
export const extensions: Comparator = {
  compare: async ({database, target, stages}) => {
    const bases = target
      .getTables()
      .flatMap((table) => table.getColumns().map(({type}) => /^\w+/.exec(type)?.[0] ?? ''))
    const wanted = new Set(bases.flatMap((base) => extensionOf[base.toLowerCase()] ?? []))
    if (wanted.size === 0) return
    const rows = await database.query<{readonly name: string}>('select extname as name from pg_extension')
    const there = new Set(rows.map(({name}) => name))
    for (const name of wanted) if (!there.has(name)) stages.add({kind: 'createExtension', name})
  },
}
