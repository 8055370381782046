/** Returns the name of the lock table, used where sessions cannot hold a lock. */
export function lockTableOf({versionTable}: {readonly versionTable: string}): string {
  return `${versionTable}_lock`
}
