import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {sparsePatterns} from '../../src/git/sparse-patterns.ts'
import {GitFolder} from '../support/git.ts'

const files = [
  'a.sql',
  'm/a.sql',
  'm/v/a.sql',
  'm/v/b.sql',
  'm/v/old/a.sql',
  'n/m/v/a.sql',
  'm/v/x[1].sql',
  'm/v/ü é.sql',
]

const patterns: readonly (readonly string[])[] = [
  ['/*'],
  ['/*', '!/m/v/a.sql'],
  ['!/m/v/a.sql', '/m/'],
  ['/m/', '!/m/v/', '/m/v/old/'],
  ['/*', '!/*/'],
  ['/*', '!/m/**'],
  ['m/v'],
  ['v/'],
  ['a.sql', '!/a.sql'],
  ['**/old/**'],
  ['/m/*/a.sql'],
  ['/m/**/a.sql'],
  ['/*', '!*.sql', '/m/v/?.sql'],
  ['/*', '!/m/v/[a].sql'],
  ['/*', '!/m/v/[!a].sql'],
  [String.raw`/m/v/x\[1].sql`],
  ['# a comment', '', '/m/v/*   '],
  ['/*', '!/m/v/ü é.sql'],
  ['/m/v/old'],
]

describe('the patterns of a sparse checkout', () => {
  let repo: GitFolder
  before(() => {
    repo = GitFolder.init().write(Object.fromEntries(files.map((file) => [file, 'x'])))
    repo.commit()
  })

  for (const lines of patterns)
    it(`have the files that git checks out: ${lines.join(' ')}`, () => {
      repo.git('config', 'core.sparseCheckout', 'true')
      repo.git('config', 'core.sparseCheckoutCone', 'false')
      repo.write({'.git/info/sparse-checkout': `${lines.join('\n')}\n`})
      // git refuses patterns that match nothing of the index, and so leave no file.
      repo.tryGit('read-tree', '-m', '-u', 'HEAD')
      const isThere = sparsePatterns(lines.join('\n'))
      expect(files.filter(isThere)).to.deep.equal(files.filter((file) => existsSync(join(repo.path, file))))
    })
})
