import {child, isTree, items, nameParts, nodesIn, textIn} from '../effects/tree.ts'
import type {Tree} from '../effects/tree.ts'
import {isBuiltInFunction} from './built-in-functions.ts'
import {readsCatalogue} from './catalogue-reads.ts'
import {attributesRead, compositeOf, rowsReturned, typeOfColumn} from './composites.ts'
import {foreignNamed} from './foreign-names.ts'
import {groupingKeys} from './grouped-queries.ts'
import {functionsNamed, overloadsFor, touchOverloads} from './function-names.ts'
import type {Item, ItemId} from './items.ts'
import {relationOf, requireNamed} from './lookup.ts'
import {operandFamily, operatorReferences, refuseArgument, relationCast} from './operands.ts'
import type {SchemaModel} from './schema-model.ts'
import {columnsMeant, nowhere, rowMeant} from './scope.ts'
import type {Scope, Source} from './scope.ts'
import {typeReferences} from './types.ts'
import {constantIn, outputName, splitRegclass} from './written-names.ts'

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
  /** The columns of the query of INSERT, as `columns`. */
  readonly selected: readonly string[] | undefined
  /** The tables and types of which it uses all columns: their places, or also their names. */
  readonly whole: ReadonlyMap<ItemId, 'places' | 'names'>
  /** A function that it calls and that reads the catalogue. */
  readonly catalogue: string | undefined
}

/** Returns what a query refers to. In the body of a function, a name may also be that of a parameter. */
export function queryReferences(model: SchemaModel, query: unknown, isInFunction = false): QueryReferences {
  const reader = new ReferenceReader(model)
  const columns = reader.statement(query, {...nowhere, isOpen: isInFunction})
  const {found, read, selected, whole, catalogue} = reader
  return {references: found, read, columns, selected, whole, catalogue}
}

/** Resolves the names in a syntax tree as PostgreSQL does. */
class ReferenceReader {
  readonly #model: SchemaModel
  readonly found = new Set<ItemId>()
  /** Without the columns that a statement writes. */
  readonly read = new Set<ItemId>()
  readonly whole = new Map<ItemId, 'places' | 'names'>()
  selected: readonly string[] | undefined
  catalogue: string | undefined

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
        if (key === 'A_Indirection' && isTree(value) && this.#fields(value, scope)) continue
        if (key === 'A_Expr' && isTree(value))
          for (const id of operatorReferences(this.#model, value, scope)) this.found.add(id)
        if (key === 'TypeCast' && isTree(value)) this.#add(relationCast(this.#model, value))
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
    for (const key of groupingKeys(this.#model, node, scope)) this.#add(key)
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
      const type = typeOfColumn(this.#model, column)
      for (const field of attributesRead(this.#model, type, items(result, 'indirection'))) this.#add(field)
    }
    this.expression(
      items(node, 'targetList').map((target) => child(target, 'ResTarget')['val']),
      scope,
    )
    this.expression(node['whereClause'], scope)
    if (isTree(node['selectStmt'])) this.selected = this.statement(node['selectStmt'], {...outer, queries})
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
    return this.#targets([...items(node, 'returningList'), ...items(child(node, 'returningClause'), 'exprs')], scope)
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
      const [called] = nodesIn(node, 'FuncCall')
      const rows = kind === 'RangeFunction' && called !== undefined ? rowsReturned(this.#model, called) : undefined
      const own = called === undefined ? undefined : nameParts(called['funcname']).at(-1)
      sources.push({alias: name || (own ?? ''), item: rows, columns: undefined})
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
      const parts = items(child(value, 'A_Indirection'), 'indirection')
      if (Array.isArray(fields) && fields.some((field) => isTree(field) && 'A_Star' in field)) {
        const all = this.#star(nameParts(fields), scope)
        isKnown &&= all !== undefined
        names.push(...(all ?? []))
        continue
      }
      this.expression(value, scope)
      isKnown &&= !parts.some((part) => 'A_Star' in part)
      names.push(typeof name === 'string' ? name : outputName(value))
    }
    return isKnown ? names : undefined
  }

  #star([alias]: readonly string[], scope: Scope): readonly string[] | undefined {
    const sources = scope.sources.filter((source) => alias === undefined || source.alias === alias)
    const lists = sources.map(({item, columns}) => {
      if (item === undefined) return columns
      this.#all(item, 'places')
      return item.isOpen ? undefined : this.#model.within(item, 'column').map(({name}) => name)
    })
    return lists.some((list) => list === undefined) ? undefined : lists.flatMap((list) => list ?? [])
  }

  #all(item: Item, how: 'places' | 'names'): void {
    this.#add(item)
    for (const column of this.#model.within(item, 'column'))
      // A row as a value depends on its table, and not on the columns.
      if (how === 'places') this.#read(column)
      else this.read.add(column.id)
    if (how === 'names' || !this.whole.has(item.id)) this.whole.set(item.id, how)
  }

  /** Reads a column, or the row of a table or subquery that is named by its alias. */
  #column(node: Tree, scope: Scope): void {
    const columns = columnsMeant(this.#model, node, scope)
    for (const column of columns) this.#read(column)
    const row = columns.length === 0 ? rowMeant(node, scope) : undefined
    if (row?.item !== undefined) this.#all(row.item, 'names')
    // The names of a subquery are those of the tables that it reads.
    else if (row !== undefined) for (const id of this.whole.keys()) this.whole.set(id, 'names')
  }

  /** Reads the attributes of a value, and returns whether they are those of a row of a table. */
  #fields(node: Tree, scope: Scope): boolean {
    const [value, fields] = [child(node, 'arg'), items(node, 'indirection')]
    const type = compositeOf(this.#model, value, scope)
    const row = isTree(value['ColumnRef']) ? rowMeant(value['ColumnRef'], scope) : undefined
    const isRow = type !== undefined && row?.item === type
    for (const field of attributesRead(this.#model, type, fields))
      if (isRow) this.#read(field)
      else this.#add(field)
    if (isRow && fields.some((field) => 'A_Star' in field)) this.#all(type, 'places')
    return isRow
  }

  #call(node: Tree, scope: Scope): void {
    const parts = nameParts(node['funcname'])
    const families = items(node, 'args').map((argument) => operandFamily(this.#model, argument, scope))
    if (this.#model.rules.isTyped) refuseArgument(parts.at(-1) ?? '', families[0])
    if (readsCatalogue(parts)) this.catalogue ??= `function ${parts.at(-1) ?? ''}`
    if (parts[0] === 'pg_catalog') return
    if (!isBuiltInFunction(parts.at(-1) ?? '')) touchOverloads(this.#model, parts, false)
    const known = functionsNamed(this.#model, parts)
    for (const item of overloadsFor(known, families)) this.#add(item)
    if (known.length === 0 && !isBuiltInFunction(parts.at(-1) ?? '')) this.#addForeign(`function ${parts.at(-1)}`)
    const isSequence = ['nextval', 'setval', 'currval'].includes(parts.at(-1) ?? '')
    const name = isSequence ? constantIn(items(node, 'args')[0]) : undefined
    if (name !== undefined) this.#add(requireNamed(this.#model, 'sequence', splitRegclass(name)))
  }
}
