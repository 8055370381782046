/** The command lines of mig for what other tools call them. */
const commandsByOtherName: Readonly<Record<string, readonly string[]>> = {
  upgrade: ['up', 'migrate', 'apply', 'deploy', 'latest', 'run'],
  'downgrade -1': ['down', 'rollback', 'revert', 'undo'],
  'downgrade base': ['reset'],
  'revision -m MESSAGE': ['add', 'create', 'generate', 'make', 'new'],
  history: ['list', 'ls'],
  status: ['info', 'pending'],
  'check models': ['diff', 'validate', 'verify'],
}

/**
 * Returns the command line of mig for another tool's name of a command, or undefined.
 *
 * @param name a name such as `up`, `migrate:latest` or `migration:create`
 */
export function byOtherName(name: string): string | undefined {
  const verb = name.slice(name.lastIndexOf(':') + 1)
  return Object.entries(commandsByOtherName).find(([, names]) => names.includes(verb))?.[0]
}
