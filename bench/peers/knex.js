import knex from 'knex'

const [, , url, directory] = process.argv
const db = knex({client: 'pg', connection: url, migrations: {directory}})
await db.migrate.latest()
await db.destroy()
