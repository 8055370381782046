// Bundles mig and its small libraries. Node takes longer to load hundreds of small files than to run them. Code that several
// commands share is in dist/chunks, and what a command does not need is not loaded.
import {globSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs'
import {relative, resolve} from 'node:path'
import {build} from 'rolldown'
import {dts} from 'rolldown-plugin-dts'

const {version: builtVersion, dependencies, peerDependencies} = JSON.parse(readFileSync('package.json', 'utf8'))
const external = [...Object.keys({...dependencies, ...peerDependencies}), 'esbuild', 'pg']

/** oclif requires at once what any program may need; this makes it require a module when it first uses it. */
const lazyRequires = {
  name: 'lazy requires',
  transform: {
    filter: {id: /\/@oclif\/core\/lib\/.*\.js$/},
    handler: (code) => ({code: withLazyRequires(code), map: null}),
  },
}

/** @param text CommonJS as TypeScript writes it, whose names of modules stand for nothing else */
function withLazyRequires(text) {
  const modules = new Map()
  const rest = text.replace(/^const (\w+_\d+|Errors|Parser) = (.*\brequire\("[^"]+"\).*);$/gm, (_, name, value) => {
    modules.set(name, value)
    return ''
  })
  if (modules.size === 0) return text
  const getters = [...modules].map(
    ([name, value]) => `get ${name}() { return define(this, '${name}', {value: ${value}}).${name} }`,
  )
  const uses = new RegExp(`(?<![\\w$.])(?:${[...modules.keys()].join('|')})(?![\\w$])`, 'g')
  return `const {defineProperty: define} = Object
const modules = {${getters.join(', ')}}
${rest.replace(uses, (name) => `modules.${name}`)}`
}

/**
 * Writes the licenses of the libraries in the bundle, which ask to be passed on with it.
 *
 * @param {readonly string[]} inputs the absolute paths of what was bundled
 */
function writeLicenses(inputs) {
  const folders = inputs.map((path) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(relative('.', path))?.[0])
  const texts = [...new Set(folders.filter((folder) => folder !== undefined))].toSorted().map((folder) => {
    const {name, version, license} = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'))
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry))
    return `${name} ${version} (${license})\n\n${file === undefined ? '' : readFileSync(`${folder}/${file}`, 'utf8').trim()}\n`
  })
  writeFileSync('dist/licenses.txt', texts.join(`\n${'-'.repeat(80)}\n\n`))
}

for (const old of ['dist/chunks', 'dist/commands']) rmSync(old, {recursive: true, force: true})
const commands = globSync('commands/*.ts')
const input = {
  index: 'src/index.ts',
  main: 'src/cli/main.ts',
  ...Object.fromEntries(commands.map((path) => [path.replace(/\.ts$/, ''), path])),
}
// The names of functions stay, for stack traces.
const minify = {compress: true, mangle: {toplevel: true, keepNames: {function: true, class: true}}, codegen: true}
/** Libraries of the libraries that Node replaces, or that mig has no use for; and one version of those that are there twice. */
const alias = Object.fromEntries(
  Object.entries({
    pako: '.ci/replacements/pako.js',
    'sha.js/sha1.js': '.ci/replacements/sha1.js',
    'crc-32': '.ci/replacements/crc-32.js',
    ejs: '.ci/replacements/ejs.js',
    'cli-spinners': '.ci/replacements/unused.js',
    lilconfig: '.ci/replacements/unused.js',
    minimatch: '.ci/replacements/unused.js',
    tinyglobby: '.ci/replacements/unused.js',
    'widest-line': '.ci/replacements/widest-line.js',
    'wrap-ansi': 'node_modules/log-update/node_modules/wrap-ansi/index.js',
    'string-width': 'node_modules/log-update/node_modules/string-width/index.js',
  }).map(([name, path]) => [name, resolve(path)]),
)
const options = {
  platform: 'node',
  resolve: {alias},
  checks: {ineffectiveDynamicImport: false},
  transform: {target: 'node22.18', define: {BUILT_VERSION: JSON.stringify(builtVersion)}},
}
const kysely = await build({
  ...options,
  input: 'node_modules/kysely/dist/index.js',
  output: {file: 'dist/kysely.js', codeSplitting: false, minify},
})
const mig = await build({
  ...options,
  input,
  external: new RegExp(`^(?:#|(?:${external.join('|')})(?:/|$))`),
  plugins: [lazyRequires],
  output: {
    dir: 'dist',
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name]-[hash].js',
    minify,
    // A file for what half of the commands load is loaded faster than the many that fit exactly. Help needs oclif alone.
    codeSplitting: {
      groups: [
        {name: 'start', test: /\/src\/(?:cli\/(?:global-flags|stdout)|util\/version)\.ts$/, priority: 2},
        {name: 'oclif', test: /\/node_modules\/@oclif\//, priority: 1},
        {name: 'shared', minShareCount: Object.keys(input).length / 2},
      ],
    },
  },
})
writeLicenses([...kysely.output, ...mig.output].flatMap(({moduleIds = []}) => moduleIds))

// One file of declarations, which tsc has written to build/. TypeScript wants one for `import` and one for `require`; only an ES
// module may refer to the other.
await build({
  input: {index: 'build/src/index.d.ts'},
  external: (id) => !/^(?:[./]|build\/)/.test(id),
  plugins: [dts({dtsInput: true, oxc: true})],
  output: {dir: 'dist'},
})
renameSync('dist/index.d.ts', 'dist/index.d.cts')
writeFileSync('dist/index.d.ts', "export * from './index.cjs'\n")
writeFileSync('dist/index.cjs', "module.exports = require('./index.js')\n")
