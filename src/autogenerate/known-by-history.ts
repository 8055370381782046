import {nextTo} from '../operations/names.ts'
import type {IsKnown, UnknownObject} from './unknown.ts'
import type {ProjectOptions, ScriptProject} from '../engine/project.ts'
import type {OpenDatabase} from '../engine/databases.ts'
import {effectsOn} from '../engine/effects.ts'

/**
 * Returns a function that checks whether the history created an object. Effects of revisions are read on first use.
 * Effects of SQL in revisions are only known on PostgreSQL, where it can be parsed: elsewhere, a history with SQL may have
 * created any part of a table. A baseline has created nothing: what it describes was there before the history.
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
    const adopted = new Set<string>()
    const {tree, scripts} = project
    const registry = await project.registry()
    for (const id of scripts.graph.topological) {
      const revision = scripts.graph.get(id)
      const effects = await effectsOn(tree, revision, 'upgrade', {name, dialect}, x, registry)
      const keys = effects.writes.map((object) => `${object.kind} ${plain(object.name)}`)
      if (revision.isBaseline) {
        for (const key of keys) adopted.add(key)
        continue
      }
      for (const object of effects.described) described.add(`${object.kind} ${plain(object.name)}`)
      for (const table of effects.created) created.add(plain(table))
      // A table that is renamed stays that of the baseline.
      const isRenamed = keys.some((key) => key.startsWith('table ') && adopted.has(key))
      for (const key of keys)
        if (isRenamed && key.startsWith('table ') && !created.has(key.slice('table '.length))) adopted.add(key)
        else objects.add(key)
    }
    const isWhole = ![...objects].some((key) => key.startsWith('unknown '))
    return {objects, created, described, adopted, isWhole, hasBaseline: hasBaseline(project)}
  }
  return async (kind, text) => isWritten(await (written ??= read()), kind, plain(text))
}

/** Whether the history begins with the schema of a database that existed before it. */
export function hasBaseline({scripts}: ScriptProject): boolean {
  return scripts.graph.revisions.some(({isBaseline}) => isBaseline)
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
  /** Kinds and names of what a baseline describes. */
  readonly adopted: ReadonlySet<string>
  /** Whether all effects are known. */
  readonly isWhole: boolean
  readonly hasBaseline: boolean
}

function isWritten(
  {objects, created, described, adopted, isWhole, hasBaseline: hasTablesBefore}: Written,
  kind: UnknownObject['kind'],
  name: string,
): boolean {
  const table = name.slice(0, name.lastIndexOf('.'))
  if (adopted.has(`${kind} ${name}`) && !created.has(name)) return false
  // The parts of a table that was there before the history are those that its revisions name.
  const isBefore = hasTablesBefore && !created.has(table) && !objects.has(`table ${table}`)
  const isOfUnknownOrigin = !isBefore && (!isWhole || (objects.has(`table ${table}`) && !created.has(table)))
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
