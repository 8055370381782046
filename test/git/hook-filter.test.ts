import {existsSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import type {GitFolder} from '../support/git.ts'
import {fileOf, projectWithHooks, versions} from '../support/hooked.ts'

/** Replaces mig by a program that only notes which hooks have started it, and returns those that a function leads to. */
function spied(repo: GitFolder): (act: () => unknown) => readonly string[] {
  const log = join(repo.path, '.git/started')
  repo.write({'.git/mig/start': `echo "$4" >>"${log}"\n`})
  return (act) => {
    writeFileSync(log, '')
    act()
    return readFileSync(log, 'utf8').split('\n').filter(Boolean)
  }
}

describe('hooks start mig', () => {
  const commit = (repo: GitFolder): unknown => {
    repo.git('add', '-A')
    return repo.git('commit', '-q', '-m', 'work')
  }
  const locations = (...folders: readonly string[]): string =>
    `export default {versionLocations: ${JSON.stringify(folders)}, policy: {headsFile: 'heads.lock'}}\n`

  it('for changes that concern the project, and no others', async () => {
    const {clone, origin} = await projectWithHooks(locations(versions, 'more [1]/versions'))
    const started = spied(clone)
    const write = (files: Readonly<Record<string, string>>) => () => commit(clone.write(files))
    expect(started(write({'README.md': 'text', 'migrations/versions.ts': 'text'}))).to.deep.equal([])
    expect(started(() => clone.git('commit', '-q', '--amend', '--allow-empty', '-m', 'x'))).to.deep.equal([])
    expect(started(() => clone.git('switch', '-q', '-c', 'work', 'HEAD~1'))).to.deep.equal([])
    expect(started(write({[fileOf('bbbb')]: 'text'}))).to.deep.equal(['pre-commit'])
    expect(started(write({'more [1]/versions/a.sql': 'text'}))).to.deep.equal(['pre-commit'])
    expect(started(write({'heads.lock': 'aaaa\n'}))).to.deep.equal(['pre-commit'])
    expect(started(() => commit(clone.remove(fileOf('bbbb'))))).to.deep.equal(['pre-commit'])
    expect(started(() => clone.git('cherry-pick', 'main'))).to.deep.equal([])
    expect(started(() => clone.git('revert', '--no-edit', 'HEAD~1'))).to.deep.equal(['post-commit'])
    clone.git('switch', '-q', '-f', 'main')
    origin.write({other: 'text'}).commit('other')
    expect(started(() => clone.git('pull', '-q', '--no-rebase'))).to.deep.equal([])
    origin.revisions('cccc:bbbb').commit('cccc')
    expect(started(() => clone.git('pull', '-q', '--no-rebase'))).to.deep.equal(['post-merge'])
  })

  it('each time after the configuration has changed, until mig has read it', async () => {
    const {clone} = await projectWithHooks(locations(versions))
    const real = readFileSync(join(clone.path, '.git/mig/start'), 'utf8')
    const started = spied(clone)
    clone.write({'mig.config.js': locations(versions, 'elsewhere')})
    const other = (name: string) => () => {
      clone.write({[name]: 'text'}).git('add', name)
      clone.git('commit', '-q', '-m', name)
    }
    expect(started(other('one'))).to.deep.equal(['pre-commit'])
    expect(started(other('two'))).to.deep.equal(['pre-commit'])
    expect((await clone.mig('revision -m first')).status).to.equal(0)
    expect(started(other('three'))).to.deep.equal([])
    expect(started(() => commit(clone))).to.deep.equal(['pre-commit'])
    clone.remove('.git/mig/watched')
    expect(started(other('four'))).to.deep.equal(['pre-commit'])
    clone.write({'.git/mig/start': real})
    other('five')()
    expect(readFileSync(join(clone.path, '.git/mig/watched/files'), 'utf8')).to.contain('\npath elsewhere\n')
    await clone.mig('hooks uninstall')
    expect(existsSync(join(clone.path, '.git/mig/watched/files'))).to.equal(false)
  })

  const elsewhere = 'db/versions'
  const fromCode = (places: string, before = ''): string => `${before}export default {versionLocations: ${places}}\n`
  const ways: Readonly<Record<string, Readonly<Record<'before' | 'after', Readonly<Record<string, string>>>>>> = {
    'an imported module': {
      before: {'mig.config.js': fromCode('places', `import {places} from './places.js'\n`), ...placesIn(versions)},
      after: placesIn(versions, elsewhere),
    },
    'imported JSON': {
      before: {
        'mig.config.js': fromCode('places', `import places from './places.json' with {type: 'json'}\n`),
        'places.json': JSON.stringify([versions]),
      },
      after: {'places.json': JSON.stringify([versions, elsewhere])},
    },
    'a file that is read': {
      before: {
        'mig.config.js': fromCode(
          `JSON.parse(readFileSync(import.meta.dirname + '/places.json', 'utf8'))`,
          `import {readFileSync} from 'node:fs'\n`,
        ),
        'places.json': JSON.stringify([versions]),
      },
      after: {'places.json': JSON.stringify([versions, elsewhere])},
    },
    'an environment variable': {
      before: {'mig.config.js': fromCode(`(process.env.PLACES ?? '${versions}').split(':')`)},
      after: {},
    },
    'an environment of the configuration': {
      before: {
        'mig.config.js': `export default {environments: {other: {versionLocations: ['${versions}', '${elsewhere}']}}}\n`,
      },
      after: {},
    },
    'another configuration': {
      before: {'mig.config.js': 'export default {}\n', 'other.config.js': fromCode(`['${versions}', '${elsewhere}']`)},
      after: {},
    },
    literals: {
      before: {'mig.config.js': fromCode(`['${versions}']`)},
      after: {'mig.config.js': fromCode(`['${versions}', '${elsewhere}']`)},
    },
  }
  const environments: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    'an environment variable': {PLACES: `${versions}:${elsewhere}`},
    'an environment of the configuration': {MIG_ENVIRONMENT: 'other'},
    'another configuration': {MIG_CONFIG: 'other.config.js'},
  }
  for (const [way, {before, after}] of Object.entries(ways))
    it(`for revisions in a folder that the configuration has from ${way}`, async () => {
      const {clone, origin} = await projectWithHooks()
      clone.write(before)
      clone.git('add', '-A')
      clone.git('commit', '-q', '--no-verify', '-m', 'configuration')
      origin.git('pull', '-q', clone.path, 'main')
      for (const call of ['heads', 'hooks status', 'revision -m first'])
        expect((await clone.mig(call)).status).to.equal(0)
      clone.git('add', '-A')
      clone.git('commit', '-q', '-m', 'first')
      origin.write(after)
      origin.revisions('cccc:bbbb', elsewhere).commit('cccc')
      const variables = environments[way] ?? {}
      Object.assign(process.env, variables)
      const {output} = clone.tryGit('pull', '-q', '--no-rebase')
      for (const name of Object.keys(variables)) Reflect.deleteProperty(process.env, name)
      expect(output).to.match(/there are now 2 heads|mig\.config\.js, or a file that it loads, has changed/)
    })
})

function placesIn(...places: readonly string[]): Readonly<Record<string, string>> {
  return {'places.js': `export const places = ${JSON.stringify(places)}\n`}
}
