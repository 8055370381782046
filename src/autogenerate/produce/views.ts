import type {DatabaseView, SchemaDifference} from '@mikro-orm/sql'
import type {Operation} from '../../operations/operation.ts'
import {indexOf} from '../../catalogue/definitions/index.ts'
import {createByStatement, dropByStatement, tableNameOf} from '../../catalogue/definitions/table.ts'
import type {Producing} from './producing.ts'

/** Adds the operations for views: changed views are dropped before the tables change, and recreated afterwards. */
export function produceViews({newViews, changedViews, removedViews}: SchemaDifference, producing: Producing): void {
  const {stages} = producing
  const changed = Object.values(changedViews)
  const dropped = [...Object.values(removedViews), ...changed.map(({from}) => from)]
  const created = [...Object.values(newViews), ...changed.map(({to}) => to)]
  for (const view of inOrder(dropped).toReversed()) stages.addAt('dropView', ...dropOf(view, producing))
  for (const view of inOrder(created)) stages.addAt('createView', ...createOf(view, producing))
}

function createOf(view: DatabaseView, {context, mikro}: Producing): readonly Operation[] {
  const name = nameOf(view, context)
  const {definition, materialized, withData} = view
  if (!materialized) return [{kind: 'createView', name, definition}]
  const table = new mikro.DatabaseTable(context.platform, view.name, view.schema)
  const indexes = (view.indexes ?? []).map((index): Operation => {
    const part = indexOf({...index, constraint: false}, context.dialect)
    return part.kind === 'index'
      ? {kind: 'createIndex', table: name, ...part.index}
      : createByStatement(index, table, context)
  })
  return [
    {kind: 'createMaterializedView', name, definition, ...(withData === false && {withNoData: true as const})},
    ...indexes,
  ]
}

function dropOf(view: DatabaseView, {context, mikro}: Producing): readonly Operation[] {
  const name = nameOf(view, context)
  const {definition, materialized, withData} = view
  if (!materialized) return [{kind: 'dropView', name, was: definition}]
  const table = new mikro.DatabaseTable(context.platform, view.name, view.schema)
  return [
    ...(view.indexes ?? []).map((index) => dropByStatement(index, table, context)),
    {kind: 'dropMaterializedView', name, was: {definition, ...(withData === false && {withNoData: true as const})}},
  ]
}

function nameOf({name, schema}: DatabaseView, context: Producing['context']): string {
  return tableNameOf({name, schema}, context)
}

/** Returns views ordered so that each follows the views it mentions. */
function inOrder(views: readonly DatabaseView[]): readonly DatabaseView[] {
  const waiting = new Set(views.toSorted((a, b) => (a.name < b.name ? -1 : 1)))
  const placed: DatabaseView[] = []
  while (waiting.size > 0) {
    const isReady = (view: DatabaseView): boolean =>
      [...waiting].every((other) => other === view || !mentions(view.definition, other.name))
    const ready = [...waiting].filter(isReady)
    for (const view of ready.length > 0 ? ready : [...waiting].slice(0, 1)) {
      placed.push(view)
      waiting.delete(view)
    }
  }
  return placed
}

function mentions(sql: string, name: string): boolean {
  return sql.split(/[^\p{L}\p{N}_$]+/u).some((word) => word.toLowerCase() === name.toLowerCase())
}
