import {expect} from 'chai'
import type {ErrorCode} from '../../src/errors.ts'
import {mig, run} from '../support/cli.ts'
import type {CliResult} from '../support/cli.ts'
import {createDatabase, databaseKinds, newName, onServer, runOn, serverOf} from '../support/databases.ts'
import type {DatabaseKind, TestDatabase} from '../support/databases.ts'
import {gitEnvironment, GitFolder, withoutChance} from '../support/git.ts'

/** A way to follow a hint. */
interface Way {
  /** The command line, if the hint says only a part of it. */
  readonly run?: string
  /** Edits that the hint asks for before the command. */
  readonly prepare?: (project: Project) => unknown
  /** Whether the command that failed succeeds after this. */
  readonly cures?: boolean
  /** The exit status; 0 by default. */
  readonly status?: number
}

/** A situation in which a command prints a hint. */
export interface Situation {
  readonly name: string
  /** The code of the error or finding. */
  readonly code: ErrorCode | 'USAGE' | (string & {})
  /** The database of the project; SQLite by default. */
  readonly kind?: DatabaseKind
  readonly arrange: (project: Project) => unknown
  /** The command that prints the hint. */
  readonly args: string
  /** Whether the command has no `--json`. */
  readonly isPlain?: boolean
  /** The hint as printed; what differs from run to run is as in `withoutChance`. */
  readonly hint: string
  /** Ways to follow the hint, by the words of the hint. Commands and flags in backquotes are followed even without an entry. */
  readonly ways?: Readonly<Record<string, Way>>
}

/** A project with a database, in a folder that may be a git repository. */
export class Project {
  readonly repository = new GitFolder()
  readonly database: TestDatabase
  readonly #atEnd: (() => unknown)[] = []

  constructor(database: TestDatabase) {
    this.database = database
  }

  /** Writes a configuration and a graph of revisions. */
  graph(dag: string, config: object = {}, body?: Parameters<GitFolder['folder']['writeGraph']>[1]): void {
    this.repository.folder.writeGraph(dag, body)
    this.configure(config)
  }

  configure(config: object): void {
    this.write({'mig.config.js': `export default ${JSON.stringify({orm: this.database.url, ...config})}\n`})
  }

  /** Configures a database that does not exist. */
  async useMissing(kind: 'postgresql', config: object = {}): Promise<void> {
    const server = await serverOf(kind)
    const name = newName()
    this.configure({orm: onServer(server, name), ...config})
    this.atEnd(async () => runOn(server, `drop database if exists ${name} with (force)`))
  }

  write(files: Readonly<Record<string, string>>): void {
    this.repository.write(files)
  }

  /** Writes a revision as SQL. */
  sql(id: string, revises: string, upgrade: string, header = ''): void {
    const text = `-- revision: ${id}\n-- revises: ${revises}\n${header}\n-- upgrade\n${upgrade}\n\n-- downgrade\nselect 1;\n`
    this.write({[`migrations/versions/${id}.sql`]: text})
  }

  /** Makes the folder a repository, with everything committed on `main`. */
  git(): void {
    this.repository.git('init', '-q')
    this.repository.commit()
  }

  /** Runs mig, which must succeed. */
  async mig(line: string): Promise<void> {
    const {status, stdout, stderr} = await this.run(line)
    expect(status, `mig ${line}\n${stdout}${stderr}`).to.equal(0)
  }

  async run(line: string): Promise<CliResult> {
    return mig(wordsOf(line), this.#options)
  }

  /** Runs a command line that begins with `mig` or another program. */
  async shell(line: string): Promise<CliResult> {
    const [program = '', ...args] = wordsOf(line)
    return program === 'mig' ? mig(args, this.#options) : run(program, args, this.#options)
  }

  atEnd(work: () => unknown): void {
    this.#atEnd.push(work)
  }

  async end(): Promise<void> {
    for (const work of this.#atEnd) await work()
    await this.database.drop()
  }

  get #options(): {readonly cwd: string; readonly env: Readonly<Record<string, string | undefined>>} {
    return {cwd: this.repository.path, env: gitEnvironment}
  }
}

/** Tests that each way to follow the hints of these situations works. */
export function testHints(situations: readonly Situation[]): void {
  for (const situation of situations.filter(({kind = 'sqlite'}) => databaseKinds.includes(kind)))
    describe(`${situation.code}: ${situation.name}`, () => {
      for (const [words, way] of waysOf(situation)) it(words, async () => follow(situation, words, way))
    })
}

async function follow(situation: Situation, words: string, way: Way): Promise<void> {
  const project = new Project(await createDatabase(situation.kind ?? 'sqlite'))
  try {
    await situation.arrange(project)
    const before = await printedBy(project, situation)
    expect(before).to.deep.include({code: situation.code, hint: situation.hint})
    await way.prepare?.(project)
    const line = way.run ?? lineOf(words, situation.args)
    const {status, stdout, stderr} = await project.shell(line)
    expect(status, `${line}\n${stdout}${stderr}`).to.equal(way.status ?? 0)
    if (way.cures !== true) return
    const again = await project.run(situation.args)
    expect(again.status, `mig ${situation.args}\n${again.stdout}${again.stderr}`).to.equal(0)
  } finally {
    await project.end()
  }
}

/** Returns the ways to follow a hint: those in backquotes, and those that the situation names. */
function waysOf({hint, ways = {}}: Situation): readonly (readonly [string, Way])[] {
  for (const words of Object.keys(ways)) expect(hint).to.contain(words)
  const quoted = [...hint.matchAll(/`((?:mig|git|--\w|-\w )[^`]*)`/g)].map(([, words = '']) => words)
  const all = new Set([...quoted, ...Object.keys(ways)])
  return [...all].map((words) => [words, ways[words] ?? {}])
}

/** Returns the command line for the words of a hint: a command, or a flag of the one that failed. */
function lineOf(words: string, args: string): string {
  return words.startsWith('-') ? `mig ${args} ${words}` : words
}

/** Splits a command line at spaces, except in quotes. */
function wordsOf(line: string): readonly string[] {
  return (line.match(/"[^"]*"|'[^']*'|\S+/g) ?? []).map((word) => word.replaceAll(/["']/g, ''))
}

interface Printed {
  readonly code: string
  readonly hint: string | undefined
}

/** Runs the command of a situation, and returns its first error or finding with that code. */
async function printedBy(project: Project, {args, code, isPlain = false}: Situation): Promise<Printed> {
  const {stdout, stderr} = await project.run(isPlain ? args : `${args} --json`)
  const normal = (text: string): string =>
    withoutChance(text.replaceAll(project.database.url, 'DATABASE'), project.repository)
  if (isPlain) return {code, hint: /^hint: (.*)$/m.exec(normal(stdout + stderr))?.[1]}
  const found = findingsIn(JSON.parse(stdout)).find((one) => one.code === code)
  expect(found, `${stdout}${stderr}`).to.not.equal(undefined)
  return {code, hint: normal(found?.hint ?? '')}
}

/** Returns all errors and findings in the output of a command. */
function findingsIn(value: unknown): readonly Printed[] {
  if (typeof value !== 'object' || value === null) return []
  const own = 'code' in value && typeof value.code === 'string' ? [value as Printed] : []
  return [...own, ...Object.values(value).flatMap(findingsIn)]
}
