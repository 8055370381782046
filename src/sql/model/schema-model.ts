import type {SchemaObject} from '../../operations/definition.ts'
import {joinName} from '../../operations/names.ts'
import {ItemStore} from './item-store.ts'
import {defaultsFor, isAssumed, kept, newItem, Refusal, spaceOf} from './items.ts'
import type {Item, ItemId, ItemKind} from './items.ts'
import {KnownRows} from './known-rows.ts'
import {RevisionNotes} from './revision-notes.ts'
import type {Touch} from './revision-notes.ts'
import type {RowChange} from './row-changes.ts'
import {schemaRules} from './rules.ts'
import type {SchemaRules} from './rules.ts'

/** That of a session, without the schema of its role. */
export const usualPath: readonly string[] = ['public']

const readsOnly: ReadonlySet<RowChange['change']> = new Set(['reads', 'tests', 'requires', 'forbids'])

/**
 * A schema as far as statements tell it. What a statement names and the model does not have is assumed to exist
 * already, unless `isStrict`: then the statement fails, as it would on a server.
 */
export class SchemaModel extends ItemStore {
  /** The objects that only a later revision says to exist. */
  readonly #adopted: Set<ItemId>
  /** The model that this one continues, which receives what is assumed. */
  readonly #before: SchemaModel | undefined
  readonly isStrict: boolean
  readonly rules: SchemaRules
  /** Names new objects, so that they are the same in whatever order revisions are applied. */
  author = ''
  #count = 0
  /** The objects and rows that the current revision names and changes. */
  notes = new RevisionNotes()
  /** The rows that revisions insert, as far as they are constants. */
  readonly rows: KnownRows
  searchPath = usualPath

  constructor(from?: SchemaModel, isStrict = false, rules = from?.rules ?? schemaRules.postgresql) {
    super(from)
    this.#adopted = new Set(from?.adopted.map(({id}) => id))
    this.rows = new KnownRows(from?.rows)
    this.#before = from
    this.isStrict = isStrict
    this.rules = rules
    if (from === undefined) this.add({...newItem, id: 'public', kind: 'schema', name: 'public', isOpen: true})
  }

  /** Begins a revision, whose session has the usual search path. */
  begin(revision: string): void {
    this.author = revision
    this.#count = 0
    this.notes = new RevisionNotes()
    this.searchPath = usualPath
  }

