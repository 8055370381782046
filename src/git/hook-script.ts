import {hookFilter} from './hook-filter.ts'
import {quoted, startCommand} from './start-script.ts'

/** Hooks of mig: `pre-` hooks can stop git, `post-` hooks only report. */
export const hookNames = [
  'post-merge',
  'post-rewrite',
  'post-commit',
  'post-applypatch',
  'post-checkout',
  'pre-commit',
  'pre-push',
] as const

export type HookName = (typeof hookNames)[number]

/** A project for which a hook runs mig. */
export interface HookedProject {
  /** Folder of its configuration, relative to the top of the work tree (`.`). */
  readonly folder: string
  /** Name of the configuration file, unless it is the default one. */
  readonly config?: string
}

/** Hooks that receive their input on stdin. */
const withInput: readonly string[] = ['post-rewrite', 'pre-push']

const projectsLine = /^# projects: (?<json>\[.*\])$/m
const title = '# mig hook'

/** Returns whether mig wrote a hook, or a part of it. */
export function isWritten(text: string): boolean {
  return text.includes(title)
}

/** Returns the projects in the text of a hook; none if mig did not write it. */
export function projectsIn(text: string): readonly HookedProject[] {
  const json = isWritten(text) ? projectsLine.exec(text)?.groups?.['json'] : undefined
  return json === undefined ? [] : (JSON.parse(json) as HookedProject[])
}

/** Returns a standalone hook, which first runs the previous hook. */
export function hookFile(hook: HookName, projects: readonly HookedProject[]): string {
  const before = '"$0.before-mig"'
  const given = withInput.includes(hook) ? 'give | ' : ''
  const stop = hook.startsWith('pre-') ? ' || exit $?' : ' || status=$?'
  return `#!/bin/sh
${title}, written by \`mig hooks install\`; \`mig hooks uninstall\` restores the previous hook.
${bodyOf(hook, projects, [`status=0`, `[ ! -x ${before} ] || ${given}${before} "$@"${stop}`])}exit $status
`
}

const begin = `${title}: begin, written by \`mig hooks install\`; \`mig hooks uninstall\` takes it out`
const end = `${title}: end`

/** Returns a shell script with mig's hook inserted before its own code. */
export function withBlock(script: string, hook: HookName, projects: readonly HookedProject[]): string {
  const own = withoutBlock(script)
  const firstLine = own.startsWith('#!') ? own.slice(0, own.indexOf('\n') + 1 || own.length) : ''
  // mig's hook consumes stdin; the rest of the script needs it again.
  const again = withInput.includes(hook) ? 'exec <<mig_input\n$input\nmig_input\n' : ''
  return `${firstLine}${begin}\n${bodyOf(hook, projects, [])}${again}${end}\n${own.slice(firstLine.length)}`
}

/** Returns a shell script without the hook of mig. */
export function withoutBlock(script: string): string {
  const from = script.indexOf(begin)
  const to = script.indexOf(`${end}\n`, from)
  return from === -1 || to === -1 ? script : script.slice(0, from) + script.slice(to + end.length + 1)
}

function bodyOf(hook: HookName, projects: readonly HookedProject[], first: readonly string[]): string {
  const isStopping = hook.startsWith('pre-')
  const input = withInput.includes(hook)
  return [
    `# projects: ${JSON.stringify(projects)}`,
    ...(input ? ['input=$(cat)', `give() { [ -z "$input" ] || printf '%s\\n' "$input"; }`] : []),
    ...first,
    hookFilter(hook),
    '# Runs the mig that `mig hooks install` was run with, which is recorded where no checkout changes it.',
    'mig_run() {',
    '  project=$1',
    '  shift',
    '  [ -d "$project" ] || return 0',
    `  ${startCommand(`"$project" hooks run ${hook} "$@"`)}`,
    '}',
    ...projects.map(({folder, config}) => {
      const options = config === undefined ? '' : ` --config ${quoted(config)}`
      const call = `mig_run ${quoted(folder)}${options} -- "$@"`
      const run = `${input ? `give | ${call}` : `${call} </dev/null`} ${isStopping ? '|| exit $?' : '|| :'}`
      return `if mig_concerned ${quoted(folder)} ${quoted(config ?? '')} "$@"; then\n  ${run}\nfi`
    }),
    '',
  ].join('\n')
}

/** Returns the hooks as the local configuration of lefthook, which overrides that of the project; empty without any. */
export function lefthookFile(hooks: ReadonlyMap<HookName, readonly HookedProject[]>): string {
  const sections = hookNames.flatMap((hook) => {
    const projects = hooks.get(hook) ?? []
    const commands = projects.map((project) => lefthookCommand(hook, project))
    return projects.length === 0
      ? []
      : `${hook}:\n# projects: ${JSON.stringify(projects)}\n  commands:\n${commands.join('')}`
  })
  if (sections.length === 0) return ''
  return `${title}, written by \`mig hooks install\`; \`mig hooks uninstall\` deletes it.\n${sections.join('')}`
}

/** Returns the projects of each hook in the local configuration of lefthook. */
export function lefthookProjects(text: string): ReadonlyMap<HookName, readonly HookedProject[]> {
  const sections = isWritten(text) ? text.split(/^(?=\S+:$)/m) : []
  return new Map(
    hookNames.flatMap((hook) => {
      const section = sections.find((candidate) => candidate.startsWith(`${hook}:\n`))
      return section === undefined ? [] : [[hook, projectsIn(title + section)] as const]
    }),
  )
}

function lefthookCommand(hook: HookName, {folder, config}: HookedProject): string {
  const isTop = folder === '.'
  const options = config === undefined ? '' : ` --config ${quoted(config)}`
  const run = startCommand(`. hooks run ${hook}${options} -- {0}`)
  return [
    `    ${JSON.stringify(isTop ? 'mig' : `mig ${folder}`)}:\n`,
    `      run: ${JSON.stringify(run)}\n`,
    ...(isTop ? [] : [`      root: ${JSON.stringify(`${folder}/`)}\n`]),
    ...(withInput.includes(hook) ? ['      use_stdin: true\n'] : []),
  ].join('')
}
