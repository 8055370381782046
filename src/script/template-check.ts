import {basename} from 'node:path'
import {IncompleteTemplateError, InvalidRevisionFileError} from './errors.ts'
import {mayBeRevision, readRevisionFile} from './revision-file.ts'
import type {ScriptRevision} from './revision-file.ts'

/** The declarations of each property, in code and in SQL, as a template writes them. */
const declarations = {
  id: {
    code: 'export const revision = <%= literal(revision) %>',
    sql: '-- revision: <%= revision %>',
  },
  downRevisions: {
    code: 'export const downRevision = <%= literal(downRevisions) %>',
    sql: "-- revises: <%= downRevisions.join(', ') || 'base' %>",
  },
  branchLabels: {
    code: 'export const branchLabels = <%= literal(branchLabels) %>',
    sql: "-- branch labels: <%= branchLabels.join(', ') %>",
  },
  dependsOn: {
    code: 'export const dependsOn = <%= literal(dependsOn) %>',
    sql: "-- depends on: <%= dependsOn.join(', ') %>",
  },
  transactional: {
    code: 'export const transactional = <%= transactional %>',
    sql: '-- transactional: <%= transactional %>',
  },
} as const

type Property = keyof typeof declarations

/**
 * Checks that the text made from a template is the revision that was asked for, as mig reads it.
 *
 * @throws MigError TEMPLATE_FAILED
 */
export function checkRendered(text: string, wanted: ScriptRevision, template: string): void {
  const {file} = wanted
  if (!mayBeRevision(file))
    throw new IncompleteTemplateError(template, `mig does not read files named ${basename(file)}`)
  const read = readRendered(text, file, template)
  if (wanted.isBaseline && read?.isBaseline !== true)
    throw new IncompleteTemplateError(
      template,
      'the new revision would not be a baseline',
      `Write \`${declarations.id[file.endsWith('.sql') ? 'sql' : 'code']}\` on a line of its own.`,
    )
  if (!isSame(read?.replaces, wanted.replaces) || !isSame(read?.replacedSquashes, wanted.replacedSquashes))
    throw new IncompleteTemplateError(
      template,
      'the new revision would not replace others',
      `Write \`${declarations.id[file.endsWith('.sql') ? 'sql' : 'code']}\` on a line of its own.`,
    )
  const lost = (Object.keys(declarations) as Property[]).find(
    (property) => isWanted(property, wanted) && !isSame(read?.[property], wanted[property]),
  )
  if (lost === undefined) return
  const line = declarations[lost][file.endsWith('.sql') ? 'sql' : 'code']
  const [name = ''] = /(?<=export const )\w+|(?<=-- )[\w ]+/.exec(line) ?? []
  throw new IncompleteTemplateError(template, `the new revision would lose its ${name}`, `Add \`${line}\` to it.`)
}

/** Whether a template has to write a property: one may make all revisions run outside of transactions. */
function isWanted(property: Property, {transactional}: ScriptRevision): boolean {
  return property !== 'transactional' || !transactional
}

function readRendered(text: string, file: string, template: string): ScriptRevision | undefined {
  try {
    return readRevisionFile(file, text)
  } catch (error) {
    if (!(error instanceof InvalidRevisionFileError)) throw error
    throw new IncompleteTemplateError(template, `mig cannot read the new revision: ${error.reason}`, error.hint)
  }
}

type Value = string | readonly string[] | boolean | undefined

function isSame(read: Value, wanted: Value): boolean {
  const textOf = (value: Value): string => JSON.stringify(typeof value === 'object' ? value.toSorted() : [value].flat())
  return textOf(read) === textOf(wanted)
}
