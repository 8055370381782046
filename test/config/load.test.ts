import {expect} from 'chai'
import {loadConfig} from '../../src/config/load.ts'
import {rejectionOf} from '../support/errors.ts'
import {Folder} from '../support/folder.ts'
import {nodeCompiles} from '../support/node.ts'
import {linkPackages} from '../support/packages.ts'

const load = (folder: Folder, options: Partial<Parameters<typeof loadConfig>[0]> = {}): ReturnType<typeof loadConfig> =>
  loadConfig({cwd: folder.path, ...options})

describe('config/load', () => {
  const places: {name: string; files: Record<string, string>; cwd?: string; config?: string}[] = [
    {name: 'mig.config.ts', files: {'mig.config.ts': "export default {versionTable: 'found' as string}"}},
    {name: 'mig.config.js', files: {'mig.config.js': "export default {versionTable: 'found'}"}},
    {name: 'mig.config.mjs', files: {'mig.config.mjs': "export default {versionTable: 'found'}"}},
    {name: '"mig" in package.json', files: {'package.json': '{"mig": {"versionTable": "found"}}'}},
    {
      name: 'a folder above',
      files: {'mig.config.js': "export default {versionTable: 'found'}", 'a/b/x': ''},
      cwd: 'a/b',
    },
    {
      name: 'an ES module in a CommonJS package',
      files: {'package.json': '{"type": "commonjs"}', 'mig.config.ts': "export default {versionTable: 'found'}"},
    },
    {
      name: 'the file that is named',
      files: {'mig.config.js': 'export default {}', 'other.ts': "export default {versionTable: 'found'}"},
      config: 'other.ts',
    },
    {
      name: 'the nearest of several',
      files: {'mig.config.js': 'export default {}', 'a/mig.config.js': "export default {versionTable: 'found'}"},
      cwd: 'a',
    },
    {
      name: 'what it imports without an extension',
      files: {
        'mig.config.ts': "import {version} from './src/table'\nexport default {versionTable: version}",
        'src/table.ts': "export const version: string = 'found'",
      },
    },
    {name: 'a function', files: {'mig.config.js': "export default () => ({versionTable: 'found'})"}},
    {name: 'an async function', files: {'mig.config.js': "export default async () => ({versionTable: 'found'})"}},
  ]
  for (const c of places)
    it(`finds ${c.name}`, async () => {
      const folder = new Folder().write(c.files)
      const {settings} = await loadConfig({cwd: `${folder.path}/${c.cwd ?? ''}`, config: c.config})
      expect(settings.versionTable).to.equal('found')
    })

  const compiled: {name: string; table: string}[] = [
    {name: 'an enum', table: "export enum Table {\n  Version = 'found',\n}"},
    {name: 'a constant enum', table: "export const enum Table {\n  Version = 'found',\n}"},
    {name: 'a namespace', table: "export namespace Table {\n  export const Version = 'found'\n}"},
    {
      name: 'a parameter property',
      table: "class T {\n  constructor(readonly Version: string) {}\n}\nexport const Table = new T('found')",
    },
    {
      name: 'an alias',
      table: "const outer = {inner: {Version: 'found'}}\nimport Inner = outer.inner\nexport const Table = Inner",
    },
    {
      name: 'a type in angle brackets',
      table: "export const Table = <{Version: string}>{Version: 'found'}",
    },
  ]
  for (const {name, table} of compiled)
    for (const compiler of nodeCompiles ? ([undefined, 'esbuild'] as const) : (['esbuild'] as const))
      it(`finds what it imports with ${name}, with ${compiler ?? 'no compiler'}`, async () => {
        const folder = new Folder().write({
          'mig.config.ts': "import {Table} from './src/table'\nexport default {versionTable: Table.Version}",
          'src/table.ts': table,
        })
        if (compiler !== undefined) linkPackages(folder.path, {only: compiler, from: compiler})
        expect((await load(folder)).settings.versionTable).to.equal('found')
      })

  it('does without, in a folder with a script directory', async () => {
    const folder = new Folder().write({'migrations/versions/x': ''})
    expect((await load(folder)).settings.scriptDirectory).to.equal('migrations')
  })

  it('lays an environment over the rest', async () => {
    const folder = new Folder().write({
      'mig.config.js': `export default {
        versionTable: 'common', logTable: 'common_log', timezone: 'Europe/Berlin',
        environments: {staging: {versionTable: 'staged'}},
      }`,
    })
    const {settings} = await load(folder, {environment: 'staging'})
    expect(settings).to.include({versionTable: 'staged', logTable: 'common_log', timezone: 'Europe/Berlin'})
    expect((await load(folder)).settings.versionTable).to.equal('common')
  })

  it('passes free arguments and the name of the environment to a function', async () => {
    const folder = new Folder().write({
      'mig.config.js': `export default ({x, environment}) => ({
        versionTable: \`\${x.who}_\${environment}\`, environments: {test: {}},
      })`,
    })
    const {settings} = await load(folder, {environment: 'test', x: {who: 'me'}})
    expect(settings.versionTable).to.equal('me_test')
  })

  const wrong = [
    {config: '{scriptDirectry: "x"}', message: 'unknown key scriptDirectry. Did you mean scriptDirectory?'},
    {config: '{zzz: 1}', message: 'unknown key zzz. Known keys are '},
    {config: '{scriptDirectory: 5}', message: 'scriptDirectory must be a string, but is 5'},
    {config: '{versionLocations: "x"}', message: 'versionLocations must be an array, but is "x"'},
    {config: '{versionTable: "a b"}', message: 'versionTable must be a plain SQL name'},
    {config: '{timezone: "Mars/Olympus"}', message: 'timezone must be a time zone'},
    {config: '{fileTemplate: "{slug}"}', message: 'fileTemplate must contain {revision}'},
    {config: '{fileTemplate: "{revision}_{yeer}"}', message: 'fileTemplate has the unknown token {yeer}'},
    {config: '{fileTemplate: "{year}/{revision}"}', message: 'fileTemplate creates folders'},
    {config: '{truncateSlugLength: 0}', message: 'truncateSlugLength must be a positive integer'},
    {config: '{orm: 5}', message: 'orm must be a path, a URL or the options of MikroORM'},
    {
      config: '{environments: {test: {versionTabel: "x"}}}',
      message: 'unknown key environments.test.versionTabel. Did you mean versionTable?',
    },
    {config: '{environments: {test: {timezone: 3}}}', message: 'environments.test.timezone must be a string'},
    {config: '{postWriteHooks: [{command: []}]}', message: 'postWriteHooks.0.command must name a program'},
    {config: '{postWriteHooks: [{}]}', message: 'postWriteHooks.0.command is missing.'},
    {config: '{policy: {heds: "one"}}', message: 'unknown key policy.heds.'},
    {config: '"text"', message: 'its default export must be an object, or a function that returns one.'},
    {config: 'undefined', message: 'its default export must be an object, or a function that returns one.'},
    {config: '{orm: "x", databases: {a: {orm: "y"}}}', message: 'orm and databases cannot be combined'},
  ]
  for (const c of wrong)
    it(`refuses ${c.config}`, async () => {
      const folder = new Folder().write({'mig.config.js': `export default ${c.config}`})
      const error = await rejectionOf('INVALID_CONFIG', () => load(folder))
      expect(error.message).to.contain('mig.config.js: ').and.to.contain(c.message)
    })

  it('says that there is none, and what writes one', async () => {
    const error = await rejectionOf('CONFIG_NOT_FOUND', () => load(new Folder()))
    expect(error.message).to.contain('No mig.config.ts, mig.config.js')
    expect(error.hint).to.contain('`mig init`')
  })

  it('says that the file that is named is not there', async () => {
    const error = await rejectionOf('CONFIG_NOT_FOUND', () => load(new Folder(), {config: 'nope.ts'}))
    expect(error.message).to.match(/nope\.ts cannot be read: it does not exist\.$/)
  })

  const failing = [
    {name: 'does not parse', text: 'export default {\n  a: ,\n}', message: /mig\.config\.ts:2: SyntaxError/},
    {name: 'throws', text: '\n\nthrow new Error("no luck")', message: /mig\.config\.ts:3: Error: no luck/},
    {
      name: 'throws when it is called',
      text: 'export default () => {\n  throw new Error("no")\n}',
      message: /ts:2: Error: no/,
    },
    {name: 'imports what is not there', text: "import './nope.ts'", message: /Cannot find module/},
  ]
  for (const c of failing)
    it(`says where a configuration fails that ${c.name}`, async () => {
      const folder = new Folder().write({'mig.config.ts': c.text})
      expect((await rejectionOf('CONFIG_FAILED', () => load(folder))).message).to.match(c.message)
    })

  it('knows its environments, and suggests one', async () => {
    const folder = new Folder().write({'mig.config.js': 'export default {environments: {staging: {}, live: {}}}'})
    const error = await rejectionOf('UNKNOWN_ENVIRONMENT', () => load(folder, {environment: 'stagin'}))
    expect(error.hint).to.equal('Did you mean staging?')
    expect((await rejectionOf('UNKNOWN_ENVIRONMENT', () => load(folder, {environment: 'constructor'}))).hint).to.equal(
      'The configuration has staging and live.',
    )
  })
})
