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

const commands: Readonly<Record<string, readonly string[]>> = {
  'mig check heads': ['check', 'heads', '--onto', 'main', '--head-ref', 'feature'],
  'a hook after a merge': ['hooks', 'run', 'post-merge', '0'],
}

describe('the memory that judging many revisions takes', () => {
  let repo: GitFolder
  before(() => {
    repo = GitFolder.init().write({'mig.config.js': 'export default {}\n'}).revisions('aaaa')
    repo.commit()
    repo.git('switch', '-q', '-c', 'feature')
    chain(repo, 'f', 1)
    repo.commit()
    repo.git('switch', '-q', 'main')
    chain(repo, 'm', 600)
    repo.commit()
    repo.git('switch', '-q', '-c', 'merged', 'feature')
    repo.git('merge', '-q', '-m', 'merge', 'main')
  })

  for (const [name, args] of Object.entries(commands))
    it(`is small in ${name}`, () => {
      const {output, stdout} = spawnSync(process.execPath, ['--import', reporter, program, ...args], {
        cwd: repo.path,
        stdio: ['ignore', 'pipe', 'ignore', 'pipe'],
      })
      expect(stdout.toString()).to.contain('2 heads')
      expect(Number(String(output[3])) / 1024, 'megabytes').to.be.below(250)
    })
})
