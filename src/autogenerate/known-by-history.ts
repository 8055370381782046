import type {IsKnown} from './unknown.ts'
import type {ProjectOptions, ScriptProject} from '../engine/project.ts'
import type {OpenDatabase} from '../engine/databases.ts'
import {effectsOn} from '../engine/effects.ts'

/**
 * Returns what tells whether the history has made something: the effects of its revisions are looked at, when somebody asks
 * for the first time. What revisions do in SQL is known on PostgreSQL, whose language can be read.
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
