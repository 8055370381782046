import {createHash} from 'node:crypto'
import type {RevisionId} from '../../graph/revision.ts'

/** The ids of the contents that a database depends on, by the revisions that are applied to it. */
export type Contents = ReadonlyMap<RevisionId, string>

/** A database with revisions that is kept, to be copied instead of replaying them. */
export interface Template {
  readonly revisions: Contents
  /** The version of the server that it was made by. */
  readonly version: string
}

/** Returns the template that saves the most of the wanted revisions. */
export function bestOf<Kept extends Template>(templates: readonly Kept[], wanted: Contents): Kept | undefined {
  const usable = templates.filter(
    ({revisions}) => revisions.size > 0 && [...revisions].every(([id, content]) => wanted.get(id) === content),
  )
  return usable.toSorted((one, other) => other.revisions.size - one.revisions.size)[0]
}

/** Returns the first digits of a digest of values. */
export function digestOf(value: unknown, length = 16): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, length)
}

/** Returns a template as text. */
export function templateText({revisions, version}: Template, more: object): string {
  return JSON.stringify({...more, version, revisions: Object.fromEntries(revisions)})
}

/** Returns the template in a text and its other properties; undefined if it is none. */
export function parseTemplate(text: string): {readonly template: Template; readonly more: object} | undefined {
  try {
    const value = JSON.parse(text) as unknown
    if (typeof value !== 'object' || value === null || !('revisions' in value) || !('version' in value))
      return undefined
    const {revisions, version, ...more} = value
    if (typeof version !== 'string' || typeof revisions !== 'object' || revisions === null) return undefined
    return {template: {version, revisions: new Map(Object.entries(revisions) as [string, string][])}, more}
  } catch {
    return undefined
  }
}

/** Returns the templates that were used last and together take no more space than allowed, and those that must go. */
export function outgrown<Kept extends {readonly bytes: number; readonly used: number}>(
  templates: readonly Kept[],
  maxSize: number,
): readonly Kept[] {
  let total = 0
  return templates
    .toSorted((one, other) => other.used - one.used)
    .filter(({bytes}) => {
      total += bytes
      return total > maxSize
    })
}
