import {globSync, readFileSync} from 'node:fs'
import {isBuiltin} from 'node:module'
import {join} from 'node:path'
import {expect} from 'chai'

/**
 * What each part may import besides itself and Node: this table is the architecture.
 *
 * A part is a folder or a file. Lower parts come first, and none imports a higher one, not even a type.
 */
const mayImport: Readonly<Record<string, {parts: string[]; packages?: string[]; node?: false}>> = {
  'src/util': {parts: [], packages: ['fastest-levenshtein']},
  'src/errors.ts': {parts: ['src/util'], node: false},
  'src/graph': {parts: ['src/errors.ts', 'src/util'], packages: ['@dagrejs/graphlib'], node: false},
  'src/operations': {parts: ['src/errors.ts', 'src/util'], packages: ['@mikro-orm/sql', 'kysely']},
  'src/sql': {parts: ['src/errors.ts', 'src/util', 'src/operations'], packages: ['@mikro-orm/sql', 'libpg-query']},
  'src/render': {parts: ['src/errors.ts', 'src/util', 'src/graph'], node: false},
  'src/script': {parts: ['src/errors.ts', 'src/util', 'src/graph', 'src/operations'], packages: ['eta']},
  'src/runner': {
    parts: ['src/errors.ts', 'src/util', 'src/graph', 'src/operations', 'src/sql', 'src/script'],
    packages: ['@mikro-orm/core', '@mikro-orm/sql', 'kysely'],
  },
  'src/autogenerate': {
    parts: ['src/errors.ts', 'src/util', 'src/operations', 'src/sql'],
    packages: ['@mikro-orm/core', '@mikro-orm/sql'],
  },
  'src/git': {
    parts: ['src/errors.ts', 'src/util', 'src/graph', 'src/script'],
    packages: ['isomorphic-git', 'node-diff3'],
  },
  'src/config': {
    parts: ['src/errors.ts', 'src/util', 'src/operations', 'src/script', 'src/runner', 'src/autogenerate'],
    packages: ['get-tsconfig', 'valibot'],
  },
  'src/api': {
    parts: [
      ...['src/errors.ts', 'src/util', 'src/graph', 'src/operations', 'src/sql', 'src/script', 'src/runner'],
      'src/autogenerate',
      'src/git',
      'src/config',
    ],
    packages: ['@mikro-orm/sql'],
  },
  'src/index.ts': {
    parts: ['src/errors.ts', 'src/graph', 'src/operations', 'src/runner', 'src/autogenerate', 'src/config', 'src/api'],
  },
  'src/cli': {parts: ['src/errors.ts', 'src/util', 'src/render', 'src/api'], packages: ['@oclif/core', 'log-update']},
  commands: {parts: ['src/errors.ts', 'src/util', 'src/api', 'src/cli'], packages: ['@oclif/core']},
}

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

  it('has graphlib in one file', () => {
    const users = files.filter((file) => importsOf(file).some(({specifier}) => specifier === '@dagrejs/graphlib'))
    expect(users).to.deep.equal(['src/graph/revision-graph.ts'])
  })

  it('keeps commands short', () => {
    const long = globSync('commands/*.ts').filter((file) => readFileSync(file, 'utf8').split('\n').length > 70)
    expect(long).to.deep.equal([])
  })
})

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
