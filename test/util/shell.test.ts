import {spawnSync} from 'node:child_process'
import {expect} from 'chai'
import {assert, property, string} from 'fast-check'
import {shellCommand, shellWord} from '../../src/util/shell.ts'

/** Returns the arguments that bash gives to a command. */
function argumentsOf(command: string): readonly string[] {
  const script = `show() { printf '%s\\0' "$@"; }\n${command}`
  const {stdout} = spawnSync('bash', ['-c', script], {encoding: 'utf8', env: {LC_ALL: 'C'}})
  return stdout.split('\0').slice(0, -1)
}

describe('util/shell', () => {
  const words: Readonly<Record<string, readonly [text: string, word: string]>> = {
    'a plain name': ['feature/x-1', 'feature/x-1'],
    'a path of git': [':/migrations/a.ts', ':/migrations/a.ts'],
    'an empty text': ['', "''"],
    'a space': ['a b', "'a b'"],
    'a command after a semicolon': ['x;id', "'x;id'"],
    'a substitution': ['$(id)', "'$(id)'"],
    backticks: ['`id`', "'`id`'"],
    'a quote': ["it's", String.raw`'it'\''s'`],
    'a home folder': ['~root', "'~root'"],
    'an expansion of zsh': ['=ls', "'=ls'"],
    'a backslash': [String.raw`a\b`, String.raw`'a\b'`],
    'a line end': ['a\nb', String.raw`$'a\012b'`],
    'text that is reordered': ['a\u{202E}b', String.raw`$'a\342\200\256b'`],
    'an escape, a quote and a digit': ["\u{1B}'7", String.raw`$'\033\'7'`],
  }
  for (const [name, [text, word]] of Object.entries(words))
    it(`quotes ${name}`, () => {
      expect(shellWord(text)).to.equal(word)
    })

  const commands: Readonly<Record<string, readonly [command: string, printed: string]>> = {
    'words and lists of words': [shellCommand`mig merge ${['a', 'b c']} -m "..."`, `mig merge a 'b c' -m "..."`],
    'parts of words': [shellCommand`git show ${'a b'}:${'c'}`, "git show 'a b':c"],
    'the value of an option': [shellCommand`git restore --source ${'-x'} -- ${'-a'}`, 'git restore --source=-x -- -a'],
    'the value of a short option': [shellCommand`mig history -r ${'-3:'}`, 'mig history -r -3:'],
    'plain values of options': [shellCommand`--rename ${'a:b'}`, '--rename a:b'],
    'a name that would be an option': [shellCommand`git merge ${'-x'}`, 'git merge -- -x'],
    'a list with one': [shellCommand`mig merge ${['a', '-x']}`, 'mig merge -- a -x'],
    'several such names': [shellCommand`mig merge ${'-x'} ${'-y'}`, 'mig merge -- -x -y'],
    'such a name after its own end of options': [shellCommand`git show ${'a'} -- ${'-x'}`, 'git show a -- -x'],
  }
  for (const [name, [command, printed]] of Object.entries(commands))
    it(`prints commands with ${name}`, () => {
      expect(command).to.equal(printed)
    })

  it('makes one word of any text, on one line and without a control character', () => {
    assert(
      property(string({unit: 'binary', maxLength: 20}), string({maxLength: 20}), (name, text) => {
        const given = [name, text].map((part) => part.replaceAll('\0', ''))
        const command = shellCommand`show x ${given}`
        expect(command).to.not.match(/[\p{Cc}\u{202A}-\u{202E}\u{2028}\u{2029}]/u)
        expect(argumentsOf(command).at(-1)).to.equal(given.at(-1))
        expect(argumentsOf(command).at(-2)).to.equal(given.at(0))
      }),
      {numRuns: 60},
    )
  })
})
