/**
 * Runs a sample of the tests on other versions of Node: start-up, TypeScript, git, and every database.
 *
 *     npm run test:nodes               the oldest version that `engines` allows, and the newest
 *     npm run test:nodes -- 24.0.0     others
 *
 * The npm package `node` provides the versions; they are kept in the cache folder of the user.
 */
import {spawnSync} from 'node:child_process'
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {homedir} from 'node:os'
import {delimiter, join} from 'node:path'

/** The newest version that the tests have passed on. */
const newest = '26.10.0'

/** What runs on every version: each file starts processes of mig, or loads modules in ways that depend on Node. */
const sample: readonly (readonly string[])[] = [
  ['docs/demo.ts'],
  [
    'node_modules/mocha/bin/mocha.js',
    // The programs are new on this machine: nothing of them is in a cache yet.
    '--timeout=180000',
    'test/architecture.test.ts',
    'test/commands/failures.test.ts',
    'test/config/*.test.ts',
    'test/contract/going.test.ts',
    'test/git/repository.test.ts',
    'test/projects/cycle.test.ts',
  ],
]

const everyDatabase = 'postgresql,pglite,sqlite,mariadb,mysql'

const asked = process.argv.slice(2)
const failed = (asked.length > 0 ? asked : [oldest(), newest]).filter((version) => !passesOn(version))
if (failed.length > 0) {
  process.stderr.write(`The tests fail on Node ${failed.join(' and ')}\n`)
  process.exitCode = 1
}

/** Returns the version that `engines` names, `>=22.18`. */
function oldest(): string {
  const {engines} = JSON.parse(readFileSync('package.json', 'utf8')) as {engines: {node: string}}
  const [, version] = /^>=(\d+\.\d+)$/.exec(engines.node) ?? []
  if (version === undefined) throw new Error(`engines.node is not of the form >=22.18: ${engines.node}`)
  return `${version}.0`
}

function passesOn(version: string): boolean {
  const folder = install(version)
  process.stdout.write(`\nNode ${version}\n`)
  const env = {
    MIG_TEST_DATABASES: everyDatabase,
    ...process.env,
    // What the tests start by the name of `node` is that version as well.
    PATH: `${folder}${delimiter}${process.env['PATH']}`,
  }
  const results = sample.map((args) => spawnSync(join(folder, 'node'), args, {stdio: 'inherit', env}))
  return results.every(({status}) => status === 0)
}

/** Returns the folder that has the program of a version, after fetching it where it is missing. */
function install(version: string): string {
  const root = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'mig-nodes', version)
  const folder = join(root, 'node_modules/node/bin')
  if (versionIn(folder) === version) return folder
  mkdirSync(root, {recursive: true})
  writeFileSync(join(root, 'package.json'), JSON.stringify({private: true, allowScripts: {node: true}}))
  const options = ['--prefix', root, '--no-audit', '--no-fund', '--loglevel', 'error']
  spawnSync('npm', ['install', ...options, `node@${version}`], {stdio: 'inherit', cwd: root})
  if (versionIn(folder) !== version) throw new Error(`npm did not install Node ${version} in ${root}`)
  return folder
}

function versionIn(folder: string): string | undefined {
  const {status, stdout} = spawnSync(join(folder, 'node'), ['--version'], {encoding: 'utf8'})
  return status === 0 ? stdout.trim().slice(1) : undefined
}
