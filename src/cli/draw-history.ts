import type {RevisionView} from '../engine/views.ts'
import {layoutGraph} from '../render/layout.ts'
import {asciiGlyphs, boxGlyphs, drawGraph} from '../render/terminal.ts'
import {formatDetails, formatTitle} from './format-revision.ts'
import {hasUnicode} from './style.ts'
import {text} from '../render/safe/text.ts'
import type {SafeText} from '../render/safe/text.ts'
import type {Paint} from './style.ts'

/** Returns a drawing of revisions and the lines between them, newest on top. */
export function drawHistory(views: readonly RevisionView[], verbose: boolean, paint: Paint): SafeText[] {
  const byId = new Map(views.map((view) => [view.revision, view]))
  const textOf = (view: RevisionView): SafeText[] =>
    verbose ? [...formatDetails(view, paint), text``] : [formatTitle(view, paint)]
  return drawGraph(
    layoutGraph(views.map((view) => ({id: view.revision, parents: view.downRevisions}))),
    ({id}) => {
      const view = byId.get(id)
      return {lines: view === undefined ? [] : textOf(view), isCurrent: view?.isCurrent ?? false}
    },
    hasUnicode(process.env, process.platform) ? boxGlyphs : asciiGlyphs,
    (glyphs, part) => paint(part === 'line' ? 'dim' : part === 'current' ? 'current' : 'id', glyphs),
  )
}
