import type {SchemaModel} from './schema-model.ts'

/** The role that every server has. */
const superuser = 'postgres'

/**
 * Notes that a schema appears or goes: if the connecting role has its name, names without a schema mean its objects first.
 *
 * @param isOfRole whether the statement says that it is the schema of a role
 */
export function noteUserSchema(model: SchemaModel, name: string, isOfRole = false): void {
  const isRole = isOfRole || name === superuser || model.items.some(({properties}) => namesRole(properties, name))
  if (isRole) model.notes.userSchemas.add(name)
}

function namesRole(properties: Readonly<Record<string, string>>, name: string): boolean {
  const role = `"rolename":${JSON.stringify(name)}`
  return Object.entries(properties).some(([key, value]) => value.includes(role) || key.endsWith(` ${name}`))
}
