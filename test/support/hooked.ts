import {chmodSync, mkdirSync, writeFileSync} from 'node:fs'
import {join, resolve} from 'node:path'
import {expect} from 'chai'
import {GitFolder} from './git.ts'

/** The folder of the revisions. */
export const versions = 'migrations/versions'

/** Returns the path of a revision that `GitFolder.revisions` wrote. */
export const fileOf = (id: string): string => `${versions}/${id}_add_${id}.ts`

/** Puts mig where the hooks look for it, as `npm install` does. */
export function withMig(repo: GitFolder, folder = repo.path): GitFolder {
  mkdirSync(join(folder, 'node_modules/.bin'), {recursive: true})
  const file = join(folder, 'node_modules/.bin/mig')
  writeFileSync(file, `#!/bin/sh\nexec "${process.execPath}" "${resolve('bin/mig.js')}" "$@"\n`)
  chmodSync(file, 0o755)
  return repo
}

/** A project with a <- b on `main`. */
export function project(config = 'export default {}\n'): GitFolder {
  const repo = GitFolder.init().write({'mig.config.js': config, '.gitignore': 'node_modules\n'})
  repo.revisions('aaaa bbbb:aaaa').commit('first')
  return withMig(repo)
}

/** A project, and a clone of it that has hooks. */
export async function projectWithHooks(
  config?: string,
): Promise<{readonly origin: GitFolder; readonly clone: GitFolder}> {
  const origin = project(config)
  const clone = withMig(GitFolder.clone(origin))
  expect((await clone.mig('hooks install')).status).to.equal(0)
  return {origin, clone}
}
