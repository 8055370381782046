import {child, isTree, items, nameParts, textIn} from '../effects/tree.ts'
import type {Tree} from '../effects/tree.ts'
import {isBuiltInFunction} from './built-in-functions.ts'
import {refuseConstantOf} from './constants.ts'
import {foreignNamed} from './foreign-names.ts'
import {functionsNamed, overloadsFor, touchOverloads} from './function-names.ts'
import type {Item, ItemId} from './items.ts'
import {findNamed, relationOf, requireNamed} from './lookup.ts'
import {operandFamily, operatorReferences, refuseArgument} from './operands.ts'
import type {SchemaModel} from './schema-model.ts'
import {columnNamed, columnsMeant, nowhere} from './scope.ts'
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
      else if (key === 'ColumnRef' && isTree(value))
        for (const column of columnsMeant(this.#model, value, scope)) this.#read(column)
      else if (key === 'RangeVar' && isTree(value)) this.#add(relationOf(this.#model, value))
      else if ((key === 'TypeName' || key === 'typeName') && isTree(value))
        for (const id of typeReferences(this.#model, value)) this.found.add(id)
      else {
        if (key === 'FuncCall' && isTree(value)) this.#call(value, scope)
        if (key === 'A_Indirection' && isTree(value))
          this.#fields(this.#compositeOf(child(value, 'arg'), scope), items(value, 'indirection'))
        if (key === 'A_Expr' && isTree(value))
          for (const id of operatorReferences(this.#model, value, scope)) this.found.add(id)
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
    const column = columnNamed(this.#model, tree, scope)
    if (column !== undefined) return this.#typeOfColumn(column)
    const [alias, ...rest] = nameParts(child(tree, 'ColumnRef')['fields'])
    return rest.length > 0 ? undefined : scope.sources.find((source) => source.alias === alias)?.item
  }

  #typeOfColumn({references}: Item): Item | undefined {
    return references.flatMap(({to}) => this.#model.get(to) ?? []).find(({kind}) => kind === 'type' || kind === 'table')
  }

  #call(node: Tree, scope: Scope): void {
    const parts = nameParts(node['funcname'])
    const families = items(node, 'args').map((argument) => operandFamily(this.#model, argument, scope))
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
