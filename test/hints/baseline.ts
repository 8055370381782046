import type {Project, Situation} from './situation.ts'

/** A project without revisions, on a database with a table. */
async function existing(project: Project): Promise<void> {
  project.configure({})
  project.write({'migrations/versions/.gitkeep': ''})
  await project.database.query('create table things (id integer primary key)')
}

/** A baseline that is recorded. */
async function recorded(project: Project): Promise<void> {
  await existing(project)
  await project.mig('baseline --rev-id a')
}

/** A baseline that is not recorded. */
async function unrecorded(project: Project): Promise<void> {
  await recorded(project)
  await project.mig('stamp --purge base')
}

/** Situations of databases that existed before their history. */
export const situations: readonly Situation[] = [
  {
    name: 'a baseline after other revisions',
    code: 'BASELINE_REFUSED',
    arrange: unrecorded,
    args: 'baseline -m again',
    hint: 'Compare another database with the baseline revision and record it: `mig baseline --verify`.',
  },
  {
    name: 'a database with revisions of another history',
    code: 'BASELINE_REFUSED',
    arrange: async (project) => {
      await recorded(project)
      project.repository.folder.remove('migrations/versions/a_baseline.ts')
    },
    args: 'baseline -m first',
    hint: 'Run `mig status` to see where they are. If they belong to another history, forget them with `mig stamp --purge base`.',
    ways: {'mig stamp --purge base': {cures: true}},
  },
  {
    name: 'an empty database',
    code: 'BASELINE_REFUSED',
    arrange: (project) => {
      project.configure({})
      project.write({'migrations/versions/.gitkeep': ''})
    },
    args: 'baseline -m first',
    hint: 'Check the database of the configuration, or create the first revision with `mig revision -m "…"`.',
    ways: {'mig revision -m "…"': {run: 'mig revision -m first'}},
  },
  {
    name: 'no baseline to verify',
    code: 'BASELINE_REFUSED',
    arrange: existing,
    args: 'baseline --verify',
    hint: 'Create it from the database: `mig baseline -m "…"`.',
    ways: {'mig baseline -m "…"': {run: 'mig baseline -m first'}},
  },
  {
    name: 'no baseline to verify among revisions',
    code: 'BASELINE_REFUSED',
    arrange: async (project) => {
      await existing(project)
      project.graph('a')
    },
    args: 'baseline --verify',
    hint: 'If the database has the schema of the revisions already, record that: `mig stamp heads`.',
  },
  {
    name: 'a baseline after revisions',
    code: 'BASELINE_REFUSED',
    arrange: async (project) => {
      await existing(project)
      project.graph('a')
    },
    args: 'baseline',
    hint: 'If the database has the schema of these revisions already, record that: `mig stamp heads`.',
  },
  {
    name: 'a database that differs from the baseline',
    code: 'BASELINE_DIFFERS',
    arrange: async (project) => {
      await unrecorded(project)
      await project.database.query('create table more (id integer)')
    },
    args: 'baseline --verify',
    hint: 'Nothing was recorded. Remove the differences, or record the database as it is with `mig stamp a`.',
  },
  {
    name: 'a downgrade below a baseline',
    code: 'BASELINE_REVERTED',
    arrange: recorded,
    args: 'downgrade base',
    hint: '`mig downgrade a` reverts what comes after it. To drop everything, use `--baseline`.',
  },
  {
    name: 'a first upgrade to a baseline that the database has',
    code: 'REVISION_FAILED',
    arrange: unrecorded,
    args: 'upgrade',
    hint: 'If the database has the schema of the baseline, record it without running the revision: `mig baseline --verify`.',
    ways: {'mig baseline --verify': {cures: true}},
  },
  {
    name: 'a first upgrade to a revision that the database has',
    code: 'REVISION_FAILED',
    arrange: async (project) => {
      await existing(project)
      project.sql('a', 'base', 'create table things (id integer primary key);')
    },
    args: 'upgrade',
    hint: 'If the database already has what the revision creates, record it without running the revision: `mig stamp a`.',
    ways: {'mig stamp a': {cures: true}},
  },
  {
    name: 'a first upgrade to an imported revision that the database has',
    code: 'REVISION_FAILED',
    arrange: async (project) => {
      await existing(project)
      await project.database.query(
        'create table SequelizeMeta (name text)',
        "insert into SequelizeMeta values ('1_a.sql')",
      )
      project.write({'db/1_a.sql': 'create table things (id integer primary key);\n'})
      await project.mig('import umzug db')
    },
    args: 'upgrade',
    hint: 'If umzug has applied it to the database, record that: `mig import --stamp umzug db`.',
    ways: {'mig import --stamp umzug db': {cures: true}},
  },
  {
    name: 'an import from a folder beside that of the migrations',
    code: 'IMPORT_REFUSED',
    arrange: (project) => {
      project.graph('a')
      project.write({'db/migrations/1_a/migration.sql': 'create table things (id integer primary key);\n'})
    },
    args: 'import prisma db',
    hint: 'Pass the folder of the migrations: `mig import prisma db/migrations`. No file was written.',
  },
]
