import {mkdirSync, symlinkSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {check} from '../../src/api/checks/check.ts'
import {GitFolder} from '../support/git.ts'

const recursive = "export default {versionLocations: ['versions'], recursiveVersionLocations: true}\n"
const flat = "export default {versionLocations: ['versions']}\n"

interface Case {
  readonly config: string
  readonly arrange: (repo: GitFolder) => unknown
  /** The reason, if it cannot be evaluated. */
  readonly refused?: RegExp
}

const link = (repo: GitFolder, to: string, from: string): void => symlinkSync(to, join(repo.path, from))

const addSubmodule = (repo: GitFolder, path: string): void => {
  const other = GitFolder.init().revisions('bbbb', '.')
  other.commit('revision')
  repo.git('submodule', '--quiet', 'add', other.path, path)
}

const cases: Readonly<Record<string, Case>> = {
  'a location that is a link': {
    config: flat,
    arrange: (repo) => {
      repo.revisions('aaaa', 'real')
      link(repo, 'real', 'versions')
    },
    refused: /versions is a symbolic link/,
  },
  'a location below a link': {
    config: "export default {versionLocations: ['db/versions']}\n",
    arrange: (repo) => {
      repo.revisions('aaaa', 'real/versions')
      link(repo, 'real', 'db')
    },
    refused: /db is a symbolic link/,
  },
  'a linked folder in a recursive location': {
    config: recursive,
    arrange: (repo) => {
      repo.revisions('aaaa', 'versions').revisions('bbbb:aaaa', 'real')
      link(repo, '../real', 'versions/more')
    },
    refused: /versions\/more is a symbolic link/,
  },
  'a linked folder where subfolders do not count': {
    config: flat,
    arrange: (repo) => {
      repo.revisions('aaaa', 'versions').revisions('bbbb:aaaa', 'real')
      link(repo, '../real', 'versions/more')
    },
  },
  'a link to a file that is no revision': {
    config: recursive,
    arrange: (repo) => {
      repo.revisions('aaaa', 'versions').write({'NOTES.md': 'notes'})
      link(repo, '../NOTES.md', 'versions/NOTES.md')
    },
  },
  'a location that is a submodule': {
    config: flat,
    arrange: (repo) => addSubmodule(repo, 'versions'),
    refused: /versions is a submodule/,
  },
  'a submodule in a recursive location': {
    config: recursive,
    arrange: (repo) => {
      repo.revisions('aaaa', 'versions')
      addSubmodule(repo, 'versions/shared')
    },
    refused: /versions\/shared is a submodule/,
  },
  'a submodule elsewhere': {
    config: recursive,
    arrange: (repo) => {
      repo.revisions('aaaa', 'versions')
      addSubmodule(repo, 'vendor')
    },
  },
  'no revision yet': {config: flat, arrange: (repo) => mkdirSync(join(repo.path, 'versions'))},
  'no revision yet, in other files': {
    config: flat,
    arrange: (repo) => repo.write({'src/a.ts': 'export const a = 1\n', 'src/b.sql': 'select 1;\n'}),
  },
  'a mistyped location': {
    config: "export default {versionLocations: ['version']}\n",
    arrange: (repo) => {
      repo.revisions('aaaa', 'versions')
      mkdirSync(join(repo.path, 'version'))
    },
    refused: /Neither HEAD nor main has the version locations, but HEAD has the revision versions\/aaaa/,
  },
}

describe('git/unreadable-folders', () => {
  for (const [name, {config, arrange, refused}] of Object.entries(cases))
    it(`${refused === undefined ? 'evaluates' : 'refuses'} ${name}`, async () => {
      const repo = GitFolder.init().write({'mig.config.js': config})
      arrange(repo)
      repo.commit('all')
      const result = await check({cwd: repo.path, names: ['heads'], onto: 'main'}).then(
        ({checks}) => (checks[0]?.ok === true ? 'ok' : JSON.stringify(checks[0]?.findings)),
        (error: unknown) => String(error),
      )
      if (refused === undefined) expect(result).to.equal('ok')
      else expect(result).to.match(refused)
    })
})
