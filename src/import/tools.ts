import type {Tool} from './history.ts'

/** The tools whose histories can be imported, loaded on demand. */
const tools = {
  'mikro-orm': async () => (await import('./tools/mikro-orm.ts')).mikroOrm,
  knex: async () => (await import('./tools/knex.ts')).knex,
  typeorm: async () => (await import('./tools/typeorm.ts')).typeorm,
  'node-pg-migrate': async () => (await import('./tools/node-pg-migrate.ts')).nodePgMigrate,
  drizzle: async () => (await import('./tools/drizzle.ts')).drizzle,
  umzug: async () => (await import('./tools/umzug.ts')).umzug,
  prisma: async () => (await import('./tools/prisma.ts')).prisma,
  dbmate: async () => (await import('./tools/dbmate.ts')).dbmate,
  'golang-migrate': async () => (await import('./tools/golang-migrate.ts')).golangMigrate,
  flyway: async () => (await import('./tools/flyway.ts')).flyway,
  atlas: async () => (await import('./tools/atlas.ts')).atlas,
  sqitch: async () => (await import('./tools/sqitch.ts')).sqitch,
  alembic: async () => (await import('./tools/alembic.ts')).alembic,
  django: async () => (await import('./tools/django.ts')).django,
} as const satisfies Record<string, () => Promise<Tool>>

export type ToolName = keyof typeof tools

export const toolNames = Object.keys(tools) as readonly ToolName[]

export async function toolNamed(name: ToolName): Promise<Tool> {
  return tools[name]()
}
