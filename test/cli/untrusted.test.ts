import {expect} from 'chai'
import {assert, property, string} from 'fast-check'
import {ownColors, printable} from '../../src/cli/untrusted.ts'
import {escapeLine} from '../../src/util/controls.ts'
import {Folder} from '../support/folder.ts'
import {mig} from '../support/cli.ts'

const cases: Readonly<Record<string, readonly [text: string, printed: string]>> = {
  'colours of others': ['\u{1B}[31mred', String.raw`\x1b[31mred`],
  'links of a terminal': ['\u{1B}]8;;http://x\u{7}', String.raw`\x1b]8;;http://x\x07`],
  'a carriage return': ['ok\rforged', String.raw`ok\x0dforged`],
  'line ends of Windows': ['a\r\nb', 'a\nb'],
  'tabs and line ends': ['a\tb\nc', 'a\tb\nc'],
  'C1 controls': ['\u{9B}31m', String.raw`\x9b31m`],
  'text that is reordered': ['\u{202E}txt', String.raw`\u202etxt`],
  'text that cannot be seen': ['a\u{200B}b', String.raw`a\u200bb`],
  'a command of GitHub': ['::error::x', String.raw`\::error::x`],
  'a command in a later line': ['a\n  ::set-output name=x::y', 'a\n  \\::set-output name=x::y'],
  'a command of the older form': ['##[error]x', String.raw`\##[error]x`],
  'a command of Azure': ['##vso[task.setvariable]x', String.raw`\##vso[task.setvariable]x`],
  'colons elsewhere': ['a::b c :: d', 'a::b c :: d'],
  'other scripts': ['名前 naïve 🙂', '名前 naïve 🙂'],
}

describe('untrusted text', () => {
  for (const [name, [text, printed]] of Object.entries(cases))
    it(`shows ${name}`, () => {
      expect(printable(text)).to.equal(printed)
    })

  it('keeps colours of its own, and only those', () => {
    const painted = printable(ownColors('\u{1B}[31mx') + '\u{1B}[32my')
    expect(painted.replaceAll('\u{1B}', 'ESC')).to.match(/^ESC\[31mx\\x1b\[32my$/)
  })

  it('has no control characters and no commands, whatever it is', () => {
    assert(
      property(string({unit: 'binary'}), (text) => {
        expect(printable(text)).to.not.match(
          // oxlint-disable-next-line no-control-regex
          /[\u{0}-\u{8}\u{B}-\u{1F}\u{7F}-\u{9F}\u{202A}-\u{202E}]|^\s*(?:::|##\[)/mu,
        )
        expect(escapeLine(text)).to.not.contain('\n')
      }),
    )
  })

  describe('in a project', () => {
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
})
