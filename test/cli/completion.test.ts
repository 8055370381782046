import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {mig, run} from '../support/cli.ts'
import {Folder, revisionText} from '../support/folder.ts'

describe('completion', () => {
  let folder: Folder
  before(() => {
    folder = new Folder().writeGraph('aaaa <- bbbb{feature_x}; aaaa <- cccc')
    folder.write({
      'migrations/versions/dddd.js': revisionText(
        {
          id: 'dddd',
          downRevisions: [],
          branchLabels: ['x;id'],
          dependsOn: [],
        },
        'export function upgrade() {}\n',
      ),
    })
    folder.write({'mig.config.js': 'export default {environments: {staging: {}, live: {}}}'})
  })

  const cases = [
    {line: 'up', values: 'upgrade'},
    {line: 'br', values: 'branch branches'},
    {line: 'comp', values: 'completion'},
    {line: 'upgrade ', values: 'head heads base current feature_x x;id feature_x@head x;id@head dddd cccc bbbb aaaa'},
    {line: 'upgrade feature_x@', values: 'feature_x@head'},
    {line: 'downgrade bb', values: 'bbbb'},
    {line: 'upgrade aaaa ', values: ''},
    {line: 'merge aaaa bb', values: 'bbbb'},
    {line: 'revision --branch f', values: 'feature_x'},
    {line: 'revision -m x --head a', values: 'aaaa'},
    {line: 'revision --dep', values: '--depends-on'},
    {line: 'upgrade -n ', values: 'staging live'},
    {line: 'init -t s', values: 'sql'},
    {line: 'completion ', values: 'bash zsh fish'},
    {line: 'branch ', values: ''},
    {line: 'nonsense ', values: ''},
    {line: 'history -r c', values: 'current cccc'},
  ]
  for (const c of cases)
    it(`of "mig ${c.line}" is [${c.values}]`, async () => {
      const {stdout} = await mig(['complete', '--', ...c.line.split(' ')], {cwd: folder.path})
      const values = stdout.split('\n').flatMap((line) => line.split('\t')[0] || [])
      expect(values.join(' ')).to.equal(c.values)
    })

  it('is silent where there is no project', async () => {
    const {stdout, stderr, status} = await mig(['complete', '--', 'upgrade', 'x'], {cwd: new Folder().path})
    expect([stdout, stderr, status]).to.deep.equal(['', '', 0])
  })

  it('works in bash, which takes @ for the end of a word', async () => {
    const {stdout: script} = await mig('completion bash', {cwd: folder.path})
    writeFileSync(join(folder.path, 'complete.sh'), script)
    const complete = async (line: string): Promise<string> => {
      const program = `mig() { "${process.execPath}" "${process.cwd()}/bin/mig.js" "$@"; }
source ./complete.sh
COMP_LINE='mig ${line}' COMP_POINT=${line.length + 4}
_mig_complete
echo "\${COMPREPLY[*]}"`
      return (await run('bash', ['-c', program], {cwd: folder.path})).stdout.trim()
    }
    expect(await complete('upg')).to.equal('upgrade')
    expect(await complete('upgrade feature_x@h')).to.equal('head')
    expect(await complete('revision --branch f')).to.equal('feature_x')
    expect(await complete('revision --branch x')).to.equal(String.raw`x\;id`)
  })
})
