import {runner} from 'node-pg-migrate'

const [, , databaseUrl, dir] = process.argv
const log = () => {}
await runner({
  databaseUrl,
  dir,
  direction: 'up',
  migrationsTable: 'pgmigrations',
  log,
  logger: {debug: log, info: log, warn: log, error: log},
})
