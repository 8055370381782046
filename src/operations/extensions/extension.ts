import {irreversible, objects} from '../definition.ts'
import type {OperationDefinition} from '../definition.ts'
import {flag, name, object, optional, text} from '../fields.ts'
import {onPostgres} from '../postgres-only.ts'
import {subjectOf} from '../subject.ts'
import {withWas} from '../one-way.ts'

export interface CreateExtension {
  readonly kind: 'createExtension'
  readonly name: string
  readonly ifNotExists?: true
  readonly schema?: string
  readonly version?: string
  /** Also creates the extensions that it depends on. */
  readonly cascade?: true
}

export interface DropExtension {
  readonly kind: 'dropExtension'
  readonly name: string
  readonly ifExists?: true
  readonly cascade?: true
  readonly was?: Pick<CreateExtension, 'schema' | 'version'>
}

export const createExtension: OperationDefinition<CreateExtension> = {
  kind: 'createExtension',
  parameters: ['name'],
  fields: {name, ifNotExists: flag, schema: optional(name), version: optional(text('a version')), cascade: flag},
  sql: ({name: own, ifNotExists, schema, version, cascade}, context) =>
    onPostgres(context, 'extensions', () => {
      const {list, literal} = context
      return [
        [
          `create extension ${ifNotExists ? 'if not exists ' : ''}${list([own])}`,
          ...(schema === undefined ? [] : [`schema ${list([schema])}`]),
          ...(version === undefined ? [] : [`version ${literal(version)}`]),
          ...(cascade ? ['cascade'] : []),
        ].join(' '),
      ]
    }),
  // An extension that already existed must be kept.
  inverse: ({name: own, schema, version}) => [
    {
      kind: 'dropExtension',
      name: own,
      was: {...(schema !== undefined && {schema}), ...(version !== undefined && {version})},
    },
  ],
  effects: (record) => ({
    reads: record.schema === undefined ? [] : objects('schema', record.schema),
    writes: objects('extension', record.name),
  }),
  change: 'adds',
  stage: 'createExtension',
  subject: subjectOf('extension'),
  describe: 'missing extension',
  written: ['extension'],
}

export const dropExtension: OperationDefinition<DropExtension> = {
  kind: 'dropExtension',
  parameters: ['name'],
  fields: {
    name,
    ifExists: flag,
    cascade: flag,
    was: optional(
      object<Pick<CreateExtension, 'schema' | 'version'>>('the previous extension', {
        schema: optional(name),
        version: optional(text('a version')),
      }),
    ),
  },
  sql: ({name: own, ifExists, cascade}, context) =>
    onPostgres(context, 'extensions', () => [
      `drop extension ${ifExists ? 'if exists ' : ''}${context.list([own])}${cascade ? ' cascade' : ''}`,
    ]),
  inverse: ({name: own, was = {}, cascade}) =>
    cascade
      ? irreversible('the objects dropped with the extension are unknown')
      : [{kind: 'createExtension', name: own, ...was}],
  effects: (record) => ({reads: [], writes: objects('extension', record.name)}),
  losesData: ({name: own, cascade}) => (cascade ? `every column with a type of ${own}` : undefined),
  change: 'removes',
  stage: 'dropExtension',
  subject: subjectOf('extension'),
  describe: 'removed extension',
  written: ['extension'],
  oneWay: withWas,
}
