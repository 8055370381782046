// npm leaves `"gypfile": false` out of the lock file, and `npm ci` then compiles packages that ship their binaries:
// https://github.com/npm/cli/issues/9837. This puts it back. npm runs it as the script "dependencies", which is whenever
// it has changed node_modules and has written the lock file.
import {existsSync, readFileSync, writeFileSync} from 'node:fs'

const text = readFileSync('package-lock.json', 'utf8')
const lock = JSON.parse(text)
for (const [folder, entry] of Object.entries(lock.packages)) {
  const file = `${folder}/package.json`
  if (folder === '' || !existsSync(file)) continue
  if (JSON.parse(readFileSync(file, 'utf8')).gypfile === false) entry.gypfile = false
}
const kept = `${JSON.stringify(lock, undefined, 2)}\n`
if (kept !== text) writeFileSync('package-lock.json', kept)
