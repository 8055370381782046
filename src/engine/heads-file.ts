import {writeFileSync, readFileSync, existsSync} from 'node:fs'
import {resolve} from 'node:path'
import type {RevisionGraph} from '../graph/revision-graph.ts'
import {FileAccessError} from '../script/errors.ts'
import type {Finding} from '../script/finding.ts'
import type {Project} from './project.ts'

/**
 * The one line that a team can ask for so that git itself finds a conflict where two branches go on from one head.
 *
 * It is only compared and written: nothing is ever read from it.
 */
function headsLine(graph: RevisionGraph): string {
  return `${graph.heads.toSorted().join(' ')}\n`
}

/** Returns what is wrong with the text of the file. */
export function headsFileFinding(graph: RevisionGraph, text: string | undefined, file: string): readonly Finding[] {
  if (text?.trim() === headsLine(graph).trim()) return []
  const found =
    text === undefined ? 'is missing' : `does not name the heads, which are ${headsLine(graph).trim() || 'none'}`
  const hint =
    '`mig heads --write` writes it; when heads are in conflict there, join them with `mig merge heads` first.'
  return [{code: 'HEADS_FILE_STALE', level: 'error', message: `${file} ${found}.`, hint, file}]
}

/** Returns what is wrong with the file of a project, if it has one. */
export function checkHeadsFile({settings, root}: Project, graph: RevisionGraph): readonly Finding[] {
  const {headsFile} = settings.policy
  if (headsFile === undefined) return []
  const path = resolve(root, headsFile)
  return headsFileFinding(graph, existsSync(path) ? readFileSync(path, 'utf8') : undefined, headsFile)
}

/**
 * Writes the file of a project, if it has one. Returns its path.
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
