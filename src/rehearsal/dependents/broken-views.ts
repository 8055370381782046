import {dialects} from '../../dialects/dialects.ts'
import type {Session} from '../../runner/connection/session.ts'
import {reasonOf} from '../reason.ts'

interface View {
  readonly name: string
  readonly definition: string
}

/** Returns the words of the server about each view that cannot be read; none where the server guards views. */
export async function brokenViews(session: Session): Promise<ReadonlyMap<string, string>> {
  if (dialects[session.dialect].capabilities.guardsViews) return new Map()
  const views = await session.query<View>(
    'select table_name as name, view_definition as definition from information_schema.views where table_schema = database() order by table_name',
  )
  const broken = new Map<string, string>()
  for (const {name, definition} of views) {
    const reason = await reasonNotToRead(session, definition)
    if (reason !== undefined) broken.set(name, reason)
  }
  return broken
}

/** The definition is run in place of the view, about which the server does not say what is missing. */
async function reasonNotToRead(session: Session, definition: string): Promise<string | undefined> {
  try {
    await session.query(`select 1 from (${definition}) as mig_view limit 0`)
    return undefined
  } catch (error) {
    await session.stopIfAborted()
    return reasonOf(error)
  }
}
