import {tokensOf} from '../../../sql/sqlite/tokens.ts'

/** Returns what a constraint does on a conflict; null for the default. */
export function conflictOf(text: string | undefined): string | null {
  if (text === undefined || !/conflict/i.test(text)) return null
  const tokens = tokensOf(text)
  const at = tokens.findIndex(({word}, i) => word === 'CONFLICT' && tokens[i - 1]?.word === 'ON')
  const action = at < 0 ? 'abort' : tokens[at + 1]?.text.toLowerCase()
  return action === undefined || action === 'abort' ? null : action
}
