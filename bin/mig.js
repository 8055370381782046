#!/usr/bin/env node
// Looks at the version before it loads anything: on an older Node the rest would fail with a syntax error.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 18)) {
  const needs = `mig needs Node.js 22.18 or newer, and this is ${process.versions.node}`
  // A program with a window may have an older Node.js than the shell, and must not lose its commits.
  const isHook = process.argv[2] === 'hooks' && process.argv[3] === 'run'
  process.stderr.write(isHook ? `mig: nothing was checked, because ${needs}.\n` : `${needs}.\n`)
  process.exitCode = isHook ? 0 : 2
} else {
  const {enableCompileCache} = await import('node:module')
  enableCompileCache()
  const {fileURLToPath} = await import('node:url')
  const {main} = await import('../dist/main.js')
  await main(process.argv.slice(2), fileURLToPath(new URL('..', import.meta.url)))
}
