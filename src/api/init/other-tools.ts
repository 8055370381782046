import {existsSync, readdirSync} from 'node:fs'
import {join} from 'node:path'

/** Migrations that another tool runs, as `mig import` is given them. */
export interface OtherMigrations {
  readonly tool: string
  /** The name of the product. */
  readonly title: string
  readonly folder: string
}

/** The marks by which the migrations of a tool are known: a file of the project, or the names of the migrations. */
interface Marks {
  readonly tool: string
  readonly title: string
  /** One of these is in the project; without them, the names of the migrations are enough. */
  readonly files?: readonly string[]
  readonly folders: readonly string[]
  /** Matches the name of a file or folder among the migrations. */
  readonly name: RegExp
}

const code = /^(?!.*\.d\.[cm]?ts$).+\.[cm]?[jt]s$/
const usual = ['migrations', 'src/migrations', 'db/migrations', 'database/migrations']
const withExtensions = (name: string): readonly string[] => ['js', 'cjs', 'mjs', 'ts'].map((end) => `${name}.${end}`)

const tools: readonly Marks[] = [
  {
    tool: 'mikro-orm',
    title: 'MikroORM',
    folders: ['migrations', 'src/migrations'],
    name: /^Migration\d+\w*\.[cm]?[jt]s$/,
  },
  {tool: 'prisma', title: 'Prisma', folders: ['prisma/migrations'], name: /^\d+_/},
  {tool: 'knex', title: 'Knex', files: withExtensions('knexfile'), folders: usual, name: code},
  {
    tool: 'drizzle',
    title: 'Drizzle',
    files: withExtensions('drizzle.config'),
    folders: ['drizzle', ...usual],
    name: /./,
  },
  {
    tool: 'alembic',
    title: 'Alembic',
    files: ['alembic.ini'],
    folders: ['alembic/versions', 'migrations/versions'],
    name: /\.py$/,
  },
  {tool: 'django', title: 'Django', files: ['manage.py'], folders: ['.'], name: /^manage\.py$/},
  {tool: 'sqitch', title: 'Sqitch', folders: ['.', 'db', 'sqitch'], name: /^sqitch\.plan$/},
  {tool: 'atlas', title: 'Atlas', folders: usual, name: /^atlas\.sum$/},
  {
    tool: 'flyway',
    title: 'Flyway',
    folders: ['sql', 'db/migration', 'src/main/resources/db/migration', ...usual],
    name: /^V[\d._]+__.*\.sql$/,
  },
  {tool: 'golang-migrate', title: 'golang-migrate', folders: usual, name: /^\d+_.*\.up\.sql$/},
  {tool: 'dbmate', title: 'dbmate', folders: ['db/migrations'], name: /^\d{14}_.*\.sql$/},
]

/** Returns the migrations of another tool in a project, if there are any, without running any of its code. */
export function otherMigrations(cwd: string): OtherMigrations | undefined {
  for (const {tool, title, files, folders, name} of tools) {
    if (files?.some((file) => existsSync(join(cwd, file))) === false) continue
    const folder = folders.find((one) => namesIn(join(cwd, one)).some((entry) => name.test(entry)))
    if (folder !== undefined) return {tool, title, folder}
  }
  return undefined
}

/** Returns the names of what is in a folder, if it is one. */
export function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
