import {drizzle} from 'drizzle-orm/node-postgres'
import {migrate} from 'drizzle-orm/node-postgres/migrator'
import {Client} from 'pg'

const [, , connectionString, migrationsFolder] = process.argv
const client = new Client({connectionString})
await client.connect()
await migrate(drizzle(client), {migrationsFolder})
await client.end()
