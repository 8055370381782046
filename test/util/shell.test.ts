import {spawnSync} from 'node:child_process'
import {expect} from 'chai'
import {shellWord} from '../../src/util/shell.ts'

describe('shellWord', () => {
  const plain = ['main', 'feature/x-1', 'v2.3.0', 'origin/main', ':/migrations/a.ts', 'a@b', 'a,b', 'a+b']
  for (const text of plain) it(`leaves ${text} as it is`, () => expect(shellWord(text)).to.equal(text))

  it('gives a shell the same word, whatever it contains', () => {
    const odd = [
      '',
      "it's",
      'a b',
      '$(id)',
      '`id`',
      'a;b',
      'a&b',
      'a|b',
      '~',
      '*',
      '#a',
      '!a',
      '\\',
      '"',
      'a\nb',
      '{a,b}',
    ]
    const {stdout} = spawnSync('sh', ['-c', `printf '%s\\0' ${odd.map(shellWord).join(' ')}`])
    expect(stdout.toString().split('\0').slice(0, -1)).to.deep.equal(odd)
  })
})
