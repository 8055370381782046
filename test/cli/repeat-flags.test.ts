import {globSync} from 'node:fs'
import {basename} from 'node:path'
import {expect} from 'chai'
import {selecting, selectionOf, tenantCommands, withSelection} from '../../src/cli/repeat-flags.ts'

const raw = [
  {type: 'arg', input: 'heads'},
  {type: 'flag', flag: 'quiet', input: ''},
  {type: 'flag', flag: 'name', input: 'test'},
  {type: 'flag', flag: 'x', input: 'key=two words'},
  {type: 'flag', flag: 'tenant', input: "o'neil"},
]

describe('commands in hints', () => {
  const selection = selectionOf(raw)
  const tenant = String.raw`--tenant 'o'\''neil'`
  for (const [command, expected] of [
    ['mig upgrade', `mig upgrade ${tenant} --name test -x 'key=two words'`],
    ['mig show a --diff', "mig show a --diff --name test -x 'key=two words'"],
    ['mig downgrade a --tenant y', "mig downgrade a --tenant y --name test -x 'key=two words'"],
    ['mig upgrade --help', 'mig upgrade --help'],
    ['git merge main', 'git merge main'],
  ] as const)
    it(`select what was selected: ${command}`, () => {
      expect(selecting(command, selection)).to.equal(expected)
      expect(withSelection(`Run \`${command}\`.`, selection)).to.equal(`Run \`${expected}\`.`)
      expect(withSelection(`done\nnext: ${command}`, selection)).to.equal(`done\nnext: ${expected}`)
    })

  it('have the flags of tenants where the command takes them', async () => {
    const takers: string[] = []
    for (const file of globSync('commands/*.ts')) {
      const module = (await import(`../../${file}`)) as {
        readonly default: {readonly flags: object; readonly baseFlags: object}
      }
      const {flags, baseFlags} = module.default
      if ('tenants' in {...baseFlags, ...flags}) takers.push(basename(file, '.ts'))
    }
    expect(takers.toSorted()).to.deep.equal([...tenantCommands].toSorted())
  })
})
