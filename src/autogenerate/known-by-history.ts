import type {IsKnown} from './unknown.ts'
import type {ProjectOptions, ScriptProject} from '../engine/project.ts'
import type {OpenDatabase} from '../engine/databases.ts'
import {effectsOn} from '../engine/effects.ts'

/**
 * Returns a function that checks whether the history created an object. Effects of revisions are read on first use.
 * Effects of SQL in revisions are only known on PostgreSQL, where it can be parsed.
 */
export function knownByHistory(
  project: ScriptProject,
  {x = {}}: ProjectOptions,
  {session, name}: OpenDatabase,
): IsKnown {
  let written: Promise<ReadonlySet<string>> | undefined
  const {dialect, platform} = session
  const own = platform.getDefaultSchemaName()
  const plain = (text: string): string =>
    own !== undefined && text.startsWith(`${own}.`) ? text.slice(own.length + 1) : text
  const read = async (): Promise<ReadonlySet<string>> => {
    const found = new Set<string>()
    const {tree, scripts} = project
    const registry = await project.registry()
    for (const id of scripts.graph.topological) {
      const revision = scripts.graph.get(id)
      const {writes} = await effectsOn(tree, revision, 'upgrade', {name, dialect}, x, registry)
      for (const object of writes) found.add(`${object.kind} ${plain(object.name)}`)
    }
    return found
  }
  return async (kind, text) => (await (written ??= read())).has(`${kind} ${plain(text)}`)
}
