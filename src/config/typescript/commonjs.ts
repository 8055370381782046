/** CommonJS globals with their ES module replacements. */
const globals: Readonly<Record<string, string>> = {
  __filename: 'import.meta.filename',
  __dirname: 'import.meta.dirname',
  require: "process.getBuiltinModule('node:module').createRequire(import.meta.filename)",
}

/**
 * Returns a module of a project that compiles to CommonJS as it can run as an ES module: what it uses of CommonJS is
 * there. No line moves.
 */
export function asModule(source: string): string {
  const missing = Object.keys(globals).filter((name) => isUsed(name, source) && !isDeclared(name, source))
  return missing.map((name) => `var ${name} = ${globals[name]};`).join('') + source
}

function isUsed(name: string, source: string): boolean {
  return new RegExp(`(?<![.\\w$'"])${name}\\b`).test(source)
}

function isDeclared(name: string, source: string): boolean {
  const alone = `(?:const|let|var|function)\\s+${name}\\b`
  const among = `\\{[^{}]*\\b${name}\\b[^{}]*\\}\\s*(?:=|from\\b)`
  return new RegExp(`${alone}|${among}`).test(source)
}
