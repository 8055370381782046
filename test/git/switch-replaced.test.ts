import {expect} from 'chai'
import {forgetSnapshots} from '../../src/api/git/snapshots.ts'
import {switchTo} from '../../src/api/git/switch.ts'
import {upgrade} from '../../src/api/runs/migrate.ts'
import {createDatabase, databaseKinds} from '../support/databases.ts'
import type {DatabaseKind, TestDatabase} from '../support/databases.ts'
import {rejectionOf} from '../support/errors.ts'
import {revisionText} from '../support/folder.ts'
import {GitFolder} from '../support/git.ts'

/** The files of a branch, by the ids of their revisions. */
type Branch = Readonly<Record<string, string>>

interface Case {
  readonly main: Branch
  readonly feat: Branch
  /** The steps of a switch to `feat`, and what the plan says about them. */
  readonly steps: readonly string[]
  readonly notes?: readonly string[]
}

const revision = (id: string, parent: string | undefined, up: string, down: string): string =>
  revisionText(
    {id, downRevisions: parent === undefined ? [] : [parent], branchLabels: [], dependsOn: []},
    `export async function upgrade(op) {\n  ${up}\n}\n\nexport async function downgrade(op) {\n  ${down}\n}\n`,
  )
const execute = (...statements: readonly string[]): string =>
  statements.map((sql) => `op.execute('${sql}')`).join('\n  ')
const table = (id: string): string =>
  revision(id, undefined, execute(`create table t (id integer)`), execute('drop table t'))
/** A revision that adds columns; of `a text b int`, these are a and b. */
const columns = (id: string, parent: string, list: string): string => {
  const names = list.split(', ')
  return revision(
    id,
    parent,
    execute(...names.map((name) => `alter table t add ${name}`)),
    execute(...names.toReversed().map((name) => `alter table t drop column ${name.split(' ')[0]}`)),
  )
}
const sql = (id: string, parent: string, body: string): string =>
  `-- revision: ${id}\n-- revises: ${parent}\n\n-- upgrade\n${body}\n\n-- downgrade\nalter table t drop column a;\n`

const differs = (id: string, place = 'at feat'): string =>
  `${id} is another revision ${place}: its upgrade differs from the one that was applied. It is reverted and applied again.`

const b0 = table('b0b0')
const one = {b0b0: b0, b1b1: columns('b1b1', 'b0b0', 'a text')}

