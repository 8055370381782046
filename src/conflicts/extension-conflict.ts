import {isAssumed} from '../sql/model/items.ts'
import type {Item} from '../sql/model/items.ts'
import type {SchemaModel} from '../sql/model/schema-model.ts'
import type {AppliedRevision} from './applied-revision.ts'

/** The relation of a revision that changes extensions to one that may use their objects. */
export interface ExtensionConflict {
  /** Whether the object is one of the extension for certain. */
  readonly isCertain: boolean
  /** Which of both works after the other one. */
  readonly last: 'user' | 'provider' | undefined
  readonly reason: string
}

/** Returns the extensions that a revision creates, changes or drops. */
export function extensionsOf({touched}: Pick<AppliedRevision, 'touched'>): readonly string[] {
  return [...touched.values()].flatMap(({object, isWritten}) =>
    object.kind === 'extension' && isWritten ? object.name : [],
  )
}

/** Whether a revision uses something that an extension of the other one may provide. */
export function extensionConflict(
  before: SchemaModel,
  provider: AppliedRevision,
  user: AppliedRevision,
): ExtensionConflict | undefined {
  const extensions = extensionsOf(provider)
  if (extensions.length === 0) return undefined
  const used = [...user.foreign, ...foreignIn(before, user)].filter(({name}) => !isOfAnother(before, name, extensions))
  const certain = used.find(({name}) => extensions.includes(bareName(name)))
  const item = certain ?? used[0]
  if (item === undefined) return lackOf(provider, user)
  const extension = certain === undefined ? (extensions[0] ?? '') : bareName(certain.name)
  const what = item.kind === 'object' ? item.name : before.describe(item)
  const isDropped = provider.removed.some(({kind, name}) => kind === 'extension' && name === extension)
  const isCertain = certain !== undefined
  const isThere = before.items.some(({kind, name}) => kind === 'extension' && name === extension)
  const doing = isDropped ? 'drops' : isThere ? 'changes' : 'creates'
  const last = !isDropped ? 'user' : user.foreign.includes(item) ? undefined : 'provider'
  const reason = isCertain
    ? `${user.name} uses ${what} of extension ${extension}, which ${provider.name} ${doing}.`
    : `It is not known whether extension ${extension}, which ${provider.name} ${doing}, provides ${what}.`
  return {isCertain, last, reason}
}

/** A revision that fails by itself may lack what an extension provides. */
function lackOf(provider: AppliedRevision, user: AppliedRevision): ExtensionConflict | undefined {
  if (user.refused === undefined) return undefined
  const reason = `It is not known whether ${user.name} needs an extension of ${provider.name}: by itself, it fails, for ${user.refused}.`
  return {isCertain: false, last: 'user', reason}
}

/** Returns what nothing created of the objects that a revision changes or drops. */
function foreignIn(before: SchemaModel, {touched}: AppliedRevision): readonly Item[] {
  const written = new Set(
    [...touched.values()].flatMap(({object: {kind, name}, isWritten}) => (isWritten ? `${kind} ${name}` : [])),
  )
  return before.items
    .filter(({references}) => references.length > 0)
    .filter((item) => written.has(before.describe(item)))
    .flatMap(({references}) => references.flatMap(({to}) => before.get(to) ?? []))
    .filter((item) => isAssumed(item) && (item.kind === 'type' || item.kind === 'object'))
}

/** Whether an extension that was there before has the name of an object, which is then one of it. */
function isOfAnother(before: SchemaModel, name: string, extensions: readonly string[]): boolean {
  const extension = bareName(name)
  return !extensions.includes(extension) && before.find('extension', undefined, extension) !== undefined
}

/** An extension has the name of its main type, or of the extension that is required. */
const bareName = (name: string): string => name.replace(/^extension /, '')
