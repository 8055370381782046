import {expect} from 'chai'
import {mig} from '../support/cli.ts'
import type {CliResult} from '../support/cli.ts'
import {Folder} from '../support/folder.ts'
import {GitFolder, withoutChance} from '../support/git.ts'
import {expectGolden} from '../support/golden.ts'

const revision = (id: string, downRevision: string | null, message: string, body: string): Record<string, string> => ({
  [`migrations/versions/${id}.ts`]: `/** ${message} */
export const revision = '${id}'
export const downRevision = ${JSON.stringify(downRevision)}
export function upgrade(op) {
  ${body}
}
`,
})

const first = revision(
  'aaaa',
  null,
  'create people',
  `op.createTable('people', (t) => ({name: t.text(), note: t.text()}))`,
)
const second = revision(
  'bbbb',
  'aaaa',
  'drop notes',
  `op.dropColumn('people', 'note'); op.execute('do $$ begin end $$')`,
)
const third = revision('cccc', 'bbbb', 'add ages', `op.addColumn('people', 'age', (t) => t.integer())`)
const config = {'mig.config.js': 'export default {}\n'}

function transcript(command: string, {stdout, stderr, status}: CliResult): string {
  return `$ mig ${command}\n${stdout}${stderr === '' ? '' : `--- stderr\n${stderr}`}--- status ${status}\n`
}

describe('mig blame, log', () => {
  let repository: GitFolder
  before(() => {
    repository = GitFolder.init().write({...config, ...first})
    repository.commit()
    repository.git('switch', '-q', '-c', 'work')
    repository.write(second).commit()
    repository.write(third)
  })

  const transcripts = [
    'blame people',
    'blame people.note',
    'blame people --at main',
    'blame people.note --json',
    'blame peple',
    'blame peple --json',
    'blame people.ages',
    'blame people.ages --json',
    'blame unheard_of',
    'blame',
    'log people',
    'log people --at main --json',
    'log peple',
    'log people.note',
    'log',
  ]
  for (const command of transcripts)
    it(command, async () => {
      const result = await repository.mig(command)
      const name = command.replaceAll(/[^a-z0-9_]+/g, '-')
      expectGolden(`commands/${name}.txt`, withoutChance(transcript(command, result)))
    })

  it('say that authors are not known without git', async () => {
    const {path} = new Folder().write({...config, ...first})
    const {stdout, stderr, status} = await mig('blame people.name', {cwd: path})
    expect([stdout, status]).to.deep.equal(['column  name  created  aaaa  create people\n', 0])
    expect(stderr).to.equal('Authors are not known: it is not in a git repository.\n')
  })

  it('name the last commit that added a file, in every kind of repository', async () => {
    const moved = GitFolder.init().write({...config, ...first})
    moved.commit()
    moved.remove('migrations/versions/aaaa.ts').commit()
    moved.write(first)
    moved.git('add', '-A')
    moved.git('commit', '-q', '-m', 'again', '--author', 'Ben <ben@example.org>')
    moved.write({'other.txt': ''}).commit()
    moved.git('worktree', 'add', '-q', 'linked')
    for (const cwd of ['.', 'linked']) {
      const {stdout} = await mig(['blame', 'people.name'], {cwd: `${moved.path}/${cwd}`})
      expect(stdout).to.match(/^column {2}name {2}created {2}aaaa {2}Ben {2}/)
    }
  })

  it('do not load MikroORM', async () => {
    const {stderr, status} = await repository.mig('blame people', {env: {NODE_DEBUG: 'module,esm'}})
    expect(status).to.equal(0)
    expect(stderr).to.not.contain('@mikro-orm')
  })
})