const cases: Readonly<Record<string, Case>> = {
  'a revision into which others were squashed': {
    main: {...one, b2b2: columns('b2b2', 'b1b1', 'b text')},
    feat: {b0b0: b0, b2b2: columns('b2b2', 'b0b0', 'a text, b text')},
    steps: ['downgrade b2b2', 'downgrade b1b1', 'upgrade b2b2'],
    notes: [differs('b2b2')],
  },
  'a revision that adds a column of another type': {
    main: one,
    feat: {b0b0: b0, b1b1: columns('b1b1', 'b0b0', 'a integer')},
    steps: ['downgrade b1b1', 'upgrade b1b1'],
    notes: [differs('b1b1')],
  },
  'a rewritten revision, with those above it': {
    main: {...one, b2b2: columns('b2b2', 'b1b1', 'b text')},
    feat: {b0b0: b0, b1b1: columns('b1b1', 'b0b0', 'a integer'), b2b2: columns('b2b2', 'b1b1', 'b text')},
    steps: ['downgrade b2b2', 'downgrade b1b1', 'upgrade b1b1', 'upgrade b2b2'],
    notes: [differs('b1b1'), 'b2b2 is above b1b1: it is reverted and applied again, too.'],
  },
  'a revision that was cherry-picked above another one': {
    main: {...one, b2b2: columns('b2b2', 'b1b1', 'b text')},
    feat: {b0b0: b0, b2b2: columns('b2b2', 'b0b0', 'b text')},
    steps: ['downgrade b2b2', 'downgrade b1b1', 'upgrade b2b2'],
    notes: [
      'b2b2 is another revision at feat: it was applied above b1b1, and is above b0b0 there. It is reverted and applied again.',
    ],
  },
  'revisions in the other order': {
    main: {...one, b2b2: columns('b2b2', 'b1b1', 'b text')},
    feat: {b0b0: b0, b2b2: columns('b2b2', 'b0b0', 'b integer'), b1b1: columns('b1b1', 'b2b2', 'a text')},
    steps: ['downgrade b2b2', 'downgrade b1b1', 'upgrade b2b2', 'upgrade b1b1'],
    notes: [differs('b2b2'), 'b1b1 is above b2b2: it is reverted and applied again, too.'],
  },
  'an applied revision below which a new one was inserted, above a rewritten one': {
    main: {...one, c1c1: columns('c1c1', 'b0b0', 'c text')},
    feat: {
      b0b0: b0,
      b1b1: columns('b1b1', 'b0b0', 'a integer'),
      d1d1: columns('d1d1', 'b1b1', 'd text'),
      c1c1: columns('c1c1', 'd1d1', 'c text'),
    },
    steps: ['downgrade c1c1', 'downgrade b1b1', 'upgrade b1b1', 'upgrade d1d1', 'upgrade c1c1'],
    notes: [differs('b1b1'), 'c1c1 is above d1d1: it is reverted and applied again, too.'],
  },
  'a rewritten SQL file': {
    main: {b0b0: b0, 'b1b1.sql': sql('b1b1', 'b0b0', 'alter table t add a text;')},
    feat: {b0b0: b0, 'b1b1.sql': sql('b1b1', 'b0b0', 'alter table t add a integer;')},
    steps: ['downgrade b1b1', 'upgrade b1b1'],
    notes: [differs('b1b1')],
  },
  'a reformatted SQL file, which stays': {
    main: {b0b0: b0, 'b1b1.sql': sql('b1b1', 'b0b0', 'alter table t add a text;')},
    feat: {b0b0: b0, 'b1b1.sql': sql('b1b1', 'b0b0', '-- a comment\nalter table t\n  add a text;')},
    steps: [],
  },
  'a reformatted revision with types, which stays': {
    main: one,
    feat: {
      b0b0: b0,
      b1b1: `import type {Operations} from 'migdag'\n${columns('b1b1', 'b0b0', 'a text')
        .replaceAll("'", '"')
        .replaceAll('(op)', '(op: Operations): Promise<void>')
        .replaceAll('op.execute(', '// a comment\n  op.execute(\n    ')
        .replaceAll(/"\)$/gm, '",\n  );')}`,
    },
    steps: [],
  },
  'a revision with a corrected downgrade, which stays': {
    main: {b0b0: b0, b1b1: columns('b1b1', 'b0b0', 'a text').replace('drop column a', 'drop colum a')},
    feat: one,
    steps: [],
  },
  'a revision with another parent, beneath which nothing is reverted, which stays': {
    main: {...one, b2b2: columns('b2b2', 'b1b1', 'b text')},
    feat: {...one, b2b2: columns('b2b2', 'b0b0', 'b text')},
    steps: [],
  },
}

/** `main` and `feat` have their files, and `main` is checked out with all of it applied. */
async function arrange(database: TestDatabase, {main, feat}: Pick<Case, 'main' | 'feat'>): Promise<GitFolder> {
  const repo = GitFolder.init().write({'mig.config.js': `export default {orm: '${database.url}'}\n`})
  const first = repo.commit('first')
  for (const [branch, files] of Object.entries({feat, main})) {
    repo.git('switch', '-q', '-C', branch, first)
    const named = Object.entries(files).map(([name, text]) => [
      `migrations/versions/${name.includes('.') ? name : `${name}_x.ts`}`,
      text,
    ])
    repo.write(Object.fromEntries(named)).commit(branch)
  }
  await upgrade({cwd: repo.path, target: 'heads'})
  return repo
}

async function columnsOf(kind: DatabaseKind, database: TestDatabase): Promise<readonly string[]> {
  const query =
    kind === 'sqlite'
      ? `select name, lower(type) as type from pragma_table_info('t') order by name`
      : `select column_name as name, data_type as type from information_schema.columns where table_name = 't' order by 1`
  const [rows = []] = await database.query(query)
  return rows.map(({name, type}) => `${String(name)} ${String(type)}`)
}

interface Switched {
  readonly steps: readonly string[]
  readonly notes: readonly string[]
}

async function switched(repo: GitFolder, options: object): Promise<Switched> {
  const notes: string[] = []
  const {steps} = await switchTo({
    cwd: repo.path,
    onEvent: (event) => {
      if (event.kind === 'note') notes.push(event.text)
    },
    ...options,
  })
  return {steps: steps.map(({direction, revision: id}) => `${direction} ${id}`), notes}
}

