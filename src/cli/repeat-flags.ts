import {asStarted} from './invocation.ts'
import {shellWord} from '../util/shell.ts'

/** The flags of a parsed command line, as oclif lists them. */
type RawFlags = readonly {readonly type: string; readonly flag?: string; readonly input: unknown}[]

const projectFlags: ReadonlySet<string> = new Set(['config', 'name', 'x'])
const tenantFlags: ReadonlySet<string> = new Set(['tenant', 'tenants'])

/** The commands that take the flags of tenants. */
export const tenantCommands: ReadonlySet<string> = new Set([
  'current',
  'downgrade',
  'ensure-version',
  'history',
  'import',
  'lock',
  'rebase',
  'repair',
  'stamp',
  'status',
  'switch',
  'upgrade',
])

/** The flags of a command line that select a project, its environment and its tenants. */
export interface SelectionFlags {
  readonly project: string
  readonly tenants: string
}

/** Returns the flags that another command needs to select the same databases, each after a space. */
export function selectionOf(raw: RawFlags): SelectionFlags {
  const textOf = (names: ReadonlySet<string>): string =>
    raw
      .filter(({type, flag}) => type === 'flag' && flag !== undefined && names.has(flag))
      .map(({flag = '', input}) => ` ${flag === 'x' ? '-' : '--'}${flag} ${shellWord(String(input))}`)
      .join('')
  return {project: textOf(projectFlags), tenants: textOf(tenantFlags)}
}

/**
 * Returns a text whose mig commands, in backquotes or as the next step, select the same databases, and start mig as this
 * process was started.
 */
export function withSelection(text: string, selection: SelectionFlags): string {
  const completed = (command: string): string => asStarted(selecting(command, selection))
  return text
    .replaceAll(/`(mig [^`]+)`/g, (_, command: string) => `\`${completed(command)}\``)
    .replaceAll(/^(next: +)(mig .+)$/gm, (_, label: string, command: string) => `${label}${completed(command)}`)
}

/** Returns a command that selects the same databases. */
export function selecting(command: string, {project, tenants}: SelectionFlags): string {
  const [program, name = ''] = command.split(' ')
  if (program !== 'mig' || command.includes('--help')) return command
  const takesTenants = tenantCommands.has(name) && !/ --tenants?\b/.test(command)
  return `${command}${takesTenants ? tenants : ''}${project}`
}
