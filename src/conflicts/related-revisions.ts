import type {SchemaObject} from '../operations/definition.ts'
import type {Dialect} from '../dialects/dialect.ts'
import {emptyModel} from '../sql/model/empty-model.ts'
import type {SchemaModel} from '../sql/model/schema-model.ts'
import type {Item} from '../sql/model/items.ts'
import {wordsIn} from '../sql/model/row-code.ts'
import {appliedTo} from './applied-revision.ts'
import type {AppliedRevision} from './applied-revision.ts'
import {extensionsOf} from './extension-conflict.ts'
import {lastName} from './row-conflicts.ts'
import type {RevisionText, RevisionTexts} from './revision-texts.ts'

/** With more common revisions than this, only those are read that name something that a side names. */
const mostCommon = 50

type Sides = readonly [ours: readonly RevisionText[], theirs: readonly RevisionText[]]

/**
 * Leaves out of the longer side the revisions that have nothing to do with the other one: neither a name of an object that it
 * names, nor one that such a revision names.
 */
export async function relatedSides(
  [ours, theirs]: Sides,
  common: () => Promise<readonly RevisionText[]>,
  texts: RevisionTexts,
): Promise<Sides> {
  if (ours.length + theirs.length <= mostCommon) return [ours, theirs]
  const [short, long] = ours.length <= theirs.length ? [ours, theirs] : [theirs, ours]
  const base = await baseFor(short, common, texts)
  const named = texts.naming(new Set([...(await namesIn(short, texts.dialect)), ...(await namesAround(short, base))]))
  const near = long.filter((text) => named.has(text))
  const related = texts.naming(await namesIn(near, texts.dialect)).union(named)
  const {revisions} = appliedTo(emptyModel(texts.dialect), await contentsOf(short))
  const isProviding = revisions.some((one) => extensionsOf(one).length > 0)
  const kept: RevisionText[] = []
  for (const text of long)
    if (related.has(text) || isProviding || (await isOpaqueAlone(text, texts.dialect))) kept.push(text)
  return short === ours ? [ours, kept] : [kept, theirs]
}

/** Whether a revision may concern objects that it does not name. */
export function isOpaque(revision: AppliedRevision): boolean {
  const {unclear, refused, placeless, userSchemas} = revision
  return (
    unclear.length > 0 ||
    userSchemas.size > 0 ||
    refused !== undefined ||
    placeless.length > 0 ||
    extensionsOf(revision).length > 0
  )
}

const opacity = new WeakMap<RevisionText, boolean>()

async function isOpaqueAlone(text: RevisionText, dialect: Dialect): Promise<boolean> {
  const known = opacity.get(text)
  if (known !== undefined) return known
  // Of many revisions nothing else is needed, and their statements take a lot of memory.
  const {revisions} = appliedTo(emptyModel(dialect), [{name: text.revision.id, content: await text.parse()}])
  const isOpaqueText = revisions.some(isOpaque)
  opacity.set(text, isOpaqueText)
  return isOpaqueText
}

/** Returns revisions with their statements. */
export async function contentsOf(texts: readonly RevisionText[]): Promise<Parameters<typeof appliedTo>[1]> {
  return Promise.all(texts.map(async ({revision, statements}) => ({name: revision.id, content: await statements()})))
}

/** Returns the schema before both sides, as far as it concerns them. */
export async function baseFor(
  sides: readonly RevisionText[],
  common: () => Promise<readonly RevisionText[]>,
  texts: RevisionTexts,
): Promise<SchemaModel> {
  const all = await common()
  const relevant = all.length <= mostCommon ? all : await relevantTo(sides, all, texts)
  return appliedTo(emptyModel(texts.dialect), await contentsOf(relevant)).model
}

/** Returns those of some revisions that name an object of others, or of a view or function in between. */
export async function relevantTo(
  others: readonly RevisionText[],
  revisions: readonly RevisionText[],
  texts: RevisionTexts,
): Promise<readonly RevisionText[]> {
  const {dialect} = texts
  let named = texts.naming(await namesIn(others, dialect))
  const among = (): readonly RevisionText[] => revisions.filter((text) => named.has(text))
  // Rows are reached through views, and by the code of functions, which other revisions may have created.
  for (let size = 0; size < named.size;) {
    size = named.size
    named = named.union(texts.naming(await namesIn(among(), dialect, ['view', 'function'])))
  }
  return among()
}

/** Returns the names of the objects that revisions name, in lower case, without those that are in every text. */
async function namesIn(
  texts: readonly RevisionText[],
  dialect: Dialect,
  kinds?: readonly SchemaObject['kind'][],
): Promise<ReadonlySet<string>> {
  const {revisions} = appliedTo(emptyModel(dialect), await contentsOf(texts))
  const objects = revisions.flatMap(({touched}) => [...touched.values()].map(({object}) => object))
  const named = objects.filter(({kind}) => kinds?.includes(kind) ?? (kind !== 'column' && kind !== 'schema'))
  return new Set(named.map(({name}) => lastName(name)))
}

/** Returns the names of the objects of a schema through which revisions may reach others: views, foreign keys and code. */
async function namesAround(texts: readonly RevisionText[], base: SchemaModel): Promise<ReadonlySet<string>> {
  const {revisions} = appliedTo(base, await contentsOf(texts))
  const touched = new Set(revisions.flatMap((one) => [...one.touched.values()].map(({object}) => object.name)))
  const names = new Set([...touched].map(lastName))
  const isCode = (item: Item): boolean => item.kind === 'function' && !wordsIn(item).isDisjointFrom(names)
  const around = connected(
    base,
    ({kind}) => kind !== 'column' && kind !== 'schema',
    (item) => touched.has(base.objectOf(item).name) || isCode(item),
  )
  const words = revisions.flatMap(({codeWords}) => [...codeWords])
  return new Set([...around.map((item) => lastName(item.name)), ...words])
}

/** Returns the objects of some kinds that are connected by references with those from which to start. */
function connected(model: SchemaModel, isMeant: (item: Item) => boolean, isStart: (item: Item) => boolean): Item[] {
  const owner = (item: Item | undefined): Item | undefined => {
    const parent = item?.parent === undefined ? undefined : model.get(item.parent)
    return parent === undefined || parent.kind === 'schema' ? item : parent
  }
  const neighbours = new Map<Item, Set<Item>>()
  for (const item of model.items)
    for (const {to} of item.references) {
      const [one, other] = [owner(item), owner(model.get(to))]
      if (one === undefined || other === undefined) continue
      for (const [from, target] of [
        [one, other],
        [other, one],
      ] as const)
        neighbours.set(from, (neighbours.get(from) ?? new Set()).add(target))
    }
  const found = new Set(model.items.filter((item) => isMeant(item) && isStart(item)))
  for (const item of found) for (const next of neighbours.get(item) ?? []) if (isMeant(next)) found.add(next)
  return [...found]
}
