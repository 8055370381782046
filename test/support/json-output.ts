import {readFileSync} from 'node:fs'
import {Ajv} from 'ajv'
import type {AnySchemaObject} from 'ajv'
import {expect} from 'chai'

const file = 'docs/schemas.json'
const schemas = JSON.parse(readFileSync(file, 'utf8')) as AnySchemaObject & {readonly definitions: object}
let ajv: Ajv | undefined

/** Checks what a command printed with `--json` or `--json-lines` against its schema. */
export function expectSchema(args: readonly string[], stdout: string): void {
  if (args.includes('--json')) {
    const printed = JSON.parse(stdout) as object
    const command = args.find((arg) => arg in schemas.definitions)
    expectValid('error' in printed || command === undefined ? 'error' : command, printed)
  } else for (const line of stdout.trimEnd().split('\n')) expectValid('line', JSON.parse(line))
}

function expectValid(name: string, printed: unknown): void {
  ajv ??= new Ajv({allErrors: true, strict: true, allowUnionTypes: true}).addSchema(closed(schemas) as object, file)
  const isValid = ajv.validate({$ref: `${file}#/definitions/${name}`}, printed)
  expect(isValid, `${name}: ${ajv.errorsText()}: ${JSON.stringify(printed)}`).to.equal(true)
}

/** Returns the schemas without room for properties that they do not list. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed)
  if (typeof schema !== 'object' || schema === null) return schema
  const entries = Object.entries(schema).map(([key, value]) => [key, closed(value)] as const)
  return {...Object.fromEntries(entries), ...('properties' in schema && {additionalProperties: false})}
}
