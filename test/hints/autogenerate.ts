import {resolve} from 'node:path'
import {pathToFileURL} from 'node:url'
import type {Project, Situation} from './situation.ts'

const packageUrl = (name: string): string => pathToFileURL(resolve(`node_modules/@mikro-orm/${name}/index.js`)).href

/** Configures MikroORM with an entity that has these columns. */
function entity(project: Project, ...columns: readonly string[]): void {
  const file = project.database.url.replace('sqlite:', '')
  const properties = columns.map((name) => `${name}: p.integer().nullable()`).join(', ')
  project.write({
    'mig.config.js': `import {defineEntity, p} from '${packageUrl('core')}'
import {SqliteDriver} from '${packageUrl('sqlite')}'
const thing = defineEntity({name: 'Thing', tableName: 'things', properties: {id: p.integer().primary(), ${properties}}})
export default {orm: {driver: SqliteDriver, dbName: ${JSON.stringify(file)}, entities: [thing]}}
`,
    'migrations/versions/.gitkeep': '',
  })
}

/** A first revision that makes the table of the entity. */
function begin(project: Project): void {
  project.sql('a', 'base', 'create table things (id integer primary key autoincrement not null);')
  entity(project, 'size')
}

const refused = 'Choose a head with `--head`, or write another revision without `--amend`.'

/** Situations of generated revisions. */
export const situations: readonly Situation[] = [
  {
    name: 'a database that lacks revisions',
    code: 'DATABASE_NOT_AT_HEADS',
    arrange: (project) => {
      begin(project)
      project.sql('b', 'a', 'select 1;')
    },
    args: 'revision --autogenerate -m more',
    hint: 'Run `mig upgrade heads` first, or compare with a temporary database: `--scratch`.',
    ways: {'mig upgrade heads': {cures: true}},
  },
  {
    name: 'a database that lacks one generated revision',
    code: 'DATABASE_NOT_AT_HEADS',
    arrange: async (project) => {
      begin(project)
      await project.mig('upgrade')
      await project.mig('revision --autogenerate -m size --rev-id b')
      entity(project, 'size', 'weight')
    },
    args: 'revision --autogenerate -m more',
    hint: 'Run `mig upgrade heads` first, generate the revision again with `mig revision --autogenerate --amend`, or compare with a temporary database: `--scratch`.',
    ways: {'mig upgrade heads': {cures: true}},
  },
  {
    name: 'a database with an unknown revision',
    code: 'DATABASE_NOT_AT_HEADS',
    arrange: async (project) => {
      begin(project)
      project.sql('b', 'a', 'select 1;')
      await project.mig('upgrade')
      project.repository.remove('migrations/versions/b.sql')
    },
    args: 'revision --autogenerate -m more',
    hint: 'Run `mig status` for details, or compare with a temporary database: `--scratch`.',
  },
  {
    name: 'a check of entities that differ',
    code: 'MODEL_DIFFERENCE',
    arrange: async (project) => {
      begin(project)
      await project.mig('upgrade')
    },
    args: 'check models',
    hint: '`mig revision --autogenerate -m "..."` generates the revision.',
  },
  {
    name: 'a check that cannot run',
    code: 'DATABASE_NOT_AT_HEADS',
    arrange: begin,
    args: 'check',
    hint: 'Run `mig upgrade heads` first, generate the revision again with `mig revision --autogenerate --amend`, or compare with a temporary database: `--scratch`. `mig check files heads` skips this check.',
    // The entities have a column more than the table.
    ways: {'--scratch': {status: 1}},
  },
  {
    name: 'an amended revision that is applied',
    code: 'AMEND_APPLIED',
    arrange: async (project) => {
      begin(project)
      await project.mig('upgrade')
    },
    args: 'revision --autogenerate --amend',
    hint: 'Downgrade it first, or write another revision without `--amend`.',
    ways: {
      'Downgrade it first': {run: 'mig downgrade base', cures: true},
      '--amend': {run: 'mig revision --autogenerate -m more'},
    },
  },
  {
    name: 'an amended revision that is not the only head',
    code: 'MULTIPLE_HEADS',
    arrange: async (project) => {
      begin(project)
      await project.mig('upgrade')
      project.sql('b', 'a', 'select 1;')
      project.sql('c', 'a', 'select 1;')
    },
    args: 'revision --autogenerate --amend',
    hint: 'Choose one: `--head b` or `--head c`.',
    ways: {
      '--head b': {run: 'mig revision --autogenerate --amend --head b --scratch'},
      '--head c': {run: 'mig revision --autogenerate --amend --head c --scratch'},
    },
  },
  {
    name: 'an amended revision that is not a head',
    code: 'NOT_A_HEAD',
    arrange: (project) => {
      begin(project)
      project.sql('b', 'a', 'select 1;')
    },
    args: 'revision --autogenerate --amend --head a',
    hint: refused,
    ways: {
      '--head': {run: 'mig revision --autogenerate --amend --head b --scratch'},
      '--amend': {run: 'mig revision --autogenerate --scratch -m more'},
    },
  },
  {
    name: 'an amended revision where there is none',
    code: 'NOTHING_TO_AMEND',
    arrange: (project) => entity(project),
    args: 'revision --autogenerate --amend',
    hint: 'Write the first revision without `--amend`.',
    ways: {'--amend': {run: 'mig revision --autogenerate -m first'}},
  },
  {
    name: 'an amended base',
    code: 'NOTHING_TO_AMEND',
    arrange: begin,
    args: 'revision --autogenerate --amend --head base',
    hint: refused,
    ways: {
      '--head': {run: 'mig revision --autogenerate --amend --head a'},
      '--amend': {run: 'mig revision --autogenerate --scratch -m more'},
    },
  },
]
