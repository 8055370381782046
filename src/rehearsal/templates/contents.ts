import {existsSync, statSync} from 'node:fs'
import {dirname, resolve} from 'node:path'
import type {ScriptProject} from '../../engine/project.ts'
import {readRegularFile} from '../../util/regular-file.ts'
import {digestOf} from './template.ts'
import type {Contents} from './template.ts'

/** Packages whose code does not belong to the project. */
const known = /^(?:migdag|kysely|@mikro-orm\/.+|node:(?:assert|crypto|path|url|util)(?:\/.*)?)$/

/** Code whose result may depend on more than the texts of the project. */
const outside = /\b(?:process\s*[.[]|readFile|createReadStream|import\.meta|__dirname|__filename|fetch\s*\(|globalThis)/

const typesOnly = /\b(?:import|export)\s+type\b[^'"]*?\bfrom\s*(?<quote>['"])[^'"]*\k<quote>/g
const specifiers = /\b(?:from|import|require)\s*\(?\s*(?<quote>['"])(?<name>[^'"\n]+)\k<quote>/g
const computed = /\b(?:import|require)\s*\(\s*[^'"\s)]/

/**
 * Returns the ids of the contents of revisions: their texts and those of the files that they import. A revision that may
 * depend on anything else, such as a file that it reads, has none.
 */
export async function contentsOf({scripts, tree}: Pick<ScriptProject, 'scripts' | 'tree'>): Promise<Contents> {
  const revisions = [...scripts.graph.revisions]
  const texts = await tree.read(revisions.map(({file}) => file))
  const files = new Map<string, readonly string[] | undefined>()
  return new Map(
    revisions.flatMap(({id, file}, i) => {
      const text = texts[i] ?? ''
      if (file.endsWith('.sql')) return [[id, digestOf(text)] as const]
      const imported = importedBy(tree.absolute(file), text, files)
      return imported === undefined ? [] : [[id, digestOf([text, ...imported])] as const]
    }),
  )
}

/** Returns the ids of the files that a text imports; undefined if not all that it depends on is known. */
function importedBy(
  path: string,
  text: string,
  files: Map<string, readonly string[] | undefined>,
): readonly string[] | undefined {
  if (outside.test(text) || computed.test(text)) return undefined
  const ids: string[] = []
  for (const {groups} of text.replaceAll(typesOnly, '').matchAll(specifiers)) {
    const name = groups?.['name'] ?? ''
    if (known.test(name)) continue
    const found = /^\.{1,2}\//.test(name) ? fileOf(resolve(dirname(path), name)) : undefined
    if (found === undefined) return undefined
    if (!files.has(found)) {
      // A file of a cycle is already known by the one that began it.
      files.set(found, [])
      const content = readRegularFile(found)
      const below = importedBy(found, content, files)
      files.set(found, below === undefined ? undefined : [digestOf(content), ...below])
    }
    const imported = files.get(found)
    if (imported === undefined) return undefined
    ids.push(...imported)
  }
  return ids
}

const endings = ['', '.ts', '.js', '.mts', '.mjs', '.cts', '.cjs', '.json', '/index.ts', '/index.js']

function fileOf(path: string): string | undefined {
  const candidates = [...endings.map((ending) => path + ending), path.replace(/\.(?<kind>[cm]?)js$/, '.$<kind>ts')]
  return candidates.find((candidate) => existsSync(candidate) && statSync(candidate).isFile())
}
