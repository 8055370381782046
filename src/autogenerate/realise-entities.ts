import type {ScriptProject} from '../engine/project.ts'
import {realise} from '../rehearsal/realise.ts'
import type {Realised} from '../rehearsal/realise.ts'
import {extensionsFor} from '../rehearsal/scratch-extensions.ts'
import type {Session} from '../runner/connection/session.ts'
import type {OnEvent} from '../runner/events.ts'
import {codeOf, messageOf} from '../util/error-info.ts'
import type {WantedSchema} from './compare.ts'

/** Error codes of servers for a user who may not create databases. */
const notAllowed: readonly string[] = ['42501', 'ER_DBACCESS_DENIED_ERROR']

/**
 * Returns what MikroORM makes of the entities of a project in an empty database like that of a session; undefined, with
 * a note, if the user may not create one.
 */
export async function realiseFor(
  project: ScriptProject,
  session: Session,
  {creation, schemas, live}: WantedSchema,
  {onEvent}: {readonly onEvent?: OnEvent | undefined},
): Promise<Realised | undefined> {
  const {root, settings} = project
  const extensions = session.isExclusive ? await extensionsFor(project, session.em) : undefined
  try {
    return await realise(session, creation, {root, timeout: settings.connectTimeout, schemas, live, extensions})
  } catch (error) {
    if (!notAllowed.includes(codeOf(error))) throw error
    onEvent?.({
      kind: 'note',
      text: `The entities were compared without a temporary database (${messageOf(error)}): docs/autogenerate.md lists what that misses.`,
    })
    return undefined
  }
}
