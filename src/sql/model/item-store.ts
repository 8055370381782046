import {keyIn} from './items.ts'
import type {Item, ItemId, ItemKind} from './items.ts'

/** The objects of a modelled schema by their ids, names and owners. */
export class ItemStore {
  readonly #items: Map<ItemId, Item>
  readonly #ids: Map<string, ItemId>
  /** The names of objects that were there and are not any more, which are never assumed. */
  readonly #gone: Set<string>
  /** The items in a list, and by what they are within, until one changes. */
  #list: readonly Item[] | undefined
  #parts: ReadonlyMap<ItemId | undefined, readonly Item[]> | undefined

  constructor(from?: ItemStore) {
    this.#items = new Map(from?.items.map((item) => [item.id, item]))
    this.#ids = new Map(from === undefined ? [] : from.#ids)
    this.#gone = new Set(from === undefined ? [] : from.#gone)
  }

  get items(): readonly Item[] {
    this.#list ??= [...this.#items.values()]
    return this.#list
  }

  get(id: ItemId): Item | undefined {
    return this.#items.get(id)
  }

  /** Returns the parts of an object, of one kind or of all. */
  within(parent: Item, kind?: ItemKind): readonly Item[] {
    this.#parts ??= Map.groupBy(this.items, (item) => item.parent)
    const parts = this.#parts.get(parent.id) ?? []
    return kind === undefined ? parts : parts.filter((item) => item.kind === kind)
  }

  /** Whether an object of this name was there before. */
  isGone(kind: ItemKind, parent: ItemId | undefined, name: string): boolean {
    return this.#gone.has(keyIn(kind, parent, name))
  }

  /** Whether an object was there before whose name begins so. */
  isGoneLike(kind: ItemKind, parent: ItemId | undefined, start: string): boolean {
    const begin = keyIn(kind, parent, start).slice(0, -2)
    return [...this.#gone].some((key) => key.startsWith(begin))
  }

  /** Returns an object by name, if there is one. */
  protected named(kind: ItemKind, parent: ItemId | undefined, name: string): Item | undefined {
    return this.#items.get(this.#ids.get(keyIn(kind, parent, name)) ?? '')
  }

  /** Whether a name is or was that of an object. */
  protected isKnown(kind: ItemKind, parent: ItemId | undefined, name: string): boolean {
    return this.#ids.has(keyIn(kind, parent, name)) || this.isGone(kind, parent, name)
  }

  /** Sets an object whose name stays the same. */
  protected put(item: Item): void {
    this.#items.set(item.id, item)
    this.#forgetLists()
  }

  protected add(item: Item): void {
    this.put(item)
    const key = keyIn(item.kind, item.parent, item.name)
    this.#ids.set(key, item.id)
    this.#gone.delete(key)
  }

  protected removeName(item: Item): void {
    const key = keyIn(item.kind, item.parent, item.name)
    this.#ids.delete(key)
    this.#gone.add(key)
  }

  protected removeItem(item: Item): void {
    this.removeName(item)
    this.#items.delete(item.id)
    this.#forgetLists()
  }

  #forgetLists(): void {
    this.#list = undefined
    this.#parts = undefined
  }
}
