/** `npm run schemas` writes docs/schemas.json: schemas of the JSON that commands print, from the types of their results. */
import {writeFileSync} from 'node:fs'
import {createGenerator} from 'ts-json-schema-generator'
import type {Schema} from 'ts-json-schema-generator'

type Definitions = NonNullable<Schema['definitions']>

/** Returns the schemas of each command, of `error` and `line`, and of the types they refer to, as the types are now. */
export function outputSchemas(): string {
  const generator = createGenerator({
    path: 'src/cli/json-output.ts',
    tsconfig: 'tsconfig.json',
    // The build does it.
    skipTypeCheck: true,
    sortProps: false,
    encodeRefs: false,
    functions: 'fail',
    // Newer versions may add some.
    additionalProperties: true,
  })
  const roots = ['CommandResults', 'ErrorOutput', 'JsonLine']
  const {
    CommandResults: results,
    ErrorOutput: error,
    JsonLine: line,
    ...types
  } = Object.assign({}, ...roots.map((type) => generator.createSchema(type).definitions)) as Definitions
  const schemas = {...(results as Schema).properties, error, line, ...types}
  const lines = Object.entries(schemas).map(
    ([name, schema]) => `    ${JSON.stringify(name)}: ${JSON.stringify(schema)}`,
  )
  return `{
  "$schema": "http://json-schema.org/draft-07/schema#",
  "title": "The JSON that mig prints",
  "definitions": {
${lines.join(',\n')}
  }
}
`
}

if (import.meta.main) writeFileSync('docs/schemas.json', outputSchemas())
