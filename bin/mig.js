#!/usr/bin/env node
// Looks at the version before it loads anything: on an older Node the rest would fail with a syntax error.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(`mig needs Node.js 22.18 or newer, and this is ${process.versions.node}.\n`)
  // A git hook lets git go on.
  process.exitCode = process.argv[2] === 'hooks' && process.argv[3] === 'run' ? 0 : 2
} else {
  const {enableCompileCache} = await import('node:module')
  enableCompileCache()
  const {fileURLToPath} = await import('node:url')
  const {main} = await import('../dist/src/cli/main.js')
  await main(process.argv.slice(2), fileURLToPath(new URL('..', import.meta.url)))
}
