import {globSync} from 'node:fs'
import {resolve} from 'node:path'
import {expect} from 'chai'
import {mig} from '../support/cli.ts'
import {Folder} from '../support/folder.ts'

interface CommandClass {
  readonly default: {readonly args: Readonly<Record<string, {readonly ignoreStdin?: boolean}>>}
}

describe('arguments', () => {
  it('are typed, never read from stdin', async () => {
    const {path: cwd} = new Folder().writeGraph('a <- b')
    const {stderr, status} = await mig('downgrade', {
      cwd,
      onStart: ({stdin}) => void stdin?.end('base\n'),
    })
    expect(stderr).to.match(/^error: `mig downgrade` needs a TARGET: /)
    expect(status).to.equal(2)
  })

  it('of every command are declared so', async () => {
    const read: string[] = []
    for (const file of globSync('commands/*.ts')) {
      const {default: command} = (await import(resolve(file))) as CommandClass
      for (const [name, {ignoreStdin}] of Object.entries(command.args ?? {}))
        if (ignoreStdin !== true) read.push(`${name} in ${file}`)
    }
    expect(read).to.deep.equal([])
  })
})
