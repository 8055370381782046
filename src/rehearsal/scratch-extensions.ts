import {createRequire} from 'node:module'
import {pathToFileURL} from 'node:url'
import {extensionsOfEntities} from '../catalogue/requirements.ts'
import type {ScriptProject} from '../engine/project.ts'
import type {Connection} from '../runner/connection/connect.ts'

/** The PostgreSQL extensions included in PGlite, by their `create extension` names. */
const shipped = [
  ...['bloom', 'btree_gin', 'btree_gist', 'citext', 'cube', 'dict_int', 'dict_xsyn', 'earthdistance', 'fuzzystrmatch'],
  ...['hstore', 'intarray', 'isn', 'lo', 'ltree', 'moddatetime', 'pg_trgm', 'pgcrypto', 'seg', 'tablefunc', 'tcn'],
  ...['tsm_system_rows', 'tsm_system_time', 'unaccent', 'uuid-ossp'],
] as const

/** Returns the extensions that revisions mention or entities need, for PGlite, which must load them at startup. */
export async function extensionsFor(
  {scripts, tree}: ScriptProject,
  em: Connection['em'],
): Promise<Readonly<Record<string, unknown>>> {
  const texts = await tree.read([...scripts.graph.revisions].map(({file}) => file))
  const about = texts.filter((text) => /extension/i.test(text))
  const needed = extensionsOfEntities(em)
  return contribOf(shipped.filter((name) => needed.has(name) || about.some((text) => text.includes(name))))
}

/** Returns extensions for PGlite by their names, without those that it does not include. */
export async function contribOf(names: readonly string[]): Promise<Readonly<Record<string, unknown>>> {
  const wanted = shipped.filter((name) => names.includes(name))
  const loaded = wanted.map(async (name) => {
    const key = name.replace('-', '_')
    return [key, await contrib(key)] as const
  })
  return Object.fromEntries((await Promise.all(loaded)).filter(([, extension]) => extension !== undefined))
}

/** Imports an extension from the PGlite copy that MikroORM uses. */
async function contrib(name: string): Promise<unknown> {
  try {
    const driver = createRequire(import.meta.url).resolve('@mikro-orm/pglite')
    const path = createRequire(driver).resolve(`@electric-sql/pglite/contrib/${name}`)
    const module = (await import(pathToFileURL(path).href)) as Readonly<Record<string, unknown>>
    return module[name]
  } catch {
    // The revision that needs the extension will fail with an error.
    return undefined
  }
}
