import {expect} from 'chai'
import {Folder} from '../support/folder.ts'
import {mig} from '../support/cli.ts'

describe('untrusted text in a project', () => {
  const folder = new Folder()
  const evil = 'x\u{1B}]0;pwned\u{7}\u{202E}\u{9B}31m'

  before(() => {
    folder.write({
      'mig.config.js': `export default {orm: 'sqlite:' + import.meta.dirname + '/test.db'}\n`,
      'migrations/versions/aaaa.sql': `-- ${evil}\n-- revision: aaaa\n-- revises:\n-- upgrade\ncreate table t (n integer);\n-- downgrade\ndrop table t;\n`,
      'migrations/versions/bbbb.ts': `/** ${evil} */\nexport const revision = 'bbbb'\nexport const downRevision = 'aaaa'\nexport function upgrade() {\n  throw new Error(${JSON.stringify(`${evil}\n::error::forged`)})\n}\n`,
    })
  })

  for (const command of [
    'history',
    'history -v',
    'history --graph',
    'heads',
    'show bbbb',
    'upgrade aaaa',
    'current',
    'upgrade heads',
    'upgrade heads --debug',
    'status',
    'upgrade heads --dry-run',
    'show nothing\u{1B}[31m',
  ])
    it(`is visible in mig ${JSON.stringify(command)}`, async () => {
      const {stdout, stderr} = await mig(command, {cwd: folder.path})
      const printed = `${stdout}\n${stderr}`
      // oxlint-disable-next-line no-control-regex
      expect(printed).to.not.match(/[\u{1B}\u{7}\u{9B}\u{202E}]|^\s*::/mu)
      expect(printed).to.match(/\\x1b|pwned|base|at aaaa/)
    })
})
