import {execFileSync} from 'node:child_process'
import {mkdirSync, symlinkSync} from 'node:fs'
import {createServer} from 'node:net'
import {dirname, join} from 'node:path'
import {expect} from 'chai'
import {mig} from '../support/cli.ts'
import {Folder} from '../support/folder.ts'

/** Puts something at a path that is no file. */
type Special = (path: string) => unknown

const kinds: Readonly<Record<string, Special>> = {
  'a named pipe': (path) => execFileSync('mkfifo', [path]),
  'a link to a named pipe': (path) => {
    execFileSync('mkfifo', [`${path}.pipe`])
    symlinkSync(`${path}.pipe`, path)
  },
  'a socket': async (path) => {
    const server = createServer().unref()
    await new Promise<void>((done) => server.listen(path, done))
  },
  'a device': (path) => symlinkSync('/dev/zero', path),
  'a link to itself': (path) => symlinkSync(path, path),
}

const places: readonly {
  readonly file: string
  readonly command: string
  readonly config?: string
  readonly status: number
  readonly message: RegExp
}[] = [
  {
    file: 'migrations/versions/b.ts',
    command: 'heads',
    status: 1,
    message: /^error: migrations\/versions\/b\.ts cannot be read: .+\.$/m,
  },
  {
    file: 'migrations/versions/b.sql',
    command: 'upgrade',
    status: 1,
    message: /^error: migrations\/versions\/b\.sql cannot be read: .+\.$/m,
  },
  {
    file: 'mig.config.mjs',
    command: 'heads -c mig.config.mjs',
    status: 2,
    message: /^error: The configuration .*mig\.config\.mjs cannot be read: .+\.$/m,
  },
  {
    file: 'orm.config.js',
    command: 'current',
    config: "export default {orm: './orm.config.js'}\n",
    status: 2,
    message:
      /^error: The (?:configuration failed at .*orm\.config\.js: .+|MikroORM configuration .*orm\.config\.js.+)$/m,
  },
  {
    file: 'migrations/script.ts.eta',
    command: 'revision -m x',
    status: 1,
    message: /^error: .*migrations\/script\.ts\.eta cannot be read: .+$/m,
  },
]

describe('what is no file is not waited for:', () => {
  for (const [kind, make] of Object.entries(kinds))
    for (const {file, command, config, status, message} of places)
      it(`${kind} that is called ${file}`, async () => {
        const folder = new Folder().writeGraph('a')
        if (config !== undefined) folder.write({'mig.config.js': config})
        const path = join(folder.path, file)
        mkdirSync(dirname(path), {recursive: true})
        await make(path)
        const result = await mig(command, {cwd: folder.path, env: {MIG_DATABASE_URL: 'sqlite:x.db'}})
        expect(result.stderr).to.match(message)
        expect(result.stderr).to.not.match(/^ +at /m)
        expect(result.status).to.equal(status)
      })

  it('a named pipe that is called package.json is no configuration', async () => {
    const folder = new Folder().writeGraph('a')
    folder.remove('mig.config.js')
    execFileSync('mkfifo', [join(folder.path, 'package.json')])
    const {stdout, status} = await mig('heads', {cwd: folder.path})
    expect([stdout, status]).to.deep.equal(['a (head), revision a\n', 0])
  })
})

describe('symbolic links between folders of revisions', () => {
  const loops: readonly {
    readonly name: string
    readonly links: readonly (readonly [target: string, path: string])[]
  }[] = [
    {name: 'to the folder itself', links: [['.', 'loop']]},
    {
      name: 'to it, twice',
      links: [
        ['.', 'one'],
        ['.', 'two'],
      ],
    },
    {
      name: 'to each other',
      links: [
        ['../y', 'x/to-y'],
        ['../x', 'y/to-x'],
        ['..', 'x/up'],
        ['..', 'y/up'],
      ],
    },
    {name: 'to nothing', links: [['nowhere', 'x/nowhere']]},
    {name: 'to themselves', links: [['self', 'x/self']]},
  ]
  for (const {name, links} of loops)
    it(`${name} are followed once`, async () => {
      const folder = new Folder().writeGraph('a')
      folder.write({
        'mig.config.js': 'export default {recursiveVersionLocations: true}\n',
        'migrations/versions/x/b.sql': '-- revision: b\n-- revises: a\n-- upgrade\nselect 1;\n',
        'migrations/versions/y/c.sql': '-- revision: c\n-- revises: b\n-- upgrade\nselect 1;\n',
      })
      for (const [target, path] of links) symlinkSync(target, join(folder.path, 'migrations/versions', path))
      const {stdout, stderr, status} = await mig('history', {cwd: folder.path})
      expect(
        stdout
          .split('\n')
          .map((line) => line.charAt(0))
          .join(''),
      ).to.equal('bab')
      expect([stderr, status]).to.deep.equal(['', 0])
    })

  it('to a folder elsewhere are followed', async () => {
    const folder = new Folder().writeGraph('a')
    folder.write({
      'mig.config.js': 'export default {recursiveVersionLocations: true}\n',
      'elsewhere/b.sql': '-- revision: b\n-- revises: a\n-- upgrade\nselect 1;\n',
    })
    symlinkSync('../../elsewhere', join(folder.path, 'migrations/versions/linked'))
    const {stdout} = await mig('show b', {cwd: folder.path})
    expect(stdout).to.contain('migrations/versions/linked/b.sql')
  })
})
