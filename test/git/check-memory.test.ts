import {spawnSync} from 'node:child_process'
import {resolve} from 'node:path'
import {expect} from 'chai'
import {GitFolder} from '../support/git.ts'

const reporter = resolve('bench/report-memory.js')
const program = resolve('bin/mig.js')

/** Revisions whose SQL has to be parsed, so often that V8 would optimize the parser. */
function chain(repo: GitFolder, prefix: string, count: number): void {
  const columns = Array.from({length: 40}, (_, i) => `c${i} integer not null default ${i}`)
  for (let i = 0; i < count; i++) {
    const id = `${prefix}${String(i).padStart(4, '0')}`
    const down = i === 0 ? 'aaaa' : `${prefix}${String(i - 1).padStart(4, '0')}`
    const sql = `create table t_${id} (${columns.join(', ')})`
    repo.write({
      [`migrations/versions/${id}.ts`]: `export const revision = '${id}'\nexport const downRevision = '${down}'\nexport async function upgrade(op) {\n  op.execute("${sql}")\n}\n`,
    })
  }
}

describe('the memory of mig check heads', () => {
  it('stays small while many revisions are judged', () => {
    const repo = GitFolder.init().write({'mig.config.js': 'export default {}\n'}).revisions('aaaa')
    repo.commit()
    repo.git('switch', '-q', '-c', 'feature')
    chain(repo, 'f', 1)
    repo.commit()
    repo.git('switch', '-q', 'main')
    chain(repo, 'm', 600)
    repo.commit()
    const args = ['check', 'heads', '--onto', 'main', '--head-ref', 'feature']
    const {status, output, stderr} = spawnSync(process.execPath, ['--import', reporter, program, ...args], {
      cwd: repo.path,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    })
    expect(stderr.toString()).to.equal('')
    expect(status).to.equal(1)
    expect(Number(String(output[3])) / 1024, 'megabytes').to.be.below(250)
  })
})
