import {shellCommand, shellWord} from '../util/shell.ts'
import type {ScriptRevision} from './revision-file.ts'

/** Returns the line in the comment of a revision that names the migration of another tool it was imported from. */
export function originLine(tool: string, name: string): string {
  return `Imported from ${tool}: ${name}.`
}

/** Returns the line that names the folder of the migration. */
export function folderLine(folder: string): string {
  return `Folder: ${folder}`
}

/** The tool whose migration a revision was, and its folder as the import was given it, if that is written. */
export interface Origin {
  readonly tool: string
  readonly folder: string | undefined
}

/** Returns where a revision comes from; undefined if it was not imported. */
export function importedFrom({description = ''}: Pick<ScriptRevision, 'description'>): Origin | undefined {
  const tool = /^Imported from (?<tool>[\w-]+): /m.exec(description)?.groups?.['tool']
  return tool === undefined
    ? undefined
    : {tool, folder: /^Folder: (?<folder>.+)$/m.exec(description)?.groups?.['folder']}
}

/** Returns the command that records what the tool of a revision has applied. */
export function stampCommand({tool, folder}: Origin): string {
  const command = shellCommand`mig import --stamp ${tool}`
  return `${command} ${folder === undefined ? 'FOLDER' : shellWord(folder)}`
}
