import type {DatabaseKind} from '../../support/databases.ts'
import {quoted} from './column-source.ts'
import type {PlannedColumn} from './column-source.ts'
import {literal, tableName, propertyOf} from './names.ts'
import type {Features, IndexPlan, TablePlan} from './plan.ts'

/** Returns the options `indexes` and `uniques` of a table. */
export function indexSources(
  table: TablePlan,
  columns: readonly PlannedColumn[],
  features: Features,
  kind: DatabaseKind,
): readonly string[] {
  const indexable = columns.filter(({type}) => type.isIndexable && !type.source.includes('.generated('))
  if (!features.indexes || indexable.length === 0) return []
  const named = table.indexes.filter(({name}, at) => table.indexes.findIndex((other) => other.name === name) === at)
  const indexes: string[] = []
  const uniques: string[] = []
  for (const index of named) {
    const chosen = [...new Set(index.columns.map((at) => indexable[at % indexable.length]!))]
    const form = formOf(index, table, chosen, indexable, features, kind)
    if (form.isUnique && features.partitions) continue
    const list = form.isUnique ? uniques : indexes
    list.push(`{${form.isUnnamed ? '' : `name: 'index_${index.name}', `}${form.source}}`)
  }
  return [
    ...(indexes.length > 0 ? [`indexes: [${indexes.join(', ')}]`] : []),
    ...(uniques.length > 0 ? [`uniques: [${uniques.join(', ')}]`] : []),
  ]
}

interface Form {
  readonly source: string
  readonly isUnique?: boolean
  readonly isUnnamed?: boolean
}

function formOf(
  index: IndexPlan,
  table: TablePlan,
  chosen: readonly PlannedColumn[],
  all: readonly PlannedColumn[],
  features: Features,
  kind: DatabaseKind,
): Form {
  const properties = `properties: [${chosen.map(({name}) => `'${propertyOf(name)}'`).join(', ')}]`
  const ordered = (more: string): string =>
    `columns: [${chosen.map(({name}, i) => `{name: '${propertyOf(name)}'${i === 0 ? more : ''}}`).join(', ')}]`
  const [first] = chosen
  const column = quoted(first?.name ?? '', kind)
  const where = `where: ${literal(`${column} is not null`)}`
  const everywhere: readonly Form[] = [
    {source: properties},
    {source: properties, isUnique: true},
    {source: properties, isUnnamed: true},
    {source: properties, isUnique: true, isUnnamed: true},
    {source: ordered(", sort: 'desc'")},
  ]
  const forms = [...everywhere, ...own()]
  return forms[index.form % forms.length] ?? {source: properties}

  function own(): readonly Form[] {
    switch (kind) {
      case 'postgresql':
      case 'pglite': {
        const place = `${features.schemas && table.isElsewhere ? '"other".' : ''}${quoted(tableName(table.name, features), kind)}`
        const sql = `create index "index_${index.name}" on ${place} ((${column} is null))`
        const other = all.find((one) => !chosen.includes(one))
        return [
          {source: `${properties}, ${where}`},
          {source: `${properties}, ${where}`, isUnique: true},
          {source: ordered(", sort: 'desc', nulls: 'last'")},
          {source: other === undefined ? properties : `${properties}, include: ['${propertyOf(other.name)}']`},
          {source: `expression: ${literal(sql)}`},
          {source: `properties: ['${propertyOf(first?.name ?? '')}'], type: 'hash'`},
          {source: `properties: ['${propertyOf(first?.name ?? '')}'], type: 'brin'`},
          {source: `${properties}, deferMode: 'deferred'`, isUnique: true},
          {source: `${properties}, fillFactor: 70`},
        ]
      }
      case 'sqlite':
        return [
          {source: `${properties}, ${where}`},
          {source: `${properties}, ${where}`, isUnique: true},
          {source: ordered(", collation: 'nocase'")},
        ]
      case 'mariadb':
      case 'mysql':
        return [
          {source: `${properties}, invisible: true`},
          {source: first?.type.values === 'text' ? ordered(', length: 2') : properties},
          {
            source:
              first?.type.values === 'text' && chosen.length === 1 ? `${properties}, type: 'fulltext'` : properties,
          },
        ]
    }
  }
}