const kinds: readonly DatabaseKind[] = ['sqlite', 'postgresql']

for (const kind of kinds.filter((each) => databaseKinds.includes(each)))
  describe(`mig switch to a branch that has an applied id with another text, on ${kind}:`, () => {
    for (const [name, {main, feat, steps, notes = []}] of Object.entries(cases))
      it(name, async () => {
        const [database, fresh] = [await createDatabase(kind), await createDatabase(kind)]
        try {
          const repo = await arrange(database, {main, feat})
          const planned = await switched(repo, {ref: 'feat', dryRun: true})
          expect(planned).to.deep.equal({steps, notes})
          await switched(repo, {ref: 'feat'})
          repo.write({'mig.config.js': `export default {orm: '${fresh.url}'}\n`})
          await upgrade({cwd: repo.path, target: 'heads'})
          expect(await columnsOf(kind, database)).to.deep.equal(await columnsOf(kind, fresh))
          repo.git('restore', 'mig.config.js')
          expect(await switched(repo, {})).to.deep.equal({steps: [], notes: []})
        } finally {
          await database.drop()
          await fresh.drop()
        }
      }).timeout(60_000)

    it('also where git switched the branch without mig', async () => {
      const database = await createDatabase(kind)
      try {
        const repo = await arrange(database, cases['a rewritten revision, with those above it'] as Case)
        repo.git('switch', '-q', 'feat')
        const {steps, notes} = await switched(repo, {})
        expect(steps).to.deep.equal(['downgrade b2b2', 'downgrade b1b1', 'upgrade b1b1', 'upgrade b2b2'])
        expect(notes).to.include(differs('b1b1', 'in this checkout'))
        expect(await columnsOf(kind, database)).to.include('a integer')
      } finally {
        await database.drop()
      }
    })

    it('and keeps and brings back no snapshot that has another text', async () => {
      const database = await createDatabase(kind)
      try {
        const repo = await arrange(database, cases['a revision that adds a column of another type'] as Case)
        const first = await switched(repo, {ref: 'feat', snapshot: true})
        expect(first.steps).to.deep.equal(['downgrade b1b1', 'upgrade b1b1'])
        repo.git('switch', '-q', 'main')
        repo.write({'migrations/versions/b1b1_x.ts': columns('b1b1', 'b0b0', 'a text, c text')}).commit('rewritten')
        repo.git('switch', '-q', 'feat')
        const {steps, notes} = await switched(repo, {ref: 'main', snapshot: true})
        expect(steps).to.deep.equal(['downgrade b1b1', 'upgrade b1b1'])
        expect(notes).to.include(
          'The snapshot of main is not used: the destination has b1b1 with another text than the one that was applied.',
        )
        expect(await columnsOf(kind, database)).to.deep.equal(['a text', 'c text', 'id integer'])
        const {hint} = await rejectionOf('SWITCH_REFUSED', async () => switched(repo, {ref: 'feat', snapshot: true}))
        expect(hint).to.equal('`mig switch --forget main` deletes it.')
        await forgetSnapshots({cwd: repo.path, place: 'main'})
        const back = await switched(repo, {ref: 'feat', snapshot: true})
        expect(back).to.deep.equal({steps: [], notes: []})
        expect(await columnsOf(kind, database)).to.deep.equal(['a integer', 'id integer'])
        await forgetSnapshots({cwd: repo.path, place: 'main'})
      } finally {
        await database.drop()
      }
    })

    it('and refuses one that cannot be reverted before anything is changed', async () => {
      const database = await createDatabase(kind)
      try {
        const withoutDowngrade = (text: string): string =>
          text.slice(0, text.indexOf('export async function downgrade'))
        const repo = await arrange(database, {
          main: {b0b0: b0, b1b1: withoutDowngrade(columns('b1b1', 'b0b0', 'a text'))},
          feat: {b0b0: b0, b1b1: columns('b1b1', 'b0b0', 'a integer')},
        })
        await rejectionOf('IRREVERSIBLE', async () => switched(repo, {ref: 'feat'}))
        expect([repo.git('branch', '--show-current'), await columnsOf(kind, database)]).to.deep.equal([
          'main',
          ['a text', 'id integer'],
        ])
      } finally {
        await database.drop()
      }
    })
  })
