import type {RevisionView} from '../engine/views.ts'
import {joined, linesOf, text} from '../render/safe/text.ts'
import type {SafeText} from '../render/safe/text.ts'
import type {Paint} from './style.ts'

/** Optional parts of a view. */
type AnyView = RevisionView & {
  readonly isUnknown?: true
  readonly database?: string
  readonly tenant?: string
  readonly whereabouts?: string
}

/** Returns a revision on one line: id, labels, kind, message. */
export function formatTitle(view: AnyView, paint: Paint): SafeText {
  const message = view.message === '' ? '' : text`, ${view.message}`
  return text`${paint('id', view.revision)}${marksOf(view, paint)}${message}`
}

/** Returns a revision on one line with its parents: `a, b -> m (merge point), join them`. */
export function formatStep(view: AnyView, paint: Paint): SafeText {
  const down = view.downRevisions.length === 0 ? 'base' : view.downRevisions.join(', ')
  return text`${paint('dim', `${down} ->`)} ${formatTitle(view, paint)}`
}

/** Returns the details of a revision, on several lines. */
export function formatDetails(view: AnyView, paint: Paint): SafeText[] {
  const {downRevisions, isMergePoint, isBranchPoint, children = []} = view
  const facts: readonly (readonly [name: string, value: SafeText | string])[] = [
    ['revision', text`${paint('id', view.revision)}${marksOf({...view, branchLabels: [], dependsOn: []}, paint)}`],
    [isMergePoint ? 'merges' : 'revises', downRevisions.join(', ') || 'base'],
    ...(isBranchPoint && children.length > 0 ? [['branches into', children.join(', ')] as const] : []),
    ...(view.branchLabels.length > 0 ? [['branch labels', view.branchLabels.join(', ')] as const] : []),
    ...(view.dependsOn.length > 0 ? [['depends on', view.dependsOn.join(', ')] as const] : []),
    ...(view.replaces === undefined ? [] : [['replaces', view.replaces.join(', ')] as const]),
    ...(view.replacedBy === undefined ? [] : [['replaced by', view.replacedBy] as const]),
    ...(view.createDate === null ? [] : [['created', view.createDate] as const]),
    ['file', view.file ?? '(missing)'],
    ...(view.whereabouts === undefined ? [] : [['git', view.whereabouts] as const]),
  ]
  const prose = linesOf(view.description === undefined ? view.message : `${view.message}\n\n${view.description}`)
  return [
    ...[...facts, ...effectFacts(view)].map(([name, value]) => text`${paint('dim', `${name}:`.padEnd(15))}${value}`),
    ...(prose.every(({value}) => value === '')
      ? []
      : [text``, ...prose.map((line) => (line.value === '' ? line : text`    ${line}`))]),
  ]
}

/** Returns the effects of a revision, one object per line. */
function effectFacts({effects}: AnyView): readonly (readonly [name: string, value: string])[] {
  if (effects === undefined) return []
  const {writes, reads, losesData, rewrites} = effects
  return [
    ...writes.map(({kind, name}) => ['writes', `${kind} ${name}`] as const),
    ...reads.map(({kind, name}) => ['reads', `${kind} ${name}`] as const),
    ...rewrites.map((table) => ['rewrites', `table ${table}`] as const),
    ...losesData.map((what) => ['can lose', what] as const),
    ...(writes.length + reads.length === 0 ? [['writes', 'nothing'] as const] : []),
  ]
}

function marksOf(view: AnyView, paint: Paint): SafeText {
  const marks = [
    ...(view.branchLabels.length > 0 ? [paint('label', `(${view.branchLabels.join(', ')})`)] : []),
    ...(view.isHead ? [paint('head', view.isDependency ? '(head, but a dependency)' : '(head)')] : []),
    ...(view.isBranchPoint ? [paint('point', '(branch point)')] : []),
    ...(view.isMergePoint ? [paint('point', '(merge point)')] : []),
    ...(view.dependsOn.length > 0 ? [paint('dim', `(depends on ${view.dependsOn.join(', ')})`)] : []),
    ...(view.isCurrent ? [paint('current', '(current)')] : []),
    ...(view.isUnknown ? [paint('bad', '(missing from the files)')] : []),
    ...(view.tenant === undefined ? [] : [paint('dim', `(on ${view.tenant})`)]),
    ...(view.database === undefined ? [] : [paint('dim', `(on ${view.database})`)]),
  ]
  return joined(
    marks.map((mark) => text` ${mark}`),
    '',
  )
}
