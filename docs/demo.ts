/** `npm run demo` tells the story of the README on the embedded database, with the real command line. */
import {spawnSync} from 'node:child_process'
import {mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join, resolve} from 'node:path'

const program = resolve(import.meta.dirname, '../bin/mig.js')
const folder = mkdtempSync(join(tmpdir(), 'mig-demo-'))
const versions = join(folder, 'migrations/versions')

const say = (text: string): void => void process.stdout.write(`${text}\n`)

/** Runs a command as a user would type it. */
function mig(...args: readonly string[]): void {
  say(`\n$ mig ${args.map((arg) => (/[\s"]/.test(arg) ? `"${arg}"` : arg)).join(' ')}`)
  const {status} = spawnSync(process.execPath, [program, ...args], {cwd: folder, stdio: 'inherit'})
  if (status !== 0) throw new Error(`mig ${args.join(' ')} ended with status ${status}`)
}

/** Fills in the functions of a revision that was just written. */
function write(slug: string, upgrade: string, downgrade: string): void {
  const file = readdirSync(versions).find((name) => name.endsWith(`_${slug}.ts`)) ?? ''
  const text = readFileSync(join(versions, file), 'utf8')
    .replace('upgrade(op: Operations) {}', `upgrade(op: Operations) {\n  op.execute(\`${upgrade}\`)\n}`)
    .replace('downgrade(op: Operations) {}', `downgrade(op: Operations) {\n  op.execute(\`${downgrade}\`)\n}`)
  writeFileSync(join(versions, file), text)
  say(`  (its upgrade: ${upgrade})`)
}

try {
  say(`mig in ${folder}, on an embedded PostgreSQL`)
  mig('init', '--quiet')
  mig('revision', '-m', 'create users')
  write('create_users', 'create table users (id serial primary key, name text not null)', 'drop table users')
  mig('upgrade')

  say('\nTwo people go on from there, each on a branch of their own.')
  mig('branch', 'billing', '-m', 'create invoices')
  write('create_invoices', 'create table invoices (id serial primary key, total numeric)', 'drop table invoices')
  const first =
    readdirSync(versions)
      .find((name) => name.endsWith('_create_users.ts'))
      ?.split('_')[0] ?? ''
  mig('revision', '-m', 'add email to users', '--head', first, '--splice')
  write('add_email_to_users', 'alter table users add column email text', 'alter table users drop column email')
  mig('heads')
  mig('upgrade', 'heads')

  say('\nThe branches are joined, and the database follows.')
  mig('merge', 'heads', '-m', 'join billing')
  mig('upgrade')
  mig('history', '--graph', '-i')

  say('\nAnd one side can be taken back, down to where it left the line.')
  mig('downgrade', `billing@${first}`)
  mig('current')
} finally {
  rmSync(folder, {recursive: true, force: true})
}
