import {globSync, readFileSync} from 'node:fs'
import {isBuiltin} from 'node:module'
import {join} from 'node:path'
import {expect} from 'chai'
import {dialectNames} from '../src/dialects/dialect.ts'
import {drivers} from '../src/dialects/drivers.ts'

/** What every part that knows revisions and SQL may import. */
const core = [
  'src/errors.ts',
  'src/util',
  'src/project-code.ts',
  'src/project-promises.ts',
  'src/graph',
  'src/dialects',
  'src/operations',
  'src/sql',
]

/**
 * What each part may import besides itself and Node: this table is the architecture.
 *
 * A part is a folder or a file. Lower parts come first, and none imports a higher one, not even a type.
 */
const mayImport: Readonly<Record<string, {parts: string[]; packages?: string[]; node?: false}>> = {
  'src/util': {parts: [], packages: ['fastest-levenshtein']},
  'src/errors.ts': {parts: ['src/util'], node: false},
  'src/project-promises.ts': {parts: ['src/errors.ts', 'src/util']},
  'src/project-code.ts': {parts: ['src/errors.ts', 'src/util', 'src/project-promises.ts'], node: false},
  'src/graph': {parts: ['src/errors.ts', 'src/util'], packages: ['@dagrejs/graphlib'], node: false},
  'src/dialects': {parts: ['src/errors.ts', 'src/util'], packages: ['@mikro-orm/sql', 'libpg-query']},
  'src/operations': {
    parts: ['src/errors.ts', 'src/util', 'src/project-code.ts', 'src/project-promises.ts', 'src/dialects'],
    packages: ['@mikro-orm/sql', 'kysely'],
  },
  'src/sql': {parts: ['src/errors.ts', 'src/util', 'src/dialects', 'src/operations'], packages: ['@mikro-orm/sql']},
  'src/render': {parts: ['src/errors.ts', 'src/util', 'src/graph'], node: false},
  'src/script': {
    parts: ['src/errors.ts', 'src/util', 'src/project-promises.ts', 'src/graph', 'src/dialects', 'src/operations'],
    packages: ['eta'],
  },
  'src/runner': {
    parts: [...core, 'src/script'],
    packages: ['@mikro-orm/core', '@mikro-orm/sql', 'kysely'],
  },
  'src/git': {
    parts: ['src/errors.ts', 'src/util', 'src/graph', 'src/script'],
    packages: ['diff', 'isomorphic-git', 'node-diff3'],
  },
  'src/conflicts': {parts: [...core, 'src/script']},
  'src/import': {parts: [...core, 'src/script', 'src/runner'], packages: ['kysely']},
  'src/catalogue': {
    parts: ['src/errors.ts', 'src/util', 'src/dialects', 'src/operations', 'src/sql', 'src/runner'],
    packages: ['@mikro-orm/core', '@mikro-orm/sql'],
  },
  'src/config': {
    parts: [
      ...['src/errors.ts', 'src/util', 'src/project-code.ts', 'src/project-promises.ts'],
      'src/dialects',
      'src/operations',
      'src/script',
      'src/runner',
    ],
    packages: ['get-tsconfig', 'valibot', '@mikro-orm/sql'],
  },
  'src/engine': {
    parts: [...core, 'src/script', 'src/runner', 'src/git', 'src/conflicts', 'src/config'],
    packages: ['@mikro-orm/sql'],
  },
  'src/rehearsal': {
    parts: [...core, 'src/runner', 'src/catalogue', 'src/config', 'src/engine'],
  },
  'src/blame': {parts: [...core, 'src/script', 'src/git', 'src/conflicts', 'src/engine']},
  'src/autogenerate': {
    parts: [...core, 'src/script', 'src/runner', 'src/catalogue', 'src/config', 'src/engine', 'src/rehearsal'],
    packages: ['@mikro-orm/core', '@mikro-orm/sql'],
  },
  'src/squash': {
    parts: [
      ...core,
      ...['src/script', 'src/runner', 'src/catalogue', 'src/config', 'src/engine', 'src/rehearsal', 'src/autogenerate'],
      'src/baseline',
    ],
  },
  'src/baseline': {
    parts: [
      ...core,
      ...['src/script', 'src/runner', 'src/catalogue', 'src/config', 'src/engine', 'src/rehearsal', 'src/autogenerate'],
    ],
    packages: ['@mikro-orm/sql'],
  },
  'src/api': {
    parts: [
      ...core,
      ...['src/script', 'src/runner', 'src/git', 'src/conflicts', 'src/catalogue', 'src/config', 'src/engine'],
      ...['src/rehearsal', 'src/blame', 'src/autogenerate', 'src/baseline', 'src/squash', 'src/import'],
    ],
    packages: ['@mikro-orm/core', '@mikro-orm/sql'],
  },
  'src/index.ts': {
    parts: [
      ...['src/errors.ts', 'src/graph', 'src/operations', 'src/runner', 'src/autogenerate', 'src/config'],
      ...['src/engine', 'src/baseline', 'src/api'],
    ],
  },
  'src/cli': {
    parts: [
      ...['src/errors.ts', 'src/util', 'src/project-code.ts', 'src/project-promises.ts'],
      ...['src/dialects', 'src/render', 'src/engine', 'src/api'],
    ],
    packages: ['@oclif/core', 'log-update'],
  },
  commands: {
    parts: ['src/errors.ts', 'src/util', 'src/render', 'src/import', 'src/engine', 'src/api', 'src/cli'],
    packages: ['@oclif/core'],
  },
}

