import {existsSync, lstatSync} from 'node:fs'
import {join, relative, resolve, sep} from 'node:path'
import {findConfig} from '../../config/find.ts'
import type {ConfigPlace} from '../../config/find.ts'
import {ConfigUnreadableError} from '../../config/errors.ts'
import {MigError} from '../../errors.ts'
import {DiskTree} from '../../script/disk.ts'
import {replaceFile, writeNewFile} from '../../script/write.ts'
import {packageManagerOf} from '../../util/package-manager.ts'
import {init} from './init.ts'
import type {InitOptions, InitResult} from './init.ts'

/** AGENTS.md cannot be changed without touching what others wrote. */
class AgentsFileError extends MigError {
  constructor(file: string, reason: string, hint: string) {
    super('FILE_UNWRITABLE', `${file} ${reason}.`, {hint, data: {file}})
  }
}

export interface InitAgentsOptions extends InitOptions {
  /** Configuration of a project that is set up. */
  readonly config?: string | undefined
}

export interface InitAgentsResult {
  /** The new project; null if there was one. */
  readonly project: InitResult | null
  /** AGENTS.md, relative to the working directory. */
  readonly file: string
  readonly change: 'created' | 'changed' | 'none'
}

const [begin, end] = ['<!-- mig:begin -->', '<!-- mig:end -->']

/**
 * Writes a section about mig into the AGENTS.md of a project, which it sets up if there is none.
 *
 * @throws MigError FILE_UNREADABLE, FILE_UNWRITABLE, NOT_UTF8, and as `init`
 */
export async function initAgents(options: InitAgentsOptions): Promise<InitAgentsResult> {
  const cwd = resolve(options.cwd ?? process.cwd())
  const isNamed = options.directory !== undefined || options.template !== undefined
  const existing = isNamed ? undefined : projectFolder(cwd, options.config)
  const folder = existing ?? cwd
  const path = join(folder, 'AGENTS.md')
  const file = relative(cwd, path).split(sep).join('/')
  const before = await readAgentsFile(folder, file)
  const text = withSection(before ?? '', sectionFor(packageManagerOf(folder).run), file)
  const project = existing === undefined ? await init(options) : null
  if (before === undefined) writeNewFile(path, text, file)
  else if (text !== before) replaceFile(path, path, text, file)
  return {project, file, change: before === undefined ? 'created' : text === before ? 'none' : 'changed'}
}

/** Returns the folder of the project that commands would use. */
function projectFolder(cwd: string, named: string | undefined): string | undefined {
  const {kind = 'none', path = cwd, root = cwd} = configPlace(cwd, named) ?? {}
  if (!existsSync(path)) throw new ConfigUnreadableError(named ?? path, new Error('it does not exist'))
  return kind !== 'none' || existsSync(join(root, 'migrations/versions')) ? root : undefined
}

function configPlace(cwd: string, named: string | undefined): ConfigPlace | undefined {
  try {
    return findConfig(cwd, named)
  } catch (error) {
    if (error instanceof MigError && error.code === 'CONFIG_NOT_FOUND') return undefined
    throw error
  }
}

async function readAgentsFile(folder: string, file: string): Promise<string | undefined> {
  const stats = lstatSync(join(folder, 'AGENTS.md'), {throwIfNoEntry: false})
  if (stats === undefined) return undefined
  if (stats.isSymbolicLink())
    throw new AgentsFileError(
      file,
      'is a symbolic link',
      'Replace the link with a file, then run the same command again.',
    )
  const [text] = await new DiskTree(folder).read(['AGENTS.md'])
  return text
}

/** Returns a text with the section in place of the previous one, or after the text. */
function withSection(before: string, section: string, file: string): string {
  const newline = before.includes('\r\n') ? '\r\n' : '\n'
  const added = section.replaceAll('\n', newline)
  const [first, last] = [begin, end].map((marker) => [...before.matchAll(new RegExp(`^${marker}(?=\r?$)`, 'gm'))])
  const [from] = first ?? []
  const [to] = last ?? []
  if (from === undefined && to === undefined) {
    const isEnded = before === '' || before.endsWith('\n')
    return `${before}${isEnded ? '' : newline}${before === '' ? '' : newline}${added}${newline}`
  }
  const isPair = first?.length === 1 && last?.length === 1
  if (!isPair || from === undefined || to === undefined || from.index > to.index)
    throw new AgentsFileError(
      file,
      `does not have one ${begin} and one ${end} after it`,
      'Correct the two lines, or delete them, then run the same command again.',
    )
  return `${before.slice(0, from.index)}${added}${before.slice(to.index + end.length)}`
}

function sectionFor(mig: string): string {
  return `${begin}
## Database migrations

mig (npm package \`migdag\`) runs revisions: files with an \`upgrade\` and a \`downgrade\`. They form a graph, which branches and
merges like git.

- \`${mig} status --json\`: the state of git, the files and the database, and the next command
- \`${mig} revision -m "add email to users"\`: create a revision to edit; \`--autogenerate\` fills it in from MikroORM entities
- \`${mig} upgrade --dry-run --json\`: the plan with its SQL; without \`--dry-run\`, apply it
- \`${mig} merge heads -m "join both branches"\`: join several heads
- \`${mig} check --json\`: check the files, the number of heads and the entities

Rules:

- Never edit, rename or delete a revision that has been applied anywhere. Create another one.
- Use \`--json\`, and read the exit status. An error is \`{"error": {"code", "message", "hint", "data"}}\`.
- Read \`node_modules/migdag/docs/scripts.md\` first, and \`node_modules/migdag/docs/README.md\` for all pages.
${end}`
}
