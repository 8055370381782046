import {MigError} from '../errors.ts'
import {revisionsBetween} from '../graph/merge-base.ts'
import type {RevisionId} from '../graph/revision.ts'
import type {RevisionGraph} from '../graph/revision-graph.ts'
import type {Effects, ObjectKind, SchemaObject} from '../operations/definition.ts'
import type {OperationRegistry} from '../operations/registry.ts'
import type {ScriptRevision} from '../script/revision-file.ts'

/** An object that several heads touch, at least one of them by changing it. */
interface SharedObject extends SchemaObject {
  readonly heads: readonly RevisionId[]
}

/** The objects that several heads have in common, judged by the source of their revisions without running it. */
export interface SharedObjects {
  readonly objects: readonly SharedObject[]
  /** Revisions whose effects cannot be fully determined from their source. */
  readonly unclear: readonly RevisionId[]
}

/** Reads the source of revisions. */
export type ReadTexts = (revisions: readonly ScriptRevision[]) => Promise<readonly string[]>

/** With more revisions than this across all heads, none are read: a hook must stay fast. */
const most = 300

/**
 * Returns, for each pair of heads, the objects that revisions exclusive to each side touch; undefined for too many
 * revisions.
 */
export async function sharedObjects(
  graph: RevisionGraph<ScriptRevision>,
  heads: readonly RevisionId[],
  readTexts: ReadTexts,
  registry: OperationRegistry,
): Promise<SharedObjects | undefined> {
  const pairs = heads.flatMap((head, i) => heads.slice(i + 1).map((other) => [head, other] as const))
  const sides = pairs.map(([head, other]) => ({
    heads: [head, other],
    lines: [revisionsBetween(graph, [other], [head]), revisionsBetween(graph, [head], [other])],
  }))
  const revisions = [...new Set(sides.flatMap(({lines}) => lines.flat()))].map((id) => graph.get(id))
  if (revisions.length > most) return undefined
  const texts = await readTexts(revisions)
  const effects = new Map(
    await Promise.all(
      revisions.map(async (revision, i) => [revision.id, await effectsIn(revision, texts[i], registry)] as const),
    ),
  )
  const effectsOf = (id: RevisionId): readonly Effects[] => effects.get(id) ?? []
  const found = new Map<string, SharedObject>()
  for (const {heads: pair, lines} of sides)
    for (const [key, object] of inBoth(lines.map((line) => touchedBy(line.flatMap(effectsOf))))) {
      const known = found.get(key)
      found.set(key, {...(known ?? object), heads: [...new Set([...(known?.heads ?? []), ...pair])]})
    }
  return {
    objects: [...found.values()].toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)),
    unclear: revisions.map(({id}) => id).filter((id) => effectsOf(id).some(isUnclear)),
  }
}

const notRead: readonly Effects[] = [{reads: [], writes: [{kind: 'unknown', name: 'an unreadable file'}]}]

async function effectsIn(
  {file}: ScriptRevision,
  text: string | undefined,
  registry: OperationRegistry,
): Promise<readonly Effects[]> {
  const {writtenEffects} = await import('./written-effects.ts')
  try {
    return text === undefined ? notRead : await writtenEffects(file, text, registry)
  } catch (error) {
    if (error instanceof MigError) return notRead
    throw error
  }
}

function isUnclear({writes}: Effects): boolean {
  return writes.some(({kind}) => kind === 'unknown')
}

interface Touched {
  readonly object: SchemaObject
  readonly isWritten: boolean
}

/** Objects in a table also count as touching the table. */
const inTables: ReadonlySet<ObjectKind> = new Set(['column', 'constraint', 'trigger', 'policy'])

function touchedBy(effects: readonly Effects[]): ReadonlyMap<string, Touched> {
  const found = new Map<string, Touched>()
  const note = (object: SchemaObject, isWritten: boolean): void => {
    if (object.kind === 'unknown') return
    const key = keyOf(object)
    const known = found.get(key)
    if (known === undefined || (isWritten && !known.isWritten)) found.set(key, {object, isWritten})
    if (inTables.has(object.kind)) note(tableOf(object.name), isWritten)
  }
  for (const {writes} of effects) for (const object of writes) note(object, true)
  for (const {reads} of effects) for (const object of reads) note(object, false)
  return found
}

/** A table and a view cannot share a name, and a query does not reveal which of them it reads. */
function keyOf({kind, name}: SchemaObject): string {
  return `${kind === 'view' ? 'table' : kind} ${name.toLowerCase().replace(/^public\./, '')}`
}

/**
 * Returns the objects that both sides touch, at least one by changing it; a part of a table takes precedence over the
 * table.
 */
function inBoth([side, other]: readonly ReadonlyMap<string, Touched>[]): ReadonlyMap<string, SchemaObject> {
  const found = new Map<string, SchemaObject>()
  for (const [key, {object, isWritten}] of side ?? []) {
    const its = other?.get(key)
    if (its !== undefined && (isWritten || its.isWritten)) found.set(key, isWritten ? object : its.object)
  }
  for (const {kind, name} of found.values()) if (inTables.has(kind)) found.delete(keyOf(tableOf(name)))
  return found
}

function tableOf(name: string): SchemaObject {
  return {kind: 'table', name: name.slice(0, name.lastIndexOf('.'))}
}
