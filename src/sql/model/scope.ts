import {joinName} from '../../operations/names.ts'
import {child, isTree, items, nameParts, textIn} from '../effects/tree.ts'
import type {Tree} from '../effects/tree.ts'
import {isBuiltInFunction} from './built-in-functions.ts'
import {refuseConstant, refuseConstantOf} from './constants.ts'
import {foreignNamed, foreignOperator} from './foreign-names.ts'
import {findNamed, relationOf, requireNamed} from './lookup.ts'
import {Refusal} from './schema-model.ts'
import type {Item, ItemId, SchemaModel} from './schema-model.ts'
import {familyOf} from './type-families.ts'
import {typeReferences, typeText} from './types.ts'

/** A relation in the FROM clause of a query. */
interface Source {
  readonly alias: string
  /** The table or view; undefined for a subquery, a CTE or a function. */
  readonly item: Item | undefined
  /** The columns of a subquery; undefined if they are not known. */
  readonly columns: readonly string[] | undefined
}

/** The names that an expression can refer to. */
interface Scope {
  readonly sources: readonly Source[]
  readonly outer?: Scope | undefined
  readonly queries: ReadonlyMap<string, readonly string[] | undefined>
  /** Whether other names may be meant, such as the parameters of a function. */
  readonly isOpen: boolean
  /** Names that hide no column: the output columns, in ORDER BY and GROUP BY. */
  readonly outputs: readonly string[]
}

const nowhere: Scope = {sources: [], queries: new Map(), isOpen: false, outputs: []}
const systemColumns: ReadonlySet<string> = new Set(['ctid', 'xmin', 'xmax', 'cmin', 'cmax', 'tableoid', 'oid'])

/** Returns the objects that an expression on a table refers to: columns, functions, types and sequences. */
export function expressionReferences(model: SchemaModel, expression: unknown, table?: Item): ReadonlySet<ItemId> {
  const reader = new ReferenceReader(model)
  const sources =
    table === undefined
      ? []
      : ['', 'new', 'old'].map((alias) => ({alias: alias || table.name, item: table, columns: undefined}))
  reader.expression(expression, {...nowhere, sources: sources.slice(0, 1), outer: {...nowhere, sources}})
  return reader.found
}

/** The objects that a query refers to, and the names of its columns, if they are known. */
export interface QueryReferences {
  readonly references: ReadonlySet<ItemId>
  /** The tables and columns of which it reads rows. */
  readonly read: ReadonlySet<ItemId>
  readonly columns: readonly string[] | undefined
}

/** Returns what a query refers to. In the body of a function, a name may also be that of a parameter. */
export function queryReferences(model: SchemaModel, query: unknown, isInFunction = false): QueryReferences {
  const reader = new ReferenceReader(model)
  const columns = reader.statement(query, {...nowhere, isOpen: isInFunction})
  return {references: reader.found, read: reader.read, columns}
}

/** Resolves the names in a syntax tree as PostgreSQL does. */
class ReferenceReader {
  readonly #model: SchemaModel
  readonly found = new Set<ItemId>()
  /** Without the columns that a statement writes. */
  readonly read = new Set<ItemId>()

  constructor(model: SchemaModel) {
    this.#model = model
  }

  /** Reads a statement that has columns, and returns their names if they are known. */
  statement(tree: unknown, scope: Scope): readonly string[] | undefined {
    if (!isTree(tree)) return undefined
    if (isTree(tree['SelectStmt'])) return this.#select(tree['SelectStmt'], scope)
    for (const command of ['InsertStmt', 'UpdateStmt', 'DeleteStmt'])
      if (isTree(tree[command])) return this.#change(tree[command], scope)
    this.expression(tree, {...scope, isOpen: true})
    return undefined
  }

