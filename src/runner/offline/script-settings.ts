import {dialects} from '../../dialects/dialects.ts'
import {placeOf} from '../failure.ts'
import type {PreparedStep} from '../prepare.ts'
import {OfflineSettingError} from '../statement-errors.ts'
import type {ScriptSession} from './script-session.ts'

/**
 * Writes the statements that remember the settings of the session, if a revision changes them.
 *
 * @throws MigError OFFLINE_SETTING
 */
export async function rememberSettings(session: ScriptSession, prepared: readonly PreparedStep[]): Promise<void> {
  const {effectOf, notInScript, remember} = dialects[session.dialect].session
  let isChanged = false
  for (const {statements, loaded} of prepared)
    for (const {sql, origin} of statements) {
      const command = notInScript(sql)
      if (command !== undefined) throw new OfflineSettingError(loaded.revision.id, placeOf(origin, loaded), command)
      isChanged ||= effectOf(sql) !== 'none'
    }
  if (isChanged) await session.send(remember.map((sql) => ({sql})))
}
