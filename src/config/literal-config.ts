import {readObject} from '../script/literal.ts'
import {endsValue, skipToken, skipTrivia, wordAt} from '../script/scanner.ts'

type Values = Readonly<Record<string, unknown>>

/** The keys that git hooks need. Others may be code, which is not run. */
const neededKeys = [
  'scriptDirectory',
  'versionLocations',
  'recursiveVersionLocations',
  'operations',
  'policy',
  'gitHooks',
] as const

const typeAfter = /^(?:satisfies|as)\s+(?:const|[\w$.]+)\s*/

/**
 * Returns the settings of a configuration that can be read without running it; keys that git hooks do not need are left
 * out if they are code. Returns undefined if a setting that hooks need depends on code.
 *
 * @param hasEnvironment whether an environment is selected, so that `environments` is needed, too
 */
export function readLiteralConfig(text: string, hasEnvironment: boolean): Values | undefined {
  const at = positionOfDefault(text)
  if (at === undefined) return undefined
  const needed: readonly string[] = hasEnvironment ? [...neededKeys, 'environments'] : neededKeys
  const mayBeCode = (key: string): boolean => !needed.includes(key)
  const name = wordAt(text, at)
  if (name === undefined) return readWhole(text, at, mayBeCode)
  const open = skipTrivia(text, at + name.length)
  if (text[open] !== '(') return isEnd(text, open) ? readConstant(text, name, mayBeCode) : undefined
  if (name !== 'defineConfig' || !/import\s*\{[^}]*\bdefineConfig\b[^}]*\}\s*from\s*['"]mig['"]/.test(text))
    return undefined
  const config = readTyped(text, skipTrivia(text, open + 1), mayBeCode)
  const close = config === undefined ? -1 : skipTrivia(text, text[config.end] === ',' ? config.end + 1 : config.end)
  return text[close] === ')' && isEnd(text, skipTrivia(text, close + 1)) ? config?.value : undefined
}

/** Returns the position after the last `export default` of a module. */
function positionOfDefault(text: string): number | undefined {
  let depth = 0
  let previous = ''
  for (let at = skipTrivia(text, 0); at < text.length;) {
    const next = skipToken(text, at, !endsValue.test(previous))
    const token = text.slice(at, next)
    const after = skipTrivia(text, next)
    if ('{(['.includes(token)) depth++
    else if ('})]'.includes(token)) depth--
    else if (depth === 0 && token === 'export' && wordAt(text, after) === 'default')
      return skipTrivia(text, after + 'default'.length)
    previous = token
    at = after
  }
  return undefined
}

/** Returns the object that a module exports at its end. */
function readWhole(text: string, at: number, mayBeCode: (key: string) => boolean): Values | undefined {
  const config = readTyped(text, at, mayBeCode)
  return config !== undefined && isEnd(text, config.end) ? config.value : undefined
}

/** Returns the object of a constant that is exported, and named nowhere else. */
function readConstant(text: string, name: string, mayBeCode: (key: string) => boolean): Values | undefined {
  const quoted = name.replaceAll('$', String.raw`\$`)
  if ([...text.matchAll(new RegExp(`(?<![\\w$])${quoted}(?![\\w$])`, 'g'))].length !== 2) return undefined
  const declared = new RegExp(`^const\\s+${quoted}\\s*(?::\\s*[\\w$.]+\\s*)?=\\s*(?=\\{)`, 'm').exec(text)
  if (declared === null) return undefined
  const config = readTyped(text, declared.index + declared[0].length, mayBeCode)
  // Anything else would be an expression of which the object is a part.
  const isStatement = config !== undefined && /^(?:;|\w)/.test(text.slice(config.end))
  return isStatement ? config.value : undefined
}

/** Returns an object and the position after the type that it is said to have. */
function readTyped(text: string, at: number, mayBeCode: (key: string) => boolean): ReturnType<typeof readObject> {
  const config = text[at] === '{' ? readObject(text, at, mayBeCode) : undefined
  if (config === undefined) return undefined
  const end = skipTrivia(text, config.end)
  return {value: config.value, end: end + (typeAfter.exec(text.slice(end))?.[0].length ?? 0)}
}

function isEnd(text: string, at: number): boolean {
  return skipTrivia(text, text[at] === ';' ? at + 1 : at) >= text.length
}
