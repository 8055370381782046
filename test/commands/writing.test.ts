import {chmodSync, mkdirSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {mig, run} from '../support/cli.ts'
import type {CliResult} from '../support/cli.ts'
import {Folder} from '../support/folder.ts'

/** A project that `mig init` wrote. */
async function initialised(args = ''): Promise<Folder> {
  const folder = new Folder().write({'package.json': '{"type": "module"}'})
  await mig(`init ${args}`, {cwd: folder.path})
  return folder
}

const written = ({stdout}: CliResult): string => stdout.trim().replace(/^wrote /, '')

describe('mig revision, branch, merge', () => {
  it('tells the everyday story: branch, revision, revision, merge', async () => {
    const {path: cwd} = await initialised()
    await mig(['revision', '-m', 'create users', '--rev-id', 'aaaa'], {cwd})
    await mig('branch feature_x --rev-id bbbb', {cwd})
    await mig(['revision', '-m', 'Add feature X', '--branch', 'feature_x', '--rev-id', 'cccc'], {cwd})
    await mig('revision -m hotfix --head aaaa --splice --rev-id dddd', {cwd})
    const merged = await mig(['merge', 'feature_x', '-m', 'Merge feature X', '--rev-id', 'eeee', '--json'], {cwd})
    expect((JSON.parse(merged.stdout) as {revision: object}).revision).to.deep.include({
      revision: 'eeee',
      downRevisions: ['dddd', 'cccc'],
      message: 'Merge feature X',
      branchLabels: ['feature_x'],
      file: 'migrations/versions/eeee_merge_feature_x.ts',
      isHead: true,
      isMergePoint: true,
    })
    const {stdout} = await mig('history', {cwd})
    expect(stdout).to.equal(`dddd, cccc -> eeee (feature_x) (head) (merge point), Merge feature X
bbbb -> cccc (feature_x), Add feature X
aaaa -> bbbb (feature_x), start branch feature_x
aaaa -> dddd, hotfix
base -> aaaa (branch point), create users
`)
  })

  it('merges all heads', async () => {
    const {path: cwd} = new Folder().writeGraph('aaaa <- bbbb; aaaa <- cccc; aaaa <- dddd')
    const {stdout} = await mig('merge heads -m all --rev-id eeee', {cwd})
    expect(stdout).to.equal('wrote migrations/versions/eeee_all.ts\n')
    expect((await mig('heads', {cwd})).stdout).to.equal('eeee (head) (merge point), all\n')
    const again = await mig('merge heads -m all', {cwd})
    expect([again.status, again.stderr.split('\n')[0]]).to.deep.equal([
      1,
      'error: There is nothing to merge: eeee is the only head.',
    ])
  })

  it('writes labels and dependencies, and starts an independent branch', async () => {
    const folder = new Folder().writeGraph('aaaa0000 <- bbbb0000{core}')
    const {path: cwd} = folder
    const args = 'revision -m x --head base --branch-label one --branch-label two --depends-on core --depends-on aaaa'
    const file = written(await mig(`${args} --rev-id cccc`, {cwd}))
    expect(folder.read(file)).to.contain(
      "downRevision = null\nexport const branchLabels = ['one', 'two']\nexport const dependsOn = ['core', 'aaaa0000']",
    )
    expect(written(await mig('branch billing --from base --rev-id dddd', {cwd}))).to.contain('start_branch_billing')
  })

  for (const template of ['generic', 'javascript', 'multi-database'])
    it(`writes no empty downgrade, which would revert nothing: ${template}`, async () => {
      const folder = await initialised(`-t ${template}`)
      const text = folder.read(written(await mig('revision -m x', {cwd: folder.path})))
      expect(text)
        .to.match(/^export async function upgrade/m)
        .and.not.match(/^export async function downgrade/m)
      expect(text).to.match(
        /\n\n\/\/ Without a downgrade, .*\n\/\/ export async function downgrade(?:Main)?\(op.*\) \{\}\n$/,
      )
    })

  it('writes SQL where the project does', async () => {
    const folder = await initialised('-t sql')
    const file = written(await mig(['revision', '-m', 'add users', '--rev-id', 'aaaa'], {cwd: folder.path}))
    expect(file).to.equal('migrations/versions/aaaa_add_users.sql')
    expect(folder.read(file)).to.match(
      /^-- add users\n--\n-- revision: aaaa\n-- revises: base\n-- create date: .*\n\n-- upgrade\n\n-- downgrade\n$/,
    )
  })

  it('runs hooks on the new file, and keeps it when one fails', async () => {
    const folder = new Folder().writeGraph('aaaa')
    folder.write({
      'mig.config.js': `export default {postWriteHooks: [{command: ['sh', '-c', 'echo "// formatted" >> "$0"', '{file}']}]}`,
    })
    const file = written(await mig('revision -m x', {cwd: folder.path}))
    expect(folder.read(file)).to.match(/\/\/ formatted\n$/)
    folder.write({'mig.config.js': `export default {postWriteHooks: [{command: ['false']}]}`})
    const {stderr, status} = await mig('revision -m y --rev-id cccc', {cwd: folder.path})
    expect(status).to.equal(1)
    expect(stderr).to.contain('cccc_y.ts was written, but the hook false failed on it: it exited with status 1.')
    expect(folder.list('migrations/versions')).to.contain('migrations/versions/cccc_y.ts')
  })

  const refused: {args: string; status: number; stderr: string}[] = [
    {
      args: 'revision -m x',
      status: 1,
      stderr:
        'error: A new revision has a single parent, but head refers to bbbb and cccc.\nhint: Choose one (`--head left@head` or `--head cccc`), or join them first with `mig merge bbbb cccc`.\n',
    },
    {
      args: 'revision -m x --head aaaa',
      status: 1,
      stderr: 'error: Revision aaaa is not a head: it already has the children bbbb and cccc.\nhint: Use `--splice`',
    },
    {
      args: 'revision -m x --head heads',
      status: 1,
      stderr: 'error: A new revision has a single parent, but heads refers to bbbb and cccc.',
    },
    {args: 'revision -m x --branch nope', status: 1, stderr: 'error: Unknown branch nope'},
    {
      args: 'revision -m x --head cccc --rev-id bbbb',
      status: 1,
      stderr: 'error: Revision bbbb already exists.\nhint: Choose another name.\n',
    },
    {args: 'revision -m x --head cccc --rev-id head', status: 2, stderr: 'error: Invalid revision id "head"'},
    {
      args: 'revision -m x --head cccc --branch-label left',
      status: 1,
      stderr: 'error: Branch label left is already used by revision bbbb.',
    },
    {
      args: 'revision -m x --head cccc --version-path nope',
      status: 2,
      stderr: 'error: nope is not a version location.',
    },
    {
      args: 'revision -m x --head cccc --depends-on nope',
      status: 1,
      stderr: 'error: Unknown revision or branch label: nope.',
    },
    {args: 'merge aaaa bbbb', status: 1, stderr: 'error: aaaa is an ancestor of bbbb; there is nothing to merge.'},
    {args: 'merge', status: 2, stderr: 'error: `mig merge` needs TARGETS: heads,'},
    {
      args: 'branch right',
      status: 1,
      stderr:
        'error: A new revision has a single parent, but head refers to bbbb and cccc.\nhint: Choose one (`--from left@head` or `--from cccc`)',
    },
    {args: 'branch left --from cccc', status: 1, stderr: 'error: Branch label left is already used by revision bbbb.'},
    {args: 'branch bbbb --from cccc', status: 1, stderr: 'error: Branch label bbbb is the id of a revision.'},
  ]
  for (const c of refused)
    it(`refuses: mig ${c.args}`, async () => {
      const folder = new Folder().writeGraph('aaaa <- bbbb{left}; aaaa <- cccc')
      const {stderr, status, stdout} = await mig(c.args, {cwd: folder.path})
      expect([status, stdout]).to.deep.equal([c.status, ''])
      expect(stderr).to.contain(c.stderr)
      expect(folder.list('migrations/versions')).to.have.length(3)
    })

  it('says when it may not write, and leaves nothing half written', async () => {
    const folder = new Folder().writeGraph('aaaa')
    const versions = join(folder.path, 'migrations/versions')
    chmodSync(folder.path, 0o755)
    chmodSync(versions, 0o555)
    // Root may write anywhere: mig then runs as somebody who may not.
    const user = process.getuid?.() === 0 ? {command: 'setpriv', args: ['--reuid=65534', '--clear-groups']} : undefined
    const args = [...(user?.args ?? []), process.execPath, join(process.cwd(), 'bin/mig.js'), 'revision', '-m', 'x']
    const [command = '', ...rest] = user ? [user.command, ...args] : args
    const {stderr, status} = await run(command, rest, {cwd: folder.path})
    chmodSync(versions, 0o755)
    expect(status).to.equal(1)
    expect(stderr).to.match(/^error: migrations\/versions\/\w+_x\.ts cannot be written: permission denied\.\n/)
    expect(folder.list('migrations/versions')).to.deep.equal(['migrations/versions/aaaa.ts'])
  })

  it('says when the disk is full, and leaves nothing half written', async () => {
    const folder = new Folder().writeGraph('aaaa')
    mkdirSync(join(folder.path, 'cache'))
    // A limit on the size of files stops a write half way, as a full disk does.
    const script = `ulimit -f 1; trap '' XFSZ; exec "$0" "$1" revision -m "${'long '.repeat(500)}"`
    const {stderr, status} = await run('bash', ['-c', script, process.execPath, join(process.cwd(), 'bin/mig.js')], {
      cwd: folder.path,
      env: {NODE_COMPILE_CACHE: join(folder.path, 'cache')},
    })
    expect(status).to.equal(1)
    expect(stderr).to.match(/cannot be written: (?:the file would be too large|no space left on the device)\./)
    expect(folder.list('migrations/versions')).to.deep.equal(['migrations/versions/aaaa.ts'])
  })
})

describe('mig edit', () => {
  it('opens the file in the editor', async () => {
    const folder = new Folder().writeGraph('aaaa <- bbbb')
    await mig('edit head', {cwd: folder.path, env: {VISUAL: '', EDITOR: 'sed -i s/bbbb/edited/'}})
    expect(folder.read('migrations/versions/bbbb.ts')).to.contain('edited')
  })

  it('says that there is no editor, or that it failed', async () => {
    const {path: cwd} = new Folder().writeGraph('aaaa')
    const none = await mig('edit head', {cwd, env: {VISUAL: '', EDITOR: ''}})
    expect(none.stderr).to.contain('neither VISUAL nor EDITOR is set')
    const failing = await mig('edit head', {cwd, env: {VISUAL: 'no-such-editor'}})
    expect([failing.status, failing.stderr]).to.deep.equal([
      1,
      'error: The editor no-such-editor failed: spawn no-such-editor ENOENT.\nhint: Set VISUAL or EDITOR to the command of your editor.\n',
    ])
  })
})
