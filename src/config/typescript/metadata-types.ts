/** The ways in which compilers name a type in decorator metadata, which may be no value. */
const uses = /typeof ([\w$]+) (?:=== "undefined" \? Object : \1|!== "undefined" && \1)(?![\w$])/g
const namedImports = /^import (?:[\w$]+, )?\{([^}]*)\} from (["'][^"'\n]+["']);$/gm
/** Comments that begin a line; others may be in texts. */
const comments = /^\s*(?:\/\*[\s\S]*?\*\/|\/\/.*$)/gm

/**
 * Returns an ES module whose decorator metadata may name imports that do not exist, because they are types: a compiler that
 * sees a single file cannot know, and its imports would fail. No line moves.
 */
export function withTypesInMetadata(code: string): string {
  const named = new Set([...code.matchAll(uses)].map(([, name = '']) => name))
  if (named.size === 0) return code
  const rest = code.replaceAll(uses, '').replaceAll(namedImports, '').replaceAll(comments, '')
  const values = new Set(rest.match(/[\w$]+/g))
  const members = new Map<string, string>()
  const imports = code.replaceAll(namedImports, (line: string, list: string, from: string) => {
    const namespace = `__types${members.size}`
    const kept = list.split(',').filter((specifier) => {
      const [imported = '', local = imported] = specifier.trim().split(' as ')
      if (!named.has(local) || values.has(local)) return true
      members.set(local, `${namespace}.${imported}`)
      return false
    })
    const rewritten = line.replace(`{${list}}`, () => `{${kept.join(',')}}`)
    return rewritten === line ? line : `${rewritten} import * as ${namespace} from ${from};`
  })
  return imports.replaceAll(uses, (use: string, name: string) => {
    const member = members.get(name)
    return member === undefined ? use : use.replaceAll(/[\w$]+/g, (word) => (word === name ? member : word))
  })
}
