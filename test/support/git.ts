import {spawnSync} from 'node:child_process'
import {rmSync} from 'node:fs'
import {join} from 'node:path'
import type {CliOptions, CliResult} from './cli.ts'
import {mig} from './cli.ts'
import {Folder, revisionText} from './folder.ts'

/** What makes git do the same on every machine: no configuration of its user, one author, times that are counted. */
const plain = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Ana',
  GIT_AUTHOR_EMAIL: 'ana@example.org',
  GIT_COMMITTER_NAME: 'Ana',
  GIT_COMMITTER_EMAIL: 'ana@example.org',
  GIT_MERGE_AUTOEDIT: 'no',
  GIT_EDITOR: 'true',
}

/** The program git for tests. */
export const gitEnvironment: Readonly<Record<string, string | undefined>> = plain

const settings = [
  '-c',
  'init.defaultBranch=main',
  '-c',
  'protocol.file.allow=always',
  '-c',
  'advice.detachedHead=false',
]

let minutes = 0

/** A repository that the program git made, in a folder of its own or below another. */
export class GitFolder {
  readonly path: string
  readonly folder: Folder

  constructor(folder: Folder = new Folder(), path: string = folder.path) {
    this.folder = folder
    this.path = path
  }

  /** Makes an empty repository. */
  static init(...args: readonly string[]): GitFolder {
    const made = new GitFolder()
    made.git('init', '-q', ...args)
    return made
  }

  /** Clones a repository into a folder of its own. */
  static clone(from: GitFolder, ...args: readonly string[]): GitFolder {
    const folder = new Folder()
    const made = new GitFolder(folder, join(folder.path, 'clone'))
    gitIn(folder.path, ['clone', '-q', ...args, `file://${from.path}`, 'clone'])
    return made
  }

  /** Runs git, which must not fail, and returns what it prints on stdout. */
  git(...args: readonly string[]): string {
    return gitIn(this.path, args)
  }

  /** Runs git and returns all that it and its hooks print. */
  tryGit(...args: readonly string[]): {readonly output: string; readonly status: number} {
    const {stdout, stderr, status} = spawnSync('git', [...settings, ...args], {cwd: this.path, env: environment()})
    return {output: `${stdout.toString()}${stderr.toString()}`, status: status ?? -1}
  }

  write(files: Readonly<Record<string, string>>): this {
    const below = this.path.slice(this.folder.path.length + 1)
    this.folder.write(
      Object.fromEntries(Object.entries(files).map(([name, text]) => [below === '' ? name : `${below}/${name}`, text])),
    )
    return this
  }

  /** Writes revisions as `id` or `id:down,down`, each with a message. */
  revisions(list: string, folder = 'migrations/versions'): this {
    for (const item of list.split(' ')) {
      const [id = '', down = ''] = item.split(':')
      const downRevisions = down.split(',').filter(Boolean)
      this.write({[`${folder}/${id}_add_${id}.ts`]: textOfRevision(id, downRevisions)})
    }
    return this
  }

  /** Removes files. */
  remove(...paths: readonly string[]): this {
    for (const path of paths) rmSync(join(this.path, path), {recursive: true})
    return this
  }

  /** Commits everything that is there and returns the id. */
  commit(message = 'work'): string {
    this.git('add', '-A')
    this.git('commit', '-q', '--allow-empty', '-m', message)
    return this.id('HEAD')
  }

  id(ref: string): string {
    return this.git('rev-parse', '--verify', `${ref}^{commit}`)
  }

  /** Runs `mig` in it. */
  async mig(args: string | readonly string[], options: Partial<CliOptions> = {}): Promise<CliResult> {
    return mig(args, {cwd: this.path, ...options, env: {...plain, ...options.env}})
  }
}

/** Returns the text of a revision that makes a table of its own. */
export function textOfRevision(id: string, downRevisions: readonly string[], branchLabels: string[] = []): string {
  return revisionText(
    {id, downRevisions, branchLabels, dependsOn: []},
    `export async function upgrade(op) {
  op.execute('create table t_${id} (n integer)')
}

export async function downgrade(op) {
  op.execute('drop table t_${id}')
}
`,
  ).replace(`/** revision ${id} */`, `/**\n * add ${id}\n *\n * Revision ID: ${id}\n */`)
}

/** Returns a transcript in which what differs from run to run is replaced: ages, ids of commits and folders. */
export function withoutChance(text: string, ...folders: readonly GitFolder[]): string {
  const named = folders.reduce((all, {path}) => all.replaceAll(path, '/FOLDER'), text)
  return named
    .replaceAll(/\b(?:just now|\d+ (?:second|minute|hour|day|week|month|year)s? ago)\b/g, 'AGE ago')
    .replaceAll(/\b[0-9a-f]{40}\b/g, 'COMMIT')
    .replaceAll(/(?<=commit |[(|] ?)[0-9a-f]{7}\b/g, 'COMMIT')
    .replaceAll(/(?<="(?:authored|committed)": )\d+/g, 'TIME')
    .replaceAll(/(?<=current_timestamp, ')[^']+@[^']+(?=')/g, 'USER@HOST')
}

function gitIn(cwd: string, args: readonly string[]): string {
  const {stdout, stderr, status} = spawnSync('git', [...settings, ...args], {cwd, env: environment()})
  if (status !== 0)
    throw new Error(`git ${args.join(' ')} ended with ${status}: ${stderr.toString()}${stdout.toString()}`)
  return stdout.toString().trim()
}

/** Every call is a minute after the one before it, so that orders by date are what they look like. */
function environment(): NodeJS.ProcessEnv {
  const date = new Date(Date.UTC(2026, 10, 1) + ++minutes * 60_000).toISOString()
  return {...process.env, ...plain, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date}
}
