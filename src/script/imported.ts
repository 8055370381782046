import type {ScriptRevision} from './revision-file.ts'

/** Returns the line in the comment of a revision that names the migration of another tool it was imported from. */
export function originLine(tool: string, name: string): string {
  return `Imported from ${tool}: ${name}.`
}

/** Returns the tool whose migration a revision was; undefined if it was not imported. */
export function importedFrom({description}: Pick<ScriptRevision, 'description'>): string | undefined {
  return /^Imported from (?<tool>[\w-]+): /m.exec(description ?? '')?.groups?.['tool']
}
