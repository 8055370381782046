import {spawnSync} from 'node:child_process'
import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {revisionText} from '../support/folder.ts'
import {GitFolder} from '../support/git.ts'
import {activeText, passive, tokensIn, unsafe} from '../support/untrusted.ts'

const evil =
  'x\u{1B}]0;pwned\u{7}\u{202E} | "<img src=x>" [a](https://x.org) @org/team #1 ::error::x `$(touch pwned)` ##[error]x'
const name = '\u{1B}[31m|`$(touch pwned)`@org\u{202E}'
const branch = 'x;touch${IFS}pwned;\u{202E}#1|`id`'

/** Returns a file whose text is named in every way, after `main`'s revision a. */
function evilRevision(id: string): string {
  return revisionText(
    {id, downRevisions: ['aaaa'], branchLabels: [`l-${id};touch pwned @org`], dependsOn: []},
    `export function upgrade(op) {\n  op.execute('create table ${id} (n integer)')\n}\n`,
  ).replace(`/** revision ${id} */`, `/** ${evil.replaceAll('*/', '')} */`)
}

describe('untrusted text in a repository', () => {
  let repo: GitFolder

  before(() => {
    repo = GitFolder.init().write({
      'mig.config.js': `export default {orm: 'sqlite:' + import.meta.dirname + '/test.db'}\n`,
      '.gitignore': 'test.db\n',
    })
    repo.revisions('aaaa').commit()
    repo.git('switch', '-q', '-c', branch)
    repo.write({[`migrations/versions/bbbb_${name}.ts`]: evilRevision('bbbb')})
    repo.git('add', '-A')
    repo.git('commit', '-q', '-m', evil, '--author', `${name} <a@x.org>`)
    repo.git('switch', '-q', 'main')
    repo.write({[`migrations/versions/cccc_${name}.ts`]: evilRevision('cccc')})
    repo.git('add', '-A')
    repo.git('commit', '-q', '-m', evil, '--author', `${name} <a@x.org>`)
    repo.git('switch', '-q', branch)
    repo.git('branch', '-q', '--set-upstream-to=main')
  })

  const onto = ['check', 'heads', '--onto', 'main']
  const commands: Readonly<Record<string, readonly string[]>> = {
    'check heads': onto,
    'check heads with many refs': ['check', 'heads', '--onto', 'main', '--refs', 'refs/heads/*'],
    'check heads for GitHub': [...onto, '--format', 'github'],
    'check heads as SARIF': [...onto, '--format', 'sarif'],
    'check heads as JSON': [...onto, '--json'],
    'heads of another branch': ['heads', '--at', branch, '-v'],
    history: ['history', '--graph', '-v'],
    heads: ['heads', '-v'],
    'an unknown revision': ['show', 'cccc'],
    'an unknown commit': ['heads', '--at', `${branch}x`],
  }
  for (const [title, command] of Object.entries(commands))
    it(`is visible in ${title}`, async () => {
      const {stdout, stderr} = await repo.mig(command)
      expect(`${stdout}${stderr}`).to.not.match(unsafe)
      expect(`${stdout}${stderr}`).to.not.match(/##\w*\[/)
      const ownCommands = title.endsWith('GitHub') ? /^::(?:error|warning|notice) [^\n]*$/gm : /^$/g
      expect(`${stdout}${stderr}`.replaceAll(ownCommands, '')).to.not.match(/^\s*::/m)
      expect(`${stdout}${stderr}`).to.match(/x1b|u202e|%1b|u001b/i)
    })

  for (const [title, command] of Object.entries({
    'one ref': onto,
    'many refs': ['check', 'heads', '--onto', 'main', '--refs', 'refs/heads/*'],
  }))
    it(`is words and code in Markdown, for ${title}`, async () => {
      const {stdout} = await repo.mig([...command, '--format', 'markdown'])
      const tokens = tokensIn(stdout)
      expect(new Set(tokens.map(({type}) => type)).difference(passive), stdout).to.deep.equal(new Set())
      const words = tokens.filter((token) => token.type === 'text' && !('tokens' in token)).map(({raw}) => raw)
      expect(words.join('')).to.not.match(activeText)
      expect(stdout).to.not.match(unsafe)
    })

  it('is quoted in the next step, which does only what it says', async () => {
    repo.git('switch', '-q', '-c', 'other', 'main')
    repo.git('branch', '-q', `--set-upstream-to=${branch}`)
    await repo.mig('upgrade')
    const {stdout} = await repo.mig('status')
    expect(stdout).to.not.match(unsafe)
    const command = /next: +(?<command>.*)/.exec(stdout)?.groups?.['command'] ?? ''
    expect(command).to.match(/^git merge \$'x;touch/)
    const {stdout: id} = spawnSync('bash', ['-c', command.replace('merge', 'rev-parse')], {cwd: repo.path})
    expect(id.toString().trim()).to.equal(repo.id(branch))
    expect(existsSync(join(repo.path, 'pwned'))).to.equal(false)
  })
})