/** The files outside of the dialects themselves, and of the SQL of operations, that name one, each with its reason. */
const dialectNamers: Readonly<Record<string, string>> = {
  'src/autogenerate/comparators/all.ts': 'lists the comparators of each dialect',
  'src/baseline/dump.ts': 'lists what the dumps of each dialect contain besides a schema',
  'src/baseline/source.ts': 'lists the reader of each dialect',
  'src/catalogue/read.ts': 'lists what corrects the catalogue of each dialect',
  'src/catalogue/snapshot/read.ts': 'lists the reader of each dialect',
  'src/import/tools/knex.ts': "names Knex's client of each dialect",
  'src/import/tools/typeorm.ts': "names TypeORM's type of each dialect",
  'src/rehearsal/rows/dialects.ts': 'lists what reads the tables of each dialect that rows are generated for',
  'src/runner/connection/pglite-lock.ts': 'messages name the folder of PGlite that it locks',
  'src/sql/model/user-schema.ts': 'the role that every server has is named like a dialect',
  'src/sql/plain-context.ts': 'writes SQL for the parser, which knows one dialect',
  'src/sql/translation/grammars.ts': 'the grammars of statements that are translated; exhaustive',
}

/** The files that write to stdout or stderr themselves, each with its reason. */
const streamWriters: Readonly<Record<string, string>> = {
  'src/git/program-contents.ts': 'the text of a module that runs on its own',
}

/** The files that say of a text that it can be printed as it is, each with its reason. */
const verbatimCallers: Readonly<Record<string, string>> = {
  'commands/completion.ts': 'scripts that are part of mig',
  'src/cli/base-command.ts': 'a note that was safe already, with the flags of its commands',
  'src/cli/run-command.ts': 'SQL scripts; a line that was safe already, without passwords',
  'src/cli/style.ts': 'colours',
  'src/render/safe/annotation.ts': 'escapes for annotations',
  'src/render/safe/json.ts': 'escapes for JSON',
  'src/render/safe/markdown.ts': 'escapes for Markdown',
  'src/render/safe/mermaid.ts': 'escapes for Mermaid',
}

const driverName = [...new Set(drivers.flatMap(({dialect, kind, schemes}) => [dialect, kind, ...schemes]))]
  .filter((name) => name !== 'file')
  .join('|')
/** A dialect or driver as a string, as a key, as the scheme of a URL, or as a class of MikroORM. */
const namesDialect = new RegExp(
  `['"\`](?:${driverName})['"\`:]|^\\s*(?:${dialectNames.join('|')}): |(?:${driverName}|basepostgresql)(?:Driver|Platform)\\b`,
  'im',
)

