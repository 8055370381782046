import type {KnownDriver} from '../../dialects/drivers.ts'
import {hideInAddress} from '../../util/secrets.ts'

/** Returns the URL of a database without password, as messages name it. */
export function databaseName(
  {kind, isFile}: Pick<KnownDriver, 'kind' | 'isFile'>,
  {host, port, user, dbName}: Readonly<Record<string, unknown>>,
): string {
  const path = textOf(dbName)
  if (isFile) return hideInAddress(path.startsWith(`${kind}:`) ? path : `${kind}:${path}`)
  const place = `${textOf(host) || 'localhost'}${port ? `:${textOf(port)}` : ''}/${path}`
  return hideInAddress(`${kind}://${user ? `${textOf(user)}@` : ''}${place}`)
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}
