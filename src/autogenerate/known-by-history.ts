import {nextTo} from '../operations/names.ts'
import type {IsKnown, UnknownObject} from './unknown.ts'
import type {ProjectOptions, ScriptProject} from '../engine/project.ts'
import type {OpenDatabase} from '../engine/databases.ts'
import {effectsOn} from '../engine/effects.ts'

/**
 * Returns a function that checks whether the history created an object. Effects of revisions are read on first use.
 * Effects of SQL in revisions are only known on PostgreSQL, where it can be parsed: elsewhere, a history with SQL may have
 * created any part of a table.
 */
export function knownByHistory(
  project: ScriptProject,
  {x = {}}: ProjectOptions,
  {session, name}: OpenDatabase,
): IsKnown {
  let written: Promise<Written> | undefined
  const {dialect, platform} = session
  const own = platform.getDefaultSchemaName()
  const plain = (text: string): string =>
    own !== undefined && text.startsWith(`${own}.`) ? text.slice(own.length + 1) : text
  const read = async (): Promise<Written> => {
    const objects = new Set<string>()
    const created = new Set<string>()
    const described = new Set<string>()
    const {tree, scripts} = project
    const registry = await project.registry()
    for (const id of scripts.graph.topological) {
      const revision = scripts.graph.get(id)
      const effects = await effectsOn(tree, revision, 'upgrade', {name, dialect}, x, registry)
      for (const object of effects.described) described.add(`${object.kind} ${plain(object.name)}`)
      for (const object of effects.writes) objects.add(`${object.kind} ${plain(object.name)}`)
      for (const table of effects.created) created.add(plain(table))
    }
    return {objects, created, described, isWhole: ![...objects].some((key) => key.startsWith('unknown '))}
  }
  return async (kind, text) => isWritten(await (written ??= read()), kind, plain(text))
}

/** Kinds of objects that belong to their authors if SQL created them, even in a revision. */
export const managedByHand: readonly UnknownObject['kind'][] = ['view', 'function', 'trigger', 'policy']

/** The objects that a history creates. */
interface Written {
  /** Kinds and names. */
  readonly objects: ReadonlySet<string>
  /** The tables whose columns are known since their creation: not those that were renamed. */
  readonly created: ReadonlySet<string>
  /** Kinds and names, for operations only. Views, functions, triggers and policies in SQL are managed by hand. */
  readonly described: ReadonlySet<string>
  /** Whether all effects are known. */
  readonly isWhole: boolean
}

function isWritten(
  {objects, created, described, isWhole}: Written,
  kind: UnknownObject['kind'],
  name: string,
): boolean {
  const table = name.slice(0, name.lastIndexOf('.'))
  const isOfUnknownOrigin = !isWhole || (objects.has(`table ${table}`) && !created.has(table))
  switch (kind) {
    case 'view':
    case 'function':
    case 'trigger':
    case 'policy':
      return described.has(`${kind} ${name}`)
    case 'table':
    case 'type':
    case 'schema':
      return objects.has(`${kind} ${name}`)
    case 'column':
      return isOfUnknownOrigin || objects.has(`${kind} ${name}`)
    case 'index':
      return (
        isOfUnknownOrigin ||
        objects.has(`constraint ${name}`) ||
        objects.has(`index ${nextTo(table, name.slice(table.length + 1))}`)
      )
    case 'check':
    case 'foreign key':
      return isOfUnknownOrigin || objects.has(`constraint ${name}`)
  }
}
