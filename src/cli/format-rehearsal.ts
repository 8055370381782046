import type {RehearsalResult} from '../api/runs/rehearse.ts'
import {text} from '../render/safe/text.ts'
import type {SafeText} from '../render/safe/text.ts'
import type {Paint} from './style.ts'

type Database = RehearsalResult['databases'][number]
type Revision = Database['revisions'][number]

/** Returns the revisions of a rehearsal with their outcomes, as lines for a terminal. */
export function formatRehearsal({databases}: RehearsalResult, paint: Paint): SafeText[] {
  return databases.flatMap(({database, on, revisions}) => {
    const place = database === undefined ? on : `${database}: ${on}`
    const width = Math.max(...revisions.map(({revision}) => revision.length))
    return [
      text`${place}`,
      ...revisions.flatMap((revision) => {
        const isFine = revision.isSkipped !== true && revision.findings.every(({level}) => level !== 'error')
        const outcome = paint(isFine ? 'head' : 'bad', outcomeOf(revision))
        const message = revision.message === '' ? '' : `  ${revision.message}`
        return [
          text`  ${paint('id', revision.revision.padEnd(width))}  ${outcome}${message}`,
          ...revision.withoutRows.map(({table, reason}) => paint('dim', `      no rows in ${table}: ${reason}`)),
        ]
      }),
    ]
  })
}

const steps: Readonly<Record<Revision['steps'], string>> = {
  none: 'nothing to run',
  up: 'up',
  'up down': 'up, down',
  'up down up': 'up, down, up',
}

function outcomeOf(revision: Revision): string {
  const {isSkipped, findings} = revision
  if (isSkipped === true) return 'not rehearsed'
  const codes = new Set(findings.map(({code}) => code))
  if (codes.has('REHEARSAL_FAILED')) return 'failed'
  const found = [
    codes.has('NOT_UNDONE') ? 'not undone' : [],
    codes.has('NOT_REPEATED') || codes.has('NOT_DETERMINISTIC') ? 'differs' : [],
    codes.has('FAILS_WITH_ROWS') ? 'fails with rows' : [],
    codes.has('ROWS_CHANGED') ? 'changes rows' : [],
  ].flat()
  return found.length > 0 ? found.join(', ') : steps[revision.steps]
}
