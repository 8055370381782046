import {readFileSync} from 'node:fs'
import {join, resolve} from 'node:path'
import type {CliResult} from '../../support/cli.ts'
import {run} from '../../support/cli.ts'
import {GitFolder, gitEnvironment} from '../../support/git.ts'

/**
 * A server with `main` and two requests: number 1 continues from `main`, number 20 does not, and tries to loosen the policy
 * and to run code.
 */
export function makeServer(): GitFolder {
  const repo = GitFolder.init().write({'mig.config.js': 'export default {}\n'}).revisions('aaaa bbbb:aaaa')
  repo.commit('first')
  repo.git('switch', '-q', '-c', 'second')
  const hostile =
    "import {writeFileSync} from 'node:fs'\nwriteFileSync('hostile.txt', 'x')\nexport default {policy: {heads: 'many'}}\n"
  repo.revisions('dddd:bbbb').write({'mig.config.js': hostile}).commit('diverges')
  repo.git('switch', '-q', 'main')
  for (let i = 0; i < 5; i++) repo.write({'README.md': `${i}\n`}).commit('something else')
  repo.revisions('cccc:bbbb').commit('lands on main')
  repo.git('switch', '-q', '-c', 'first')
  repo.revisions('eeee:cccc').commit('fits')
  repo.git('switch', '-q', 'main')
  for (const kind of ['pull', 'merge-requests']) {
    repo.git('update-ref', `refs/${kind}/1/head`, 'first')
    repo.git('update-ref', `refs/${kind}/20/head`, 'second')
  }
  const server = new GitFolder(repo.folder, join(repo.folder.path, 'server.git'))
  repo.git('clone', '-q', '--mirror', repo.path, server.path)
  server.git('config', 'uploadpack.allowFilter', 'true')
  server.git('config', 'uploadpack.allowAnySHA1InWant', 'true')
  return server
}

/** Pushes a commit to a branch or another ref of a server. */
export function pushTo(server: GitFolder, branch: string, change: (repo: GitFolder) => unknown, ref = branch): string {
  const clone = GitFolder.clone(server)
  clone.git('switch', '-q', '--detach', `origin/${branch}`)
  change(clone)
  const commit = clone.commit('more')
  clone.git('push', '-q', '--force', 'origin', `HEAD:${ref.startsWith('refs/') ? ref : `refs/heads/${ref}`}`)
  return commit
}

/** Runs a command of a workflow in a clone, as a job does. */
export async function runCommand(
  clone: GitFolder,
  command: string,
  env: Readonly<Record<string, string>>,
): Promise<CliResult> {
  return run('bash', ['-e', '-o', 'pipefail', '-c', command], {
    cwd: clone.path,
    env: {...gitEnvironment, MIG_COMMAND: `${process.execPath} ${resolve('bin/mig.js')}`, ...env},
  })
}

/** Returns the commands below a key of a YAML file, which has one on each line: `- command` or `run: command`. */
export function commandsBelow(file: string, key: string): string[] {
  const lines = readFileSync(file, 'utf8').split('\n')
  const isKey = (line: string): boolean => line.trim() === `${key}:` || line.trim().startsWith(`${key}: `)
  return lines.flatMap((line, i) => {
    if (!isKey(line)) return []
    const inline = line.trim().slice(key.length + 2)
    if (inline !== '') return [inline]
    const items = lines.slice(i + 1)
    const end = items.findIndex((item) => !/^\s+- /.test(item))
    return items.slice(0, end === -1 ? undefined : end).map((item) => item.trim().slice(2))
  })
}
