import {openProject, openScripts} from '../engine/project.ts'
import type {ProjectOptions} from '../engine/project.ts'
import {onlyTrustedCode} from '../engine/trusted-code.ts'
import {templates} from './files/templates.ts'

interface Name {
  readonly value: string
  readonly description: string
}

/** Names of a project, each list read on demand. */
export interface ProjectNames {
  /** Names that are targets on their own. */
  targets(): Promise<readonly Name[]>
  labels(): Promise<readonly Name[]>
  environments(): Promise<readonly Name[]>
  templates(): Promise<readonly Name[]>
}

/** Returns the names of a project for completion; unreadable lists are empty. */
export function projectNames(options: ProjectOptions): ProjectNames {
  const labels = async (): Promise<readonly Name[]> => {
    const {graph} = (await openScripts({...options, literals: true})).scripts
    return [...graph.labels].map(([label, id]) => ({value: label, description: `branch of ${id}`}))
  }
  return {
    labels: async () => orNone(labels),
    targets: async () =>
      orNone(async () => {
        const {graph} = (await openScripts({...options, literals: true})).scripts
        const named = await labels()
        return [
          ...symbols,
          ...named,
          ...named.map(({value, description}) => ({value: `${value}@head`, description: `head of ${description}`})),
          ...graph.topological.toReversed().map((id) => ({value: id, description: graph.get(id).message})),
        ]
      }),
    environments: async () =>
      orNone(async () =>
        (await openProject(options)).environments.map((value) => ({value, description: 'environment'})),
      ),
    templates: async () => templates().templates.map(({name, description}) => ({value: name, description})),
  }
}

async function orNone(read: () => Promise<readonly Name[]>): Promise<readonly Name[]> {
  // A key that completes a word must not run what a checkout brought.
  return onlyTrustedCode(read).catch(() => [])
}

const symbols: readonly Name[] = [
  {value: 'head', description: 'the only head'},
  {value: 'heads', description: 'all heads'},
  {value: 'base', description: 'before the first revision'},
  {value: 'current', description: 'the current revisions of the database'},
]
