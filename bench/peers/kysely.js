import {promises as fs} from 'node:fs'
import path from 'node:path'
import {Kysely, PostgresDialect} from 'kysely'
import {FileMigrationProvider, Migrator} from 'kysely/migration'
import {Pool} from 'pg'

const [, , connectionString, migrationFolder] = process.argv
const db = new Kysely({dialect: new PostgresDialect({pool: new Pool({connectionString})})})
const {error} = await new Migrator({
  db,
  provider: new FileMigrationProvider({fs, path, migrationFolder}),
}).migrateToLatest()
if (error) throw error
await db.destroy()
