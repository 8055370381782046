import {DataSource} from 'typeorm'

const [, , url, folder] = process.argv
const source = new DataSource({
  type: 'postgres',
  url,
  migrations: [`${folder}/*.js`],
  migrationsTransactionMode: 'each',
})
await source.initialize()
await source.runMigrations()
await source.destroy()
