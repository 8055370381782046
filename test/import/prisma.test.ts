import {describeHistory, runTool} from './support/tool.ts'

/** Applies what `prisma migrate deploy` applies, with the engine that comes as a package: the native one is downloaded elsewhere. */
const runner = `import {readFileSync, readdirSync} from 'node:fs'
import {createRequire} from 'node:module'
import {PrismaPg} from '@prisma/adapter-pg'
import {bindMigrationAwareSqlAdapterFactory} from '@prisma/driver-adapter-utils'
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg'
// The adapter would split a script at each semicolon; the native engine sends it whole.
class WholeScripts extends PrismaPg {
  async connect() {
    const connection = await super.connect()
    connection.executeScript = async (script) => void (await connection.underlyingDriver().query(script))
    return connection
  }
}
const entry = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm')
const code = readFileSync(entry.replace('schema_engine.js', 'schema_engine_bg.wasm'))
const {instance} = await WebAssembly.instantiate(code, {'./schema_engine_bg.js': bindings})
bindings.__wbg_set_wasm(instance.exports)
instance.exports.__wbindgen_start()
const read = (path) => readFileSync('prisma/' + path, 'utf8')
const datamodels = [['schema.prisma', read('schema.prisma')]]
const adapter = new WholeScripts({connectionString: process.env.URL})
const engine = await bindings.SchemaEngine.new({datamodels}, () => {}, bindMigrationAwareSqlAdapterFactory(adapter))
const folders = readdirSync('prisma/migrations').filter((name) => name !== 'migration_lock.toml')
await engine.applyMigrations({
  filters: {externalTables: [], externalEnums: []},
  migrationsList: {
    baseDir: process.cwd() + '/prisma/migrations',
    shadowDbInitScript: '',
    lockfile: {path: 'migration_lock.toml', content: read('migrations/migration_lock.toml')},
    migrationDirectories: folders.slice(0, Number(process.env.COUNT)).map((path) => ({
      path,
      migrationFile: {path: 'migration.sql', content: {tag: 'ok', value: read('migrations/' + path + '/migration.sql')}},
    })),
  },
})
process.exit()
`

const migrations = {
  '20260101100000_init': `-- CreateEnum
CREATE TYPE "Role" AS ENUM ('USER', 'ADMIN');

-- CreateTable
CREATE TABLE "User" (
    "id" SERIAL NOT NULL,
    "email" TEXT NOT NULL,
    "role" "Role" NOT NULL DEFAULT 'USER',
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "User_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "User_email_key" ON "User"("email");
`,
  '20260102100000_posts': `-- CreateTable
CREATE TABLE "_PostToUser" (
    "A" INTEGER NOT NULL,
    "B" INTEGER NOT NULL,

    CONSTRAINT "_PostToUser_AB_pkey" PRIMARY KEY ("A","B")
);
-- CreateIndex
CREATE INDEX "_PostToUser_B_index" ON "_PostToUser"("B");
-- AddForeignKey
ALTER TABLE "_PostToUser" ADD CONSTRAINT "_PostToUser_B_fkey" FOREIGN KEY ("B") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;
`,
  '20260103100000_role': `/*
  Warnings:

  - The values [ADMIN] on the enum \`Role\` will be removed; it's no comment's end.
*/
-- AlterEnum
BEGIN;
CREATE TYPE "Role_new" AS ENUM ('USER', 'OWNER');
ALTER TABLE "User" ALTER COLUMN "role" DROP DEFAULT;
ALTER TABLE "User" ALTER COLUMN "role" TYPE "Role_new" USING ("role"::text::"Role_new");
ALTER TYPE "Role" RENAME TO "Role_old";
ALTER TYPE "Role_new" RENAME TO "Role";
DROP TYPE "Role_old";
ALTER TABLE "User" ALTER COLUMN "role" SET DEFAULT 'USER';
COMMIT;
`,
  '20260104100000_custom': `CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW."createdAt" := now();
  RETURN NEW;
END
$$;
CREATE TRIGGER "User_touch" BEFORE UPDATE ON "User" FOR EACH ROW EXECUTE FUNCTION touch();
INSERT INTO "User" ("email") VALUES ('a;b@example.com');
`,
  '20260105100000_concurrently': 'CREATE INDEX CONCURRENTLY "User_role_idx" ON "User"("role");\n',
}

describeHistory({
  tool: 'prisma',
  kinds: ['postgresql'],
  packages: {
    '@prisma/schema-engine-wasm': '7.10.0-7.561d7b42579a2459cc8edf3788918b626c640023',
    '@prisma/driver-adapter-utils': '7.10.0',
    '@prisma/adapter-pg': '7.10.0',
  },
  folder: 'prisma/migrations',
  ids: Object.keys(migrations),
  files: {
    'package.json': '{"type": "module"}',
    'run.js': runner,
    'prisma/schema.prisma': 'datasource db {\n  provider = "postgresql"\n}\n',
    'prisma/migrations/migration_lock.toml': 'provider = "postgresql"\n',
    ...Object.fromEntries(
      Object.entries(migrations).map(([name, sql]) => [`prisma/migrations/${name}/migration.sql`, sql]),
    ),
  },
  async apply(folder, {url}, count) {
    await runTool(folder, process.execPath, ['run.js'], {URL: url, COUNT: String(count)})
  },
  isReversible: false,
  own: /_prisma_migrations/,
})
