import type {ItemKind} from './items.ts'

/** Kinds of objects by the names of PostgreSQL's parser, where a name is enough. */
export const kindsByType: Readonly<Record<string, ItemKind>> = {
  OBJECT_TABLE: 'table',
  OBJECT_FOREIGN_TABLE: 'table',
  OBJECT_VIEW: 'view',
  OBJECT_MATVIEW: 'view',
  OBJECT_INDEX: 'index',
  OBJECT_SEQUENCE: 'sequence',
  OBJECT_TYPE: 'type',
  OBJECT_DOMAIN: 'type',
}

/** Kinds of the parts of a table whose names stand behind that of the table. */
export const partKindsByType: Readonly<Record<string, ItemKind>> = {
  OBJECT_TRIGGER: 'trigger',
  OBJECT_POLICY: 'policy',
  OBJECT_RULE: 'object',
}

/** Objects that are named with the types of their parameters. */
export const routineTypes: ReadonlySet<string> = new Set([
  'OBJECT_FUNCTION',
  'OBJECT_PROCEDURE',
  'OBJECT_ROUTINE',
  'OBJECT_AGGREGATE',
])
