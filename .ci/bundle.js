// Bundles mig and its small libraries. Node takes longer to load hundreds of small files than to run them. Code that several
// commands share is in dist/chunks, and what a command does not need is not loaded.
import {existsSync, globSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {build} from 'esbuild'

const {dependencies} = JSON.parse(readFileSync('package.json', 'utf8'))

/** oclif requires at once what any program may need; this makes it require a module when it first uses it. */
const lazyRequires = {
  name: 'lazy requires',
  setup({onLoad}) {
    onLoad({filter: /\/@oclif\/core\/lib\/.*\.js$/}, ({path}) => ({
      contents: withLazyRequires(readFileSync(path, 'utf8')),
    }))
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

/** Writes the licenses of the libraries in the bundle, which ask to be passed on with it. */
function writeLicenses(inputs) {
  const folders = Object.keys(inputs).map((path) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0])
  const texts = [...new Set(folders.filter((folder) => folder !== undefined))].toSorted().map((folder) => {
    const {name, version, license} = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'))
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry))
    return `${name} ${version} (${license})\n\n${file === undefined ? '' : readFileSync(`${folder}/${file}`, 'utf8').trim()}\n`
  })
  writeFileSync('dist/licenses.txt', texts.join(`\n${'-'.repeat(80)}\n\n`))
}

if (existsSync('dist/chunks')) rmSync('dist/chunks', {recursive: true})
const options = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node22.18',
  sourcemap: true,
  sourcesContent: false,
  metafile: true,
  logLevel: 'warning',
}
const kysely = await build({
  ...options,
  entryPoints: ['node_modules/kysely/dist/index.js'],
  outfile: 'dist/kysely.js',
  sourcemap: false,
})
const mig = await build({
  ...options,
  entryPoints: [...globSync('commands/*.ts'), 'src/index.ts', 'src/cli/main.ts'],
  outdir: 'dist',
  outbase: '.',
  chunkNames: 'chunks/[name]-[hash]',
  splitting: true,
  external: [...Object.keys(dependencies), 'esbuild', 'typescript', 'pg', '#*'],
  plugins: [lazyRequires],
  // Libraries that are CommonJS require Node's modules.
  banner: {
    js: "import {createRequire as requireOfBundle} from 'node:module'\nconst require = requireOfBundle(import.meta.url)",
  },
})
writeLicenses({...mig.metafile.inputs, ...kysely.metafile.inputs})
