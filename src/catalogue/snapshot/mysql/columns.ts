import type {CatalogueObject} from '../snapshot.ts'
import {expressionOf} from './expressions.ts'
import {flag, textOf} from './server.ts'
import type {Server} from './server.ts'

export interface ColumnRow {
  readonly table: string
  readonly name: string
  readonly type: string
  readonly nullable: 'YES' | 'NO'
  readonly default: string | null
  readonly generated: string | null
  readonly extra: string | null
  readonly collation: string | null
  readonly comment: string
  readonly srid: number | null
}

/** Returns the query for the columns of all tables and views. */
export function columnsSql({isMariadb}: Server): string {
  return `
    select table_name as \`table\`, column_name as \`name\`, column_type as \`type\`, is_nullable as \`nullable\`,
      column_default as \`default\`, generation_expression as \`generated\`, extra as \`extra\`,
      collation_name as \`collation\`, column_comment as \`comment\`, ${isMariadb ? 'null' : 'srs_id'} as \`srid\`
    from information_schema.columns where table_schema = database() order by table_name, ordinal_position`
}

/** Returns a column of a table. */
export function columnOf(row: ColumnRow, tableCollation: string | null, server: Server): CatalogueObject {
  const {table, name, type, nullable, generated, collation, comment, srid} = row
  const extra = row.extra ?? ''
  const storage = /\bstored\b/i.test(extra) ? 'stored' : 'virtual'
  return {
    kind: 'column',
    table,
    name,
    definition: {
      type,
      nullable: String(nullable === 'YES'),
      default: defaultOf(row, server),
      autoincrement: flag(/\bauto_increment\b/i.test(extra)),
      generated: generated ? `${expressionOf(generated, server)} ${storage}` : null,
      onUpdate: /\bon update (?<value>\w+(?:\(\d*\))?)/i.exec(extra)?.groups?.['value'] ?? null,
      collation: collation === tableCollation ? null : collation,
      comment: textOf(comment),
      invisible: flag(/\binvisible\b/i.test(extra)),
      unversioned: flag(/\bwithout system versioning\b/i.test(extra)),
      srid: srid === null ? null : String(srid),
    },
  }
}

/** MariaDB's defaults are SQL; MySQL's are values unless they are generated. */
function defaultOf({default: value, extra, collation}: ColumnRow, server: Server): string | null {
  if (value === null) return null
  if (server.isMariadb) return value === 'NULL' ? null : expressionOf(value, server)
  if (/\bdefault_generated\b/i.test(extra ?? '')) return expressionOf(value, server)
  return collation === null ? value : `'${value.replaceAll("'", "''")}'`
}
