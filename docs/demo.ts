/** `npm run demo` tells the story of the README on the embedded database, with the real command line and real git. */
import {spawnSync} from 'node:child_process'
import {chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join, resolve} from 'node:path'

const program = resolve(import.meta.dirname, '../bin/mig.js')
const folder = mkdtempSync(join(tmpdir(), 'mig-demo-'))

const say = (text: string): void => void process.stdout.write(`${text}\n`)

/** Somebody with a clone of the project. */
class Person {
  readonly name: string
  readonly path: string

  constructor(name: string) {
    this.name = name
    this.path = join(folder, name.toLowerCase())
    mkdirSync(this.path, {recursive: true})
  }

  /** Runs a command as a user would type it. */
  mig(...args: readonly string[]): void {
    this.#run('mig', process.execPath, [program], args)
  }

  git(...args: readonly string[]): void {
    this.#run('git', 'git', ['-c', 'pull.rebase=false', '-c', 'advice.detachedHead=false'], args)
  }

  /** Runs git without showing it. */
  quietly(...args: readonly string[]): void {
    const {status, stderr} = spawnSync('git', args, {cwd: this.path, env: this.#environment()})
    if (status !== 0) throw new Error(`git ${args.join(' ')} ended with status ${status}: ${stderr.toString()}`)
  }

  /** Puts mig where its hooks look for it, as `npm install` does. */
  install(): void {
    const file = join(this.path, 'node_modules/.bin/mig')
    mkdirSync(join(this.path, 'node_modules/.bin'), {recursive: true})
    writeFileSync(file, `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`)
    chmodSync(file, 0o755)
  }

  /** Fills in the functions of a revision that was just written. */
  write(slug: string, upgrade: string, downgrade: string): void {
    const file = join(this.path, 'migrations/versions', this.fileOf(slug))
    const text = readFileSync(file, 'utf8')
      .replace('upgrade(op: Operations) {}', `upgrade(op: Operations) {\n  op.execute(\`${upgrade}\`)\n}`)
      .replace(
        /\/\/ Without.*/s,
        `export async function downgrade(op: Operations) {\n  op.execute(\`${downgrade}\`)\n}\n`,
      )
    writeFileSync(file, text)
    say(`  (its upgrade: ${upgrade})`)
  }

  fileOf(slug: string): string {
    return readdirSync(join(this.path, 'migrations/versions')).find((name) => name.endsWith(`_${slug}.ts`)) ?? ''
  }

  #run(shown: string, command: string, before: readonly string[], args: readonly string[]): void {
    say(`\n${this.name.toLowerCase()}$ ${shown} ${args.map((arg) => (/[\s"]/.test(arg) ? `"${arg}"` : arg)).join(' ')}`)
    const options = {cwd: this.path, env: this.#environment(), stdio: 'inherit'} as const
    const {status} = spawnSync(command, [...before, ...args], options)
    if (status !== 0) throw new Error(`${shown} ${args.join(' ')} ended with status ${status}`)
  }

  #environment(): NodeJS.ProcessEnv {
    const email = `${this.name.toLowerCase()}@example.org`
    const author = {GIT_AUTHOR_NAME: this.name, GIT_AUTHOR_EMAIL: email}
    return {
      ...process.env,
      ...author,
      GIT_COMMITTER_NAME: this.name,
      GIT_COMMITTER_EMAIL: email,
      GIT_MERGE_AUTOEDIT: 'no',
    }
  }
}

try {
  say('mig in two clones of a new project, on an embedded PostgreSQL')
  const ana = new Person('Ana')
  ana.quietly('init', '-q', '-b', 'main')
  writeFileSync(join(ana.path, '.gitignore'), 'node_modules\n')
  ana.install()
  ana.mig('init', '--quiet')
  ana.mig('revision', '-m', 'create users')
  ana.write('create_users', 'create table users (id serial primary key, name text not null)', 'drop table users')
  ana.mig('upgrade')
  ana.quietly('add', '-A')
  ana.quietly('commit', '-q', '-m', 'create users')
  ana.mig('hooks', 'install', '--quiet')

  say('\nTwo people continue from there, each in a clone and with a revision of their own.')
  const ben = new Person('Ben')
  ben.quietly('clone', '-q', ana.path, '.')
  ben.mig('branch', 'billing', '-m', 'create invoices')
  ben.write('create_invoices', 'create table invoices (id serial primary key, total numeric)', 'drop table invoices')
  ben.quietly('add', '-A')
  ben.quietly('commit', '-q', '-m', 'create invoices')
  ana.mig('revision', '-m', 'add email to users')
  ana.write('add_email_to_users', 'alter table users add column email text', 'alter table users drop column email')
  ana.quietly('add', '-A')
  ana.quietly('commit', '-q', '-m', 'add email to users')
  ana.mig('upgrade')

  say('\nAna pulls. git finds no conflict; the hook reports what the merge means for the database.')
  ana.git('pull', '-q', ben.path, 'main')

  say('\nShe merges the heads and upgrades her database.')
  ana.mig('merge', 'heads', '-m', 'join billing')
  ana.mig('upgrade')
  ana.mig('history', '--graph', '-i')
  ana.quietly('add', '-A')
  ana.quietly('commit', '-q', '-m', 'join billing')
  ana.mig('check', 'heads', '--onto', 'HEAD~1')

  say('\nOne branch can also be reverted, down to its branch point.')
  const [first = ''] = ana.fileOf('create_users').split('_')
  ana.mig('downgrade', `billing@${first}`)
  ana.mig('status')
} finally {
  rmSync(folder, {recursive: true, force: true})
  say(`\nThe clones in ${folder} were removed.`)
}