/** What must not be loaded before a command that needs a database, or git, has found out that it does. */
const heavy = [
  '@mikro-orm/core',
  '@mikro-orm/sql',
  'kysely',
  '@mikro-orm/pglite',
  '@mikro-orm/postgresql',
  'libpg-query',
  'log-update',
  'isomorphic-git',
  'node-diff3',
  'diff',
]

interface Import {
  readonly specifier: string
  readonly isType: boolean
  readonly isLazy: boolean
}

describe('architecture', () => {
  const files = globSync(['src/**/*.ts', 'commands/**/*.ts']).toSorted()

  for (const file of files)
    it(`${file} imports only what its part may`, () => {
      const part = partOf(file)
      const {parts, packages = [], node = true} = mayImport[part] ?? {parts: []}
      const isAllowed = ({specifier}: Import): boolean =>
        specifier.startsWith('.')
          ? [part, ...parts].includes(partOf(join(file, '..', specifier)))
          : isBuiltin(specifier)
            ? node
            : packages.includes(packageOf(specifier))
      const forbidden = importsOf(file).filter((one) => !isAllowed(one))
      expect(forbidden.map(({specifier}) => specifier)).to.deep.equal([])
    })

  it('knows every part', () => {
    expect(files.filter((file) => !(partOf(file) in mayImport))).to.deep.equal([])
  })

  it('keeps MikroORM and isomorphic-git out of everything that is loaded before it is needed', () => {
    const loaded = new Set(['src/cli/main.ts', 'src/index.ts', ...globSync('commands/*.ts')])
    for (const file of loaded)
      for (const {specifier, isType, isLazy} of importsOf(file))
        if (!isType && !isLazy && specifier.startsWith('.')) loaded.add(join(file, '..', specifier))
    const guilty = [...loaded].filter((file) =>
      importsOf(file).some((one) => !one.isType && !one.isLazy && heavy.includes(packageOf(one.specifier))),
    )
    expect(guilty).to.deep.equal([])
  })

  it('names dialects in their own folder, in operations, and in a few files', () => {
    const named = files.filter(
      (file) => !/^src\/(?:dialects|operations)\//.test(file) && namesDialect.test(codeOf(file)),
    )
    expect(named).to.deep.equal(Object.keys(dialectNamers))
  })

  it('compares no dialect with another in operations: a new one is named by the compiler, or is a capability', () => {
    const comparison = new RegExp(`[!=]==? *'(?:${driverName})'|^ *default:$`, 'm')
    const guilty = globSync('src/operations/**/*.ts').filter((file) => comparison.test(codeOf(file)))
    expect(guilty).to.deep.equal([])
  })

  it('has graphlib in one file', () => {
    const users = files.filter((file) => importsOf(file).some(({specifier}) => specifier === '@dagrejs/graphlib'))
    expect(users).to.deep.equal(['src/graph/followers.ts'])
  })

  it('prints only safe text: other files write to no stream, and few say that a text is safe as it is', () => {
    const writers = files.filter((file) => /\bconsole\.|\.(?:stdout|stderr)\.write\(|\bthis\.log\(/.test(codeOf(file)))
    expect(writers).to.deep.equal(Object.keys(streamWriters))
    const trusting = files.filter((file) => /\bverbatim\(/.test(codeOf(file)))
    expect(trusting).to.deep.equal(Object.keys(verbatimCallers))
  })

  it('keeps commands short', () => {
    const long = globSync('commands/*.ts').filter((file) => readFileSync(file, 'utf8').split('\n').length > 70)
    expect(long).to.deep.equal([])
  })
})

/** Returns the text of a file without comments. */
function codeOf(file: string): string {
  return readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
}

function partOf(file: string): string {
  return Object.keys(mayImport).find((part) => file === part || file.startsWith(`${part}/`)) ?? file
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}

function importsOf(file: string): Import[] {
  const text = readFileSync(file, 'utf8')
  const found = text.matchAll(
    /(?<keyword>^(?:import|export)\b|\bimport\()(?<type> type\b)?(?:[^'"`;]*? from)?\s*'(?<specifier>[^']+)'/gm,
  )
  return [...found].map(({groups = {}}) => ({
    specifier: groups['specifier'] ?? '',
    isType: groups['type'] !== undefined,
    isLazy: groups['keyword'] === 'import(',
  }))
}
