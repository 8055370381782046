import {irreversible, objects, unsupported} from './definition.ts'
import type {OperationDefinition} from './definition.ts'
import {UnfitValue} from './errors.ts'
import {optional} from './fields.ts'
import type {Field} from './fields.ts'
import type {Dialect} from './operation.ts'
import {withParameters} from './parameters.ts'
import type {Subject} from './subject.ts'
import {recordOf} from './record.ts'
import {valueSource} from './source.ts'

/** One text for every database, or one for each dialect. */
export type SqlText = string | Readonly<Partial<Record<Dialect, string>>>

/** Runs SQL as written: one statement or several. */
export interface Execute {
  readonly kind: 'execute'
  readonly sql: SqlText
  /** The values for the `?` placeholders. Without values, a `?` is kept as is. */
  readonly parameters: readonly unknown[]
  /** The SQL that undoes it, for a revision without `downgrade`. */
  readonly inverse?: SqlText
}

const sqlField: Field<SqlText> = {
  expects: 'SQL as a string, or an object with one string per dialect',
  read: (value) => {
    const isText = typeof value === 'string' || (typeof value === 'object' && value !== null && !Array.isArray(value))
    if (!isText) throw new UnfitValue(sqlField.expects, value)
    return typeof value === 'string' ? value : Object.freeze({...value})
  },
  print: valueSource,
}

const parametersField: Field<readonly unknown[]> = {
  expects: 'an array of parameters',
  read: (value) => {
    if (value !== undefined && !Array.isArray(value)) throw new UnfitValue(parametersField.expects, value)
    return Object.freeze([...((value as readonly unknown[] | undefined) ?? [])])
  },
  print: valueSource,
}

export const executeDefinition: OperationDefinition<Execute> = {
  kind: 'execute',
  parameters: ['sql', 'parameters'],
  fields: {sql: sqlField, parameters: parametersField, inverse: optional(sqlField)},
  sql: ({sql, parameters}, {dialect, platform}) => {
    const text = typeof sql === 'string' ? sql : sql[dialect]
    return text === undefined
      ? unsupported('no SQL was given for this dialect')
      : {text: withParameters('execute', platform, text, parameters)}
  },
  inverse: (record) =>
    record.inverse === undefined
      ? irreversible('the inverse of SQL is unknown; pass it as `inverse`')
      : [
          {
            kind: 'execute',
            sql: record.inverse,
            parameters: [],
            ...(record.parameters.length === 0 && {inverse: record.sql}),
          },
        ],
  // The effects of SQL are found by parsing it: see `effectsOf` in `sql`.
  effects: () => ({reads: [], writes: objects('unknown', 'SQL')}),
  text: ({sql, parameters}, dialect) => {
    const text = typeof sql === 'string' ? sql : sql[dialect]
    // With parameters, a `?` is a placeholder for a value.
    return parameters.length > 0 ? text?.replaceAll('?', 'null') : text
  },
  change: 'alters',
  stage: 'custom',
  subject: subjectOfText,
  describe: (record) => [{what: 'difference that requires SQL:', name: summaryOf(record)}],
  written: 'sql',
}

/** An index that only SQL defines is identified by the text that drops it, whether it is created or dropped. */
function subjectOfText({sql, inverse = ''}: Execute): Subject {
  const texts = [sql, inverse].map((text) => (typeof text === 'string' ? text : JSON.stringify(text)))
  return {type: 'sql', name: texts.find((text) => text.startsWith('drop index ')) ?? texts.join(' ')}
}

const summaryOf = ({sql}: Execute): string => (typeof sql === 'string' ? sql.replaceAll(/\s+/g, ' ').slice(0, 80) : '')

export function execute(
  sql: SqlText,
  parameters: readonly unknown[] = [],
  options: {readonly inverse?: SqlText} = {},
): Execute {
  return recordOf(executeDefinition, [sql, parameters, options])
}
