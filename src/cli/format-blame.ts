import type {
  AuthoredRevision,
  BlamedObject,
  BlameResult,
  TableLogResult,
  UncertainRevision,
} from '../api/files/blame.ts'
import {joined, text} from '../render/safe/text.ts'
import type {SafeText} from '../render/safe/text.ts'
import {listOf} from '../util/text.ts'
import type {Paint} from './style.ts'

type TableChange = TableLogResult['revisions'][number]['changes'][number]

/** Returns the parts of a table, one on a line with its revision, and the revisions that may have changed it. */
export function formatBlame(result: BlameResult, paint: Paint): SafeText[] {
  const rows = result.objects.map((object): readonly string[] => [
    object.kind,
    object.name,
    changeWords(object),
    object.by?.revision ?? '?',
    ...(object.by === null ? ['', ''] : authorCells(object.by)),
    messageOf(object),
  ])
  return [...formatRows(rows, paint), ...formatUncertain(result.mayHaveChanged, paint)]
}

/** Returns the revisions that change a table, with their changes, and those that may have changed it. */
export function formatTableLog(result: TableLogResult, paint: Paint): SafeText[] {
  const revisions = result.revisions.flatMap((revision) => [
    joined(
      [
        paint('id', revision.revision),
        ...authorCells(revision)
          .filter((cell) => cell !== '')
          .map((cell) => paint('dim', cell)),
        ...(revision.message === '' ? [] : [text`${revision.message}`]),
      ],
      '  ',
    ),
    ...changesOfTable(revision.changes).map((words) => text`    ${words}`),
  ])
  return [...revisions, ...formatUncertain(result.mayHaveChanged, paint)]
}

const pastWords = {creates: 'created', alters: 'altered', renames: 'renamed', drops: 'dropped'} as const

function changeWords({change, from, to}: BlamedObject): string {
  if (change === null) return 'unknown'
  return [
    pastWords[change],
    ...(from === undefined ? [] : [`from ${from}`]),
    ...(to === undefined ? [] : [`to ${to}`]),
  ].join(' ')
}

function messageOf({by, alongside}: BlamedObject): string {
  const others = alongside.length === 0 ? '' : `(${listOf(alongside)} changed it in parallel)`
  return [by?.message ?? '', others].filter((part) => part !== '').join(' ')
}

function authorCells({commit, isCommitted}: AuthoredRevision): readonly [author: string, date: string] {
  if (commit !== null) return [commit.author, commit.date.slice(0, 10)]
  return [isCommitted === false ? 'not committed' : '', '']
}

/** The columns of the table that are not plain text. */
const cellStyles = ['dim', undefined, undefined, 'id', 'dim', 'dim', undefined] as const

function formatRows(rows: readonly (readonly string[])[], paint: Paint): SafeText[] {
  const widths = cellStyles.map((_, i) => Math.max(0, ...rows.map((row) => row[i]?.length ?? 0)))
  return rows.map((row) => {
    const last = row.findLastIndex((cell) => cell !== '')
    const cells = row.flatMap((cell, i) => {
      const style = cellStyles[i]
      if (i > last || widths[i] === 0) return []
      const shown = i === last ? cell : cell.padEnd(widths[i] ?? 0)
      return [style === undefined ? text`${shown}` : paint(style, shown)]
    })
    return joined(cells, '  ')
  })
}

/** Returns what a revision changes, without the parts of a table that is created or dropped as a whole. */
function changesOfTable(changes: readonly TableChange[]): readonly string[] {
  const whole = changes.find(({kind, change}) => isTable(kind) && (change === 'creates' || change === 'drops'))
  const shown =
    whole === undefined ? changes : changes.filter((one) => isTable(one.kind) || one.change !== whole.change)
  return shown.map((one) => {
    const object = isTable(one.kind) ? `the ${one.kind}` : `${one.kind} ${one.name}`
    switch (one.change) {
      case 'creates':
        return isTable(one.kind) ? `creates ${object}` : `adds ${object}`
      case 'alters':
      case 'drops':
        return `${one.change} ${object}`
      case 'renames':
        return isTable(one.kind)
          ? `renames ${object} from ${one.from} to ${one.name}`
          : `renames ${one.kind} ${one.from} to ${one.name}`
    }
  })
}

const isTable = (kind: TableChange['kind']): boolean => kind === 'table' || kind === 'view'

/** Returns the revisions of which it is not known what they change; those that contain the name first, with the reasons. */
function formatUncertain(uncertain: readonly UncertainRevision[], paint: Paint): SafeText[] {
  const named = uncertain.filter(({isNamed}) => isNamed)
  const others = uncertain.filter(({isNamed}) => !isNamed)
  return [
    ...(uncertain.length === 0 ? [] : [text``, paint('dim', 'May have changed it:')]),
    ...named.map(({revision, reasons, message}) => {
      const about = message === '' ? '' : `, ${message}`
      return text`  ${paint('id', revision)}${about}: ${reasons.join(', ')}`
    }),
    ...(others.length === 0
      ? []
      : [
          text`  ${listOf(others.map(({revision}) => revision))}, whose ${others.length === 1 ? 'text does' : 'texts do'} not contain the name`,
        ]),
  ]
}
