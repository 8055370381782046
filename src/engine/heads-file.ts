import {writeFileSync, existsSync} from 'node:fs'
import {resolve} from 'node:path'
import type {RevisionGraph} from '../graph/revision-graph.ts'
import {FileAccessError} from '../script/errors.ts'
import type {Finding} from '../script/finding.ts'
import type {Project} from './project.ts'
import {readProjectFile} from '../script/project-file.ts'

/**
 * Returns the content of the heads file, which makes git report a conflict if two branches add revisions to the same
 * head. The file is only written and compared, never used as input.
 */
function headsLine(graph: RevisionGraph): string {
  return `${graph.heads.toSorted().join(' ')}\n`
}

/** Returns the findings for the text of the heads file. */
export function headsFileFinding(graph: RevisionGraph, text: string | undefined, file: string): readonly Finding[] {
  if (text?.trim() === headsLine(graph).trim()) return []
  const found = text === undefined ? 'is missing' : `is out of date; the heads are ${headsLine(graph).trim() || 'none'}`
  const hint =
    'Run `mig heads --write`; if there is a conflict in the file, join the heads with `mig merge heads` first.'
  return [{code: 'HEADS_FILE_STALE', level: 'error', message: `${file} ${found}.`, hint, file}]
}

/** Returns the findings for the heads file of a project, if configured. */
export function checkHeadsFile({settings, root}: Project, graph: RevisionGraph): readonly Finding[] {
  const {headsFile} = settings.policy
  if (headsFile === undefined) return []
  const path = resolve(root, headsFile)
  return headsFileFinding(graph, existsSync(path) ? readProjectFile(path, headsFile) : undefined, headsFile)
}

/**
 * Writes the heads file of a project, if configured, and returns its path.
 *
 * @throws MigError FILE_UNWRITABLE
 */
export function writeHeadsFile({settings, root}: Project, graph: RevisionGraph): string | undefined {
  const {headsFile} = settings.policy
  if (headsFile === undefined) return undefined
  try {
    writeFileSync(resolve(root, headsFile), headsLine(graph))
  } catch (error) {
    throw new FileAccessError('FILE_UNWRITABLE', headsFile, error)
  }
  return headsFile
}
