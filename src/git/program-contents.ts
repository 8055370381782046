import {createHash} from 'node:crypto'
import {globSync, readFileSync, realpathSync} from 'node:fs'
import {createRequire} from 'node:module'
import {dirname, join} from 'node:path'

/** The files that hooks load, where files of a checkout may have been left in their place. */
export interface ProgramContents {
  /** The absolute path of the folder of mig, as it was started and without symbolic links. */
  readonly folder: string
  readonly realFolder: string
  readonly files: readonly string[]
  /** Paths of packages that would be loaded instead of those among the files. */
  readonly absent: readonly string[]
  /** The digest of the files. */
  readonly id: string
}

/** Returns the files of mig and of the packages that its hooks load, with the digest of their contents. */
export function contentsOf(program: string): ProgramContents {
  const folder = dirname(dirname(program))
  const realFolder = realpathSync(folder)
  const own = ['package.json', 'oclif.manifest.json', 'bin/*.js', 'dist/**/*.{js,cjs}']
  const files = globSync(own, {cwd: realFolder}).map((file) => join(realFolder, file))
  const absent: string[] = []
  let user = join(realFolder, 'dist/chunks/index.js')
  for (const name of ['libpg-query', '@pgsql/types']) {
    const found = createRequire(user).resolve(name)
    const inside = join('node_modules', name)
    const location = found.slice(0, found.lastIndexOf(inside) + inside.length)
    files.push(...globSync(['package.json', '**/*.{js,cjs,wasm}'], {cwd: location}).map((file) => join(location, file)))
    for (
      let above = dirname(user);
      join(above, inside) !== location && above !== dirname(above);
      above = dirname(above)
    )
      absent.push(join(above, inside))
    user = found
  }
  files.sort()
  const digest = createHash('sha256')
  for (const file of files) {
    const bytes = readFileSync(file)
    digest.update(`${bytes.length} `).update(bytes)
  }
  return {folder, realFolder, files, absent, id: digest.digest('hex')}
}

/**
 * Returns the text of a module that runs a program unless one of its files is another one than before. Node.js, which
 * hooks need anyway, takes less time for it than processes of git.
 */
export function checkingModule(program: string, {folder, realFolder, files, absent, id}: ProgramContents): string {
  return `// Runs mig for git hooks; written by \`mig hooks install\`.
import {createHash} from 'node:crypto'
import {existsSync, readFileSync, realpathSync} from 'node:fs'
import {pathToFileURL} from 'node:url'

const program = ${JSON.stringify(program)}
const files = ${JSON.stringify(files, undefined, 1)}

function isUnchanged() {
  if (realpathSync(${JSON.stringify(folder)}) !== ${JSON.stringify(realFolder)}) return false
  if (${JSON.stringify(absent)}.some((path) => existsSync(path))) return false
  const digest = createHash('sha256')
  for (const file of files) {
    const bytes = readFileSync(file)
    digest.update(\`\${bytes.length} \`).update(bytes)
  }
  return digest.digest('hex') === ${JSON.stringify(id)}
}

let isSame = false
try {
  isSame = isUnchanged()
} catch {}
if (isSame) {
  process.argv[1] = program
  await import(pathToFileURL(program).href)
} else
  console.error(
    \`mig: hooks do not run \${program}, because it has changed since they were installed; if you have updated it, run \\\`npx --no-install mig hooks install\\\`\`,
  )
`
}
