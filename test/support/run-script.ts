import {spawn, spawnSync} from 'node:child_process'
import {dialects} from '../../src/dialects/dialects.ts'
import type {Bench} from './contract.ts'
import {noteMissing} from './requirements.ts'

type Client = 'psql' | 'sqlite3' | 'mariadb' | 'mysql'

interface ScriptResult {
  readonly status: number
  readonly output: string
}

/**
 * Runs a script as a user does, with the command-line client of the database; where that is not installed, or there is
 * none, statement by statement.
 */
export async function runScript(on: Bench, script: string): Promise<ScriptResult> {
  const client = clientOf(on)
  if (client === undefined) return runByStatement(on, script)
  const [program, ...args] = client
  if (!isInstalled(program)) {
    noteMissing(`${program}-client`, `${program} is not installed; scripts are run statement by statement`)
    return runByStatement(on, script)
  }
  const child = spawn(program, args, {env: {...process.env, PGOPTIONS: '-c client_min_messages=warning'}})
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stdin.end(script)
  const status = await new Promise<number>((done) => child.on('close', (code) => done(code ?? -1)))
  return {status, output}
}

/** MariaDB's client is called `mysql`, too. */
function isInstalled(program: Client): boolean {
  const {status, stdout} = spawnSync(program, ['--version'], {encoding: 'utf8'})
  return status === 0 && (program !== 'mysql' || !stdout.includes('MariaDB'))
}

function clientOf({kind, database}: Bench): readonly [Client, ...string[]] | undefined {
  switch (kind) {
    case 'postgresql':
      return ['psql', '-q', '-X', database.url]
    case 'mariadb':
    case 'mysql': {
      const {hostname, port, username, password, pathname} = new URL(database.url)
      const secret = password === '' ? [] : [`-p${decodeURIComponent(password)}`]
      return [kind, '-h', hostname, '-P', port || '3306', '-u', username, ...secret, pathname.slice(1)]
    }
    case 'sqlite':
      return ['sqlite3', database.url.replace('sqlite:', '')]
    case 'pglite':
      return undefined
  }
}

async function runByStatement({kind, database}: Bench, script: string): Promise<ScriptResult> {
  const dialect = kind === 'pglite' ? 'postgresql' : kind
  const text = script.replaceAll(/^(?:\.bail on|\\set .*)$/gm, '')
  const statements = await dialects[dialect].split(text, true)
  try {
    await database.query(...statements.map(({sql}) => sql))
    return {status: 0, output: ''}
  } catch (error) {
    return {status: 1, output: String(error)}
  }
}
