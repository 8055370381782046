import type {DatabaseView, SchemaDifference} from '@mikro-orm/sql'
import type {Operation} from '../../operations/operation.ts'
import {inOrder} from '../../catalogue/creation.ts'
import {indexOf} from '../../catalogue/definitions/index.ts'
import {createByStatement, dropByStatement, tableNameOf} from '../../catalogue/definitions/table.ts'
import type {Producing} from './producing.ts'

/** Adds the operations for views: changed views are dropped before the tables change, and recreated afterwards. */
export function produceViews(
  {newViews, changedViews, removedViews}: Pick<SchemaDifference, 'newViews' | 'changedViews' | 'removedViews'>,
  producing: Producing,
): void {
  const {stages} = producing
  const changed = Object.values(changedViews)
  const dropped = [...Object.values(removedViews), ...changed.map(({from}) => from)]
  const created = [...Object.values(newViews), ...changed.map(({to}) => to)]
  for (const view of inOrder(dropped).toReversed()) stages.addAt('dropView', ...dropView(view, producing))
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

/** Returns the operations that drop a view, with its indexes. */
export function dropView(
  view: DatabaseView,
  {context, mikro}: Pick<Producing, 'context' | 'mikro'>,
): readonly Operation[] {
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