  /** Reads an expression, or a list of them. */
  expression(tree: unknown, scope: Scope): void {
    if (Array.isArray(tree)) for (const item of tree) this.expression(item, scope)
    if (!isTree(tree)) return
    for (const [key, value] of Object.entries(tree)) {
      if (key === 'SelectStmt' && isTree(value)) this.#select(value, scope)
      else if (key === 'ColumnRef' && isTree(value)) this.#column(value, scope)
      else if (key === 'RangeVar' && isTree(value)) this.#add(relationOf(this.#model, value))
      else if ((key === 'TypeName' || key === 'typeName') && isTree(value))
        for (const id of typeReferences(this.#model, value)) this.found.add(id)
      else {
        if (key === 'FuncCall' && isTree(value)) this.#call(value, scope)
        if (key === 'A_Indirection' && isTree(value))
          this.#fields(this.#compositeOf(child(value, 'arg'), scope), items(value, 'indirection'))
        if (key === 'A_Expr' && isTree(value)) this.#operator(value, scope)
        if (key === 'TypeCast' && isTree(value)) {
          this.#regclass(value)
          this.#constant(value)
        }
        this.expression(value, scope)
      }
    }
  }

  #add(item: Item | undefined): void {
    if (item === undefined) return
    this.#model.touch(item, false)
    this.found.add(item.id)
  }

  #addForeign(what: string): void {
    for (const id of foreignNamed(this.#model, what)) this.found.add(id)
  }

  #read(item: Item): void {
    this.#add(item)
    this.read.add(item.id)
  }

  #select(node: Tree, outer: Scope): readonly string[] | undefined {
    const queries = this.#withQueries(node, outer)
    const around = {...outer, queries}
    if (isTree(node['larg'])) {
      const columns = this.#select(child(node, 'larg'), around)
      this.#select(child(node, 'rarg'), around)
      this.expression(node['sortClause'], {...around, isOpen: true})
      return columns
    }
    const sources: Source[] = []
    const scope: Scope = {...nowhere, isOpen: outer.isOpen, sources, queries, outer: around}
    for (const item of items(node, 'fromClause')) this.#from(item, scope, sources)
    const columns = this.#targets(items(node, 'targetList'), scope)
    for (const key of ['whereClause', 'havingClause', 'windowClause', 'valuesLists', 'limitCount', 'limitOffset'])
      this.expression(node[key], scope)
    const outputs = columns ?? []
    for (const key of ['groupClause', 'sortClause', 'distinctClause']) this.expression(node[key], {...scope, outputs})
    return Array.isArray(node['valuesLists']) ? undefined : columns
  }

  /** Reads the clauses of INSERT, UPDATE and DELETE within a query. */
  #change(node: Tree, outer: Scope): readonly string[] | undefined {
    const queries = this.#withQueries(node, outer)
    const table = relationOf(this.#model, child(node, 'relation'))
    this.#add(table)
    const alias = textIn(child(child(node, 'relation'), 'alias'), 'aliasname') || table.name
    const sources: Source[] = [{alias, item: table, columns: undefined}]
    const scope: Scope = {...nowhere, isOpen: outer.isOpen, sources, queries, outer: {...outer, queries}}
    for (const item of [...items(node, 'fromClause'), ...items(node, 'usingClause')]) this.#from(item, scope, sources)
    for (const target of [...items(node, 'cols'), ...items(node, 'targetList')]) {
      const {name, ...result} = child(target, 'ResTarget')
      if (typeof name !== 'string') continue
      const column = this.#model.require('column', table.id, name)
      this.#add(column)
      this.#fields(this.#typeOfColumn(column), items(result, 'indirection'))
    }
    this.expression(
      items(node, 'targetList').map((target) => child(target, 'ResTarget')['val']),
      scope,
    )
    this.expression(node['whereClause'], scope)
    if (isTree(node['selectStmt'])) this.statement(node['selectStmt'], {...outer, queries})
    const excluded: Source = {alias: 'excluded', item: table, columns: undefined}
    const conflict = child(node, 'onConflictClause')
    for (const element of items(child(conflict, 'infer'), 'indexElems'))
      if (textIn(child(element, 'IndexElem'), 'name') !== '')
        this.#add(this.#model.require('column', table.id, textIn(child(element, 'IndexElem'), 'name')))
    for (const target of items(conflict, 'targetList')) {
      const result = child(target, 'ResTarget')
      this.#add(this.#model.require('column', table.id, textIn(result, 'name')))
      this.expression(result['val'], {...scope, outer: {...nowhere, sources: [excluded]}})
    }
    return this.#targets(items(node, 'returningList'), scope)
  }