  /** The objects that no revision created or named before, and that a later one assumes. */
  get adopted(): readonly Item[] {
    return [...this.#adopted].flatMap((id) => this.get(id) ?? [])
  }

  /** Returns an object by name, if there is one. */
  find(kind: ItemKind, parent: ItemId | undefined, name: string): Item | undefined {
    const item = this.named(kind, parent, name)
    this.#touch(item?.kind ?? kind, parent, name, false)
    return item
  }

  /** Returns the object that a statement with IF NOT EXISTS keeps, if there is one. */
  findKept(kind: ItemKind, parent: ItemId | undefined, name: string): Item | undefined {
    const item = this.find(kind, parent, name)
    if (item !== undefined && this.#adopted.has(item.id)) this.touch(item, true)
    return item
  }

  /** Returns an object by name, assuming it if the model may lack it; undefined if it does not exist. */
  findOrAssume(kind: ItemKind, parent: ItemId | undefined, name: string): Item | undefined {
    return this.find(kind, parent, name) ?? this.#assume(kind, parent, name)
  }

  /** @throws Refusal if it does not exist */
  require(kind: ItemKind, parent: ItemId | undefined, name: string): Item {
    const item = this.findOrAssume(kind, parent, name)
    if (item === undefined) throw new Refusal(`${this.#nameOf(kind, parent, name)} does not exist`)
    return item
  }

  /** @throws Refusal if the name is taken */
  create(item: Omit<Item, 'id' | 'references' | 'isOpen'> & Partial<Pick<Item, 'references' | 'isOpen'>>): Item {
    this.#refuseTaken(item.kind, item.parent, item.name)
    if (item.kind === 'table') this.find('type', item.parent, item.name)
    if (item.kind === 'sequence') this.#refuseType(item.parent, item.name)
    const properties = {...item.properties, ...this.#defaultsOf(item.kind, item.parent)}
    const created = {...newItem, ...item, properties, id: `${this.author}:${this.#count++}`}
    this.add(created)
    this.touch(created, true)
    return created
  }

  /** Changes an object, and returns it. */
  change(item: Item, changes: Partial<Pick<Item, 'properties' | 'references' | 'isOpen'>>): Item {
    const changed = {...(this.get(item.id) ?? item), ...changes}
    this.put(changed)
    this.touch(changed, true)
    return changed
  }

  /** Replaces the definition of an object, which keeps its owner, privileges and labels, and a rule its state. */
  replace(
    item: Item,
    {properties, ...part}: Pick<Item, 'properties'> & Partial<Pick<Item, 'references' | 'isOpen'>>,
  ): Item {
    const isKept = (key: string): boolean =>
      kept.some((start) => key.startsWith(start)) || (key === 'state' && item.kind === 'object')
    const former = Object.entries(item.properties).filter(([key]) => isKept(key))
    return this.change(item, {...part, properties: {...Object.fromEntries(former), ...properties}})
  }

  /** Sets parts of a definition; undefined removes one. */
  set(item: Item, properties: Readonly<Record<string, string | undefined>>): Item {
    const all: Record<string, string | undefined> = {...this.get(item.id)?.properties, ...properties}
    for (const [name, value] of Object.entries(properties)) if (value === undefined) delete all[name]
    return this.change(item, {properties: all as Item['properties']})
  }

  /** @throws Refusal if the name is taken */
  rename(item: Item, name: string, parent = item.parent): void {
    if (name === item.name && parent === item.parent) return
    this.#refuseTaken(item.kind, parent, name)
    this.touch(item, true)
    this.removeName(item)
    const renamed = {...item, name, parent}
    this.add(renamed)
    this.touch(renamed, true)
  }

  /** Removes an object and everything within it, whatever depends on it. */
  remove(item: Item): void {
    this.touch(item, true)
    this.notes.removed.push(item)
    this.removeItem(item)
  }

  /** Notes that a revision names an object that nothing created, and that an extension may provide. */
  noteForeign(item: Item): void {
    if (isAssumed(item)) this.notes.foreign.push(item)
  }

  /** Notes what a statement does with rows. */
  noteRows(change: RowChange): void {
    const item = this.get(change.table)
    if (item !== undefined) this.touch(item, !readsOnly.has(change.change))
    this.notes.addRows(change)
  }

  /** Whether any schema has a table or view of this name. */
  hasRelation(name: string): boolean {
    return this.items.some((item) => (item.kind === 'table' || item.kind === 'view') && item.name === name)
  }

  /** Whether another revision created an object since the model was copied. */
  isNew({id}: Pick<Item, 'id'>): boolean {
    return !id.startsWith(`${this.author}:`) && this.#before?.get(id) === undefined
  }

  /** Returns an object as it was when the model was copied. */
  former({id}: Pick<Item, 'id'>): Item | undefined {
    return this.#before?.get(id)
  }

  /** Returns by how many parts of a kind an object was extended by other revisions since the model was copied. */
  growth(parent: Item, kind: ItemKind): number {
    const added = this.within(parent, kind).filter((item) => this.isNew(item))
    const former = this.#before?.get(parent.id) === undefined ? [] : this.#before.within(parent, kind)
    const own = new Set(this.notes.removed.map(({id}) => id))
    return added.length - former.filter(({id}) => this.get(id) === undefined && !own.has(id)).length
  }

  /** Notes that a statement names an object. A change of a part or an index of a table is one of the table as well. */
  touch(item: Item, isWritten: boolean): void {
    this.#touch(item.kind, item.parent, item.name, isWritten)
    const owner = item.kind === 'index' ? item.references.find(({how}) => how === 'belongs')?.to : item.parent
    const parent = owner === undefined ? undefined : this.get(owner)
    if (parent !== undefined && parent.kind !== 'schema') this.touch(parent, isWritten)
  }

  /** Returns how a revision names an object, or another one of this name in its namespace. */
  touchIn(touched: ReadonlyMap<string, Touch>, item: Item): Touch | undefined {
    return touched.get(`${spaceOf(item.kind)} ${this.objectOf(item).name}`)
  }

  /** Notes that a revision names an object of which no more is known. */
  touchObject(object: SchemaObject, isWritten: boolean): void {
    if (object.kind !== 'unknown') this.notes.touch(object.kind, object, isWritten)
  }

  /** Returns the object as it is named in sentences. */
  objectOf(item: Item): SchemaObject {
    return this.#objectOf(item.kind, item.parent, item.name)
  }

  /** Returns the kind and name of an object. */
  describe(item: Item): string {
    return this.#nameOf(item.kind, item.parent, item.name)
  }

  /** Returns the default privileges of a new object. */
  #defaultsOf(kind: ItemKind, parent: ItemId | undefined): Item['properties'] {
    const owner = parent === undefined ? undefined : this.get(parent)
    if (owner?.kind !== 'schema') return {}
    const start = defaultsFor(kind)
    return Object.fromEntries(Object.entries(owner.properties).filter(([key]) => key.startsWith(start)))
  }

  #assume(kind: ItemKind, parent: ItemId | undefined, name: string): Item | undefined {
    const owner = parent === undefined ? undefined : this.get(parent)
    const isKnown = owner === undefined || this.#before?.get(owner.id) !== undefined || this.#before === undefined
    if (this.isGone(kind, parent, name) || owner?.isOpen === false || (this.isStrict && isKnown)) return undefined
    const item = {...newItem, id: `${kind} ${name} in ${parent ?? ''}`, kind, name, parent, isOpen: true}
    this.add(item)
    if (isKnown) this.#before?.adopt(item)
    this.touch(item, false)
    return item
  }

  /** Adds an object that a later revision assumes, here and in the models before. */
  adopt(item: Item): void {
    if (item.parent !== undefined && this.get(item.parent) === undefined) return
    if (!this.isKnown(item.kind, item.parent, item.name)) {
      this.add(item)
      this.#adopted.add(item.id)
    }
    this.#before?.adopt(item)
  }

  #refuseTaken(kind: ItemKind, parent: ItemId | undefined, name: string): void {
    const taken = this.find(kind, parent, name)
    if (taken === undefined) {
      if (kind === 'table' || kind === 'view') this.#refuseType(parent, name)
      const relation = kind === 'type' ? this.find('table', parent, name) : undefined
      // Each table and view has a type of its name.
      if (relation?.kind !== 'table' && relation?.kind !== 'view') return
      this.touch(relation, true)
      throw new Refusal(`type ${name} already exists`)
    }
    this.touch(taken, true)
    throw new Refusal(`${this.describe(taken)} already exists`)
  }

  #refuseType(parent: ItemId | undefined, name: string): void {
    // Creating a type names the relation, which is enough for both to meet.
    const type = this.named('type', parent, name)
    if (type === undefined) return
    this.touch(type, true)
    throw new Refusal(`type ${name} already exists`)
  }

  #touch(kind: ItemKind, parent: ItemId | undefined, name: string, isWritten: boolean): void {
    this.notes.touch(kind, this.#objectOf(kind, parent, name), isWritten)
  }

  #objectOf(kind: ItemKind, parent: ItemId | undefined, name: string): SchemaObject {
    const owner = parent === undefined ? undefined : this.get(parent)
    const within = owner === undefined || owner.id === 'public' ? undefined : this.#pathOf(owner)
    const path = within === undefined ? joinName(undefined, name) : `${within}.${joinName(undefined, name)}`
    return {kind: kind === 'object' ? 'unknown' : kind, name: path}
  }

  #pathOf(item: Item): string {
    return this.#objectOf(item.kind, item.parent, item.name).name
  }

  #nameOf(kind: ItemKind, parent: ItemId | undefined, name: string): string {
    return `${kind} ${this.#objectOf(kind, parent, name).name}`
  }
}
