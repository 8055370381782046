import {child, nameParts} from '../effects/tree.ts'
import type {Tree} from '../effects/tree.ts'
import {Refusal} from './items.ts'
import type {Item} from './items.ts'
import type {SchemaModel} from './schema-model.ts'

/** A relation in the FROM clause of a query. */
export interface Source {
  readonly alias: string
  /** The table or view; undefined for a subquery, a CTE or a function. */
  readonly item: Item | undefined
  /** The columns of a subquery; undefined if they are not known. */
  readonly columns: readonly string[] | undefined
}

/** The names that an expression can refer to. */
export interface Scope {
  readonly sources: readonly Source[]
  readonly outer?: Scope | undefined
  readonly queries: ReadonlyMap<string, readonly string[] | undefined>
  /** Whether other names may be meant, such as the parameters of a function. */
  readonly isOpen: boolean
  /** Names that hide no column: the output columns, in ORDER BY and GROUP BY. */
  readonly outputs: readonly string[]
}

export const nowhere: Scope = {sources: [], queries: new Map(), isOpen: false, outputs: []}
const systemColumns: ReadonlySet<string> = new Set(['ctid', 'xmin', 'xmax', 'cmin', 'cmax', 'tableoid', 'oid'])

/**
 * Returns the columns that a name in an expression means.
 *
 * @throws Refusal if there is none, or more than one
 */
export function columnsMeant(model: SchemaModel, node: Tree, scope: Scope): readonly Item[] {
  const fields = nameParts(node['fields'])
  const [name = '', alias] = fields.toReversed()
  if (fields.length === 0 || systemColumns.has(name)) return []
  return alias === undefined ? unqualified(model, name, scope) : qualified(model, alias, name, scope)
}

function qualified(model: SchemaModel, alias: string, name: string, scope: Scope): readonly Item[] {
  for (let level: Scope | undefined = scope; level !== undefined; level = level.outer) {
    const source = level.sources.find((one) => one.alias === alias)
    if (source === undefined) continue
    return source.item === undefined ? [] : [model.require('column', source.item.id, name)]
  }
  return []
}

function unqualified(model: SchemaModel, name: string, scope: Scope): readonly Item[] {
  for (let level: Scope | undefined = scope; level !== undefined; level = level.outer) {
    if (level.outputs.includes(name)) return []
    const {sources} = level
    const known = sources.flatMap(({item}) => (item === undefined ? [] : (model.find('column', item.id, name) ?? [])))
    const isOfQuery = sources.some(({columns}) => columns?.includes(name))
    if (new Set(known).size > 1 && sources.length === new Set(sources.map(({alias}) => alias)).size && !level.isOpen)
      refuseAmbiguous(model, name, known)
    if (known.length > 0 || isOfQuery || sources.some(({alias}) => alias === name)) return known
    if (sources.some(({item, columns}) => item === undefined && columns === undefined)) return []
    const open = sources.flatMap(({item}) => item ?? []).filter(({isOpen}) => isOpen)
    const owner = level.isOpen ? undefined : open.length === 1 ? open[0] : undefined
    const assumed = owner === undefined ? undefined : model.findOrAssume('column', owner.id, name)
    if (assumed !== undefined) return [assumed]
    const gone = sources.flatMap(({item}) => item ?? []).find(({id}) => model.isGone('column', id, name))
    if (gone !== undefined) throw new Refusal(`column ${gone.name}.${name} does not exist`)
    if (open.length > 1) return []
  }
  const isMeant = scope.isOpen || scope.sources.length === 0
  if (!isMeant) throw new Refusal(`column ${name} does not exist`)
  return []
}

function refuseAmbiguous(model: SchemaModel, name: string, columns: readonly Item[]): void {
  const owners = columns.map(({parent}) => model.get(parent ?? '')?.name ?? '')
  throw new Refusal(`column ${name} could be that of ${owners.join(' or ')}`)
}

/** Returns the table or subquery whose row a name means, if it is not that of a column. */
export function rowMeant(node: Tree, scope: Scope): Source | undefined {
  const [alias, ...rest] = nameParts(node['fields'])
  if (alias === undefined || rest.length > 0) return undefined
  for (let level: Scope | undefined = scope; level !== undefined; level = level.outer) {
    const source = level.sources.find((one) => one.alias === alias)
    if (source !== undefined) return source
  }
  return undefined
}

/** Returns a column that is named without doubt. */
export function columnNamed(model: SchemaModel, tree: Tree, scope: Scope): Item | undefined {
  const fields = nameParts(child(tree, 'ColumnRef')['fields'])
  const [name, alias] = fields.toReversed()
  if (name === undefined) return undefined
  const isMeant = (source: Source): boolean => alias === undefined || source.alias === alias
  let level: Scope = scope
  // A column without an alias is looked for in the nearest tables only.
  for (let next: Scope | undefined = alias === undefined ? undefined : scope; next !== undefined; next = next.outer) {
    level = next
    if (next.sources.some(isMeant)) break
  }
  const owners = level.sources.filter(isMeant)
  const columns = owners.flatMap(({item}) => (item === undefined ? [] : (model.find('column', item.id, name) ?? [])))
  return columns.length === 1 ? columns[0] : undefined
}
