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

/**
 * Returns an ES module with the exports of a CommonJS module that a compiler has written: its default export is the default
 * export of the source.
 */
export function exportsOf(url: string): string {
  const name = JSON.stringify(url)
  return `export * from ${name}; import module from ${name}; export default module?.__esModule ? module.default : module;`
}

function isUsed(name: string, source: string): boolean {
  return new RegExp(`(?<![.\\w$'"])${name}\\b`).test(source)
}

function isDeclared(name: string, source: string): boolean {
  const alone = `(?:const|let|var|function)\\s+${name}\\b`
  const among = `\\{[^{}]*\\b${name}\\b[^{}]*\\}\\s*(?:=|from\\b)`
  return new RegExp(`${alone}|${among}`).test(source)
}