  #withQueries(node: Tree, scope: Scope): Scope['queries'] {
    const queries = new Map(scope.queries)
    const clause = child(node, 'withClause')
    for (const item of items(clause, 'ctes')) {
      const cte = child(item, 'CommonTableExpr')
      const name = textIn(cte, 'ctename')
      const named = items(cte, 'aliascolnames').flatMap(nameParts)
      if (clause['recursive'] === true) queries.set(name, named.length > 0 ? named : undefined)
      const columns = this.statement(cte['ctequery'], {...scope, queries})
      queries.set(name, named.length > 0 ? named : columns)
    }
    return queries
  }

  #from(item: Tree, scope: Scope, sources: Source[]): void {
    const [kind = ''] = Object.keys(item)
    const node = child(item, kind)
    const alias = child(node, 'alias')
    const name = textIn(alias, 'aliasname')
    const named = items(alias, 'colnames').flatMap(nameParts)
    if (kind === 'RangeVar') {
      const query = textIn(node, 'relname')
      if (textIn(node, 'schemaname') === '' && scope.queries.has(query))
        sources.push({alias: name || query, item: undefined, columns: scope.queries.get(query)})
      else {
        const relation = relationOf(this.#model, node)
        this.#read(relation)
        sources.push({alias: name || relation.name, item: relation, columns: undefined})
      }
    } else if (kind === 'JoinExpr') {
      this.#from(child(node, 'larg'), scope, sources)
      this.#from(child(node, 'rarg'), scope, sources)
      this.expression(node['quals'], scope)
    } else if (kind === 'RangeSubselect') {
      const columns = this.statement(node['subquery'], {...scope, sources: node['lateral'] === true ? sources : []})
      sources.push({alias: name, item: undefined, columns: named.length > 0 ? named : columns})
    } else {
      this.expression(node, {...scope, isOpen: true})
      sources.push({alias: name, item: undefined, columns: undefined})
    }
  }

  /** Reads the output columns, and returns their names if they are known. */
  #targets(targets: readonly Tree[], scope: Scope): readonly string[] | undefined {
    let isKnown = true
    const names: string[] = []
    for (const target of targets) {
      const {name, val} = child(target, 'ResTarget')
      const value = isTree(val) ? val : {}
      const fields = child(value, 'ColumnRef')['fields']
      if (Array.isArray(fields) && fields.some((field) => isTree(field) && 'A_Star' in field)) {
        const all = this.#star(nameParts(fields), scope)
        isKnown &&= all !== undefined
        names.push(...(all ?? []))
        continue
      }
      this.expression(value, scope)
      names.push(typeof name === 'string' ? name : outputName(value))
    }
    return isKnown ? names : undefined
  }

  #star([alias]: readonly string[], scope: Scope): readonly string[] | undefined {
    const sources = scope.sources.filter((source) => alias === undefined || source.alias === alias)
    const lists = sources.map(({item, columns}) => {
      if (item === undefined) return columns
      const known = this.#model.within(item, 'column')
      for (const column of known) this.#read(column)
      return known.map(({name}) => name)
    })
    return lists.some((list) => list === undefined) ? undefined : lists.flatMap((list) => list ?? [])
  }

  #column(node: Tree, scope: Scope): void {
    const fields = nameParts(node['fields'])
    const [name = '', alias] = fields.toReversed()
    if (systemColumns.has(name)) return
    if (fields.length === 0) return
    if (alias === undefined) this.#unqualified(name, scope)
    else this.#qualified(alias, name, scope)
  }

  #qualified(alias: string, name: string, scope: Scope | undefined): void {
    for (let level = scope; level !== undefined; level = level.outer) {
      const source = level.sources.find((one) => one.alias === alias)
      if (source === undefined) continue
      if (source.item !== undefined) this.#read(this.#model.require('column', source.item.id, name))
      return
    }
  }

  #unqualified(name: string, scope: Scope): void {
    for (let level: Scope | undefined = scope; level !== undefined; level = level.outer) {
      if (level.outputs.includes(name)) return
      const {sources} = level
      const known = sources.flatMap(({item}) =>
        item === undefined ? [] : (this.#model.find('column', item.id, name) ?? []),
      )
      const isOfQuery = sources.some(({columns}) => columns?.includes(name))
      if (new Set(known).size > 1 && sources.length === new Set(sources.map(({alias}) => alias)).size && !level.isOpen)
        this.#refuseAmbiguous(name, known)
      for (const column of known) this.#read(column)
      if (known.length > 0 || isOfQuery || sources.some(({alias}) => alias === name)) return
      if (sources.some(({item, columns}) => item === undefined && columns === undefined)) return
      const open = sources.flatMap(({item}) => item ?? []).filter(({isOpen}) => isOpen)
      const owner = level.isOpen ? undefined : open.length === 1 ? open[0] : undefined
      const assumed = owner === undefined ? undefined : this.#model.findOrAssume('column', owner.id, name)
      if (assumed !== undefined) {
        this.#read(assumed)
        return
      }
      const gone = sources.flatMap(({item}) => item ?? []).find(({id}) => this.#model.isGone('column', id, name))
      if (gone !== undefined) throw new Refusal(`column ${gone.name}.${name} does not exist`)
      if (open.length > 1) return
    }
    const isMeant = scope.isOpen || scope.sources.length === 0
    if (!isMeant) throw new Refusal(`column ${name} does not exist`)
  }

  #refuseAmbiguous(name: string, columns: readonly Item[]): void {
    const owners = columns.map(({parent}) => this.#model.get(parent ?? '')?.name ?? '')
    throw new Refusal(`column ${name} could be that of ${owners.join(' or ')}`)
  }

  /** Reads the attributes of a value of a composite type. */
  #fields(type: Item | undefined, fields: readonly Tree[]): void {
    let owner = type
    for (const field of fields) {
      if (owner === undefined) return
      const [name] = nameParts(field)
      const attributes =
        'A_Star' in field
          ? this.#model.within(owner, 'column')
          : name === undefined
            ? []
            : [this.#model.require('column', owner.id, name)]
      for (const attribute of attributes) this.#add(attribute)
      // An element of an array has the type of the array.
      if (attributes[0] !== undefined) owner = this.#typeOfColumn(attributes[0])
    }
  }

  /** Returns the type of a value that has attributes, or the table of a row. */
  #compositeOf(tree: Tree, scope: Scope): Item | undefined {
    const cast = child(tree, 'TypeCast')['typeName']
    if (isTree(cast)) return this.#model.get(typeReferences(this.#model, cast)[0] ?? '')
    const column = this.#columnNamed(tree, scope)
    if (column !== undefined) return this.#typeOfColumn(column)
    const [alias, ...rest] = nameParts(child(tree, 'ColumnRef')['fields'])
    return rest.length > 0 ? undefined : scope.sources.find((source) => source.alias === alias)?.item
  }

  #typeOfColumn({references}: Item): Item | undefined {
    return references.flatMap(({to}) => this.#model.get(to) ?? []).find(({kind}) => kind === 'type' || kind === 'table')
  }

  #call(node: Tree, scope: Scope): void {
    const parts = nameParts(node['funcname'])
    const families = items(node, 'args').map((argument) => this.#familyOf(argument, scope))
    refuseArgument(parts.at(-1) ?? '', families[0])
    if (parts[0] === 'pg_catalog') return
    if (!isBuiltInFunction(parts.at(-1) ?? '')) touchOverloads(this.#model, parts, false)
    const known = functionsNamed(this.#model, parts)
    for (const item of overloadsFor(known, families)) this.#add(item)
    if (known.length === 0 && !isBuiltInFunction(parts.at(-1) ?? '')) this.#addForeign(`function ${parts.at(-1)}`)
    const isSequence = ['nextval', 'setval', 'currval'].includes(parts.at(-1) ?? '')
    const name = isSequence ? constantIn(items(node, 'args')[0]) : undefined
    if (name !== undefined) this.#add(requireNamed(this.#model, 'sequence', splitRegclass(name)))
  }

  /** @throws Refusal if PostgreSQL has no such operator for the types of both sides */
  #operator(node: Tree, scope: Scope): void {
    const name = nameParts(node['name']).at(-1) ?? ''
    for (const [side, other] of [
      [node['lexpr'], node['rexpr']],
      [node['rexpr'], node['lexpr']],
    ]) {
      const column = isTree(side) ? this.#columnNamed(side, scope) : undefined
      const values = isTree(other) && isTree(other['List']) ? items(other['List'], 'items') : [other]
      if (column !== undefined) for (const value of values) refuseConstant(this.#model, column, value)
    }
    const families = [node['lexpr'], node['rexpr']].map((side) => this.#familyOf(side, scope))
    const [left, right] = families
    for (const id of foreignOperator(this.#model, node, families)) this.found.add(id)
    if (left === undefined || right === undefined || left === right) return
    const isMixed = families.includes('number') && families.includes('text')
    if (comparisons.has(name) || (arithmetic.has(name) && isMixed))
      throw new Refusal(`there is no operator ${name} for ${left} and ${right}`)
  }

  /** Returns the family of the type of an operand: of a column, a number, or a conversion. */
  #familyOf(tree: unknown, scope: Scope): string | undefined {
    if (!isTree(tree)) return undefined
    const constant = child(tree, 'A_Const')
    if (constant['ival'] !== undefined || constant['fval'] !== undefined) return 'number'
    const type = isTree(tree['TypeCast']) ? typeText(child(tree['TypeCast'], 'typeName')) : this.#typeOf(tree, scope)
    const family = type === undefined ? undefined : familyOf(type)
    return family !== undefined && knownFamilies.has(family) ? family : undefined
  }

  #typeOf(tree: Tree, scope: Scope): string | undefined {
    return this.#columnNamed(tree, scope)?.properties['type']
  }

  /** Returns a column that is named without doubt. */
  #columnNamed(tree: Tree, scope: Scope): Item | undefined {
    const fields = nameParts(child(tree, 'ColumnRef')['fields'])
    const [name, alias] = fields.toReversed()
    if (name === undefined) return undefined
    const owners = scope.sources.filter((source) => alias === undefined || source.alias === alias)
    const columns = owners.flatMap(({item}) =>
      item === undefined ? [] : (this.#model.find('column', item.id, name) ?? []),
    )
    return columns.length === 1 ? columns[0] : undefined
  }

  /** A constant that is cast to a type is one of its values. */
  #constant(node: Tree): void {
    const type = child(node, 'typeName')
    for (const id of typeReferences(this.#model, type)) {
      const item = this.#model.get(id)
      if (item !== undefined) refuseConstantOf(this.#model, item, node['arg'], Array.isArray(type['arrayBounds']))
    }
  }

  /** A name that is cast to `regclass` refers to a relation. */
  #regclass(node: Tree): void {
    const type = nameParts(child(node, 'typeName')['names']).at(-1)
    const name = type === 'regclass' ? constantIn(child(node, 'arg')) : undefined
    if (name !== undefined) this.#add(findNamed(this.#model, 'table', splitRegclass(name)))
  }
}

const comparisons: ReadonlySet<string> = new Set(['=', '<>', '<', '>', '<=', '>='])
const arithmetic: ReadonlySet<string> = new Set(['+', '-', '*', '/', '%'])
const knownFamilies: ReadonlySet<string> = new Set(['number', 'text', 'time', 'bool', 'uuid'])

/** Functions whose first argument is a text. */
const textFunctions: ReadonlySet<string> = new Set(
  'lower upper initcap length char_length trim btrim ltrim rtrim left right substr substring split_part replace'.split(
    ' ',
  ),
)

function refuseArgument(name: string, family: string | undefined): void {
  if (textFunctions.has(name) && family !== undefined && family !== 'text')
    throw new Refusal(`there is no function ${name} for ${family}`)
}

/** Returns the overloads of a function that its arguments may mean. */
function overloadsFor(found: readonly Item[], families: readonly (string | undefined)[]): readonly Item[] {
  if (found.length < 2) return found
  const isFit = ({name}: Item): boolean => {
    const types = name
      .slice(name.indexOf('(') + 1, -1)
      .split(', ')
      .filter(Boolean)
    return (
      types.length === families.length &&
      families.every((family, i) => family === undefined || familyOf(types[i] ?? '') === family)
    )
  }
  const fit = found.filter(isFit)
  return fit.length > 0 ? fit : found
}

/** Notes that a revision means a function by its name alone, which overloads share. */
export function touchOverloads(model: SchemaModel, parts: readonly string[], isWritten: boolean): void {
  const [name = '', schema = model.searchPath[0]] = parts.toReversed()
  model.touchObject({kind: 'function', name: joinName(schema === 'public' ? undefined : schema, name)}, isWritten)
}

/** Returns the functions of a name; a call does not reveal which of several is meant. */
export function functionsNamed(model: SchemaModel, parts: readonly string[]): readonly Item[] {
  const [name = '', schema] = parts.toReversed()
  const places = schema === undefined ? model.searchPath : [schema]
  const owners = places.flatMap((place) => model.find('schema', undefined, place) ?? [])
  const found = owners.flatMap((owner) =>
    model.within(owner, 'function').filter((item) => item.name.slice(0, item.name.indexOf('(')) === name),
  )
  for (const item of found) model.touch(item, false)
  const signature = `${name}(`
  if (found.length === 0 && owners.some((owner) => model.isGoneLike('function', owner.id, signature)))
    throw new Refusal(`function ${parts.join('.')} does not exist`)
  return found
}

/** Returns a string constant, cast or not. */
function constantIn(tree: unknown): string | undefined {
  if (!isTree(tree)) return undefined
  if (isTree(tree['TypeCast'])) return constantIn(tree['TypeCast']['arg'])
  const value = child(child(tree, 'A_Const'), 'sval')['sval']
  return typeof value === 'string' ? value : undefined
}

/** Splits a name as PostgreSQL reads it in a string: unquoted parts are in lower case. */
function splitRegclass(text: string): readonly string[] {
  const parts = text.match(/"(?:[^"]|"")+"|[^".]+/g) ?? [text]
  return parts.map((part) => (part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part.toLowerCase()))
}

/** The name of an output column for which PostgreSQL has none. */
export const unnamed = '?column?'

/** Returns the name of an output column without an alias. */
export function outputName(value: Tree): string {
  const [kind = ''] = Object.keys(value)
  const node = child(value, kind)
  if (kind === 'ColumnRef') return nameParts(node['fields']).at(-1) ?? unnamed
  if (kind === 'FuncCall') return nameParts(node['funcname']).at(-1) ?? unnamed
  if (kind === 'TypeCast') {
    const inner = outputName(child(node, 'arg'))
    return inner === unnamed ? (nameParts(child(node, 'typeName')['names']).at(-1) ?? inner) : inner
  }
  if (kind === 'CoalesceExpr') return 'coalesce'
  return kind === 'CaseExpr' ? 'case' : unnamed
}
