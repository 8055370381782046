import {detectedBy} from '../autogenerate/describe.ts'
import type {Detected} from '../autogenerate/describe.ts'
import {renderBody} from '../autogenerate/render/body.ts'
import {oneWay} from '../autogenerate/render/one-way.ts'
import {downRevisionsOfNew} from '../graph/succeed.ts'
import {inverseOf} from '../operations/inverse.ts'
import {withComparison} from './compare-models.ts'
import {writeNew} from './create-revision.ts'
import type {CreateRevisionOptions} from './create-revision.ts'
import type {DatabaseOptions} from './databases.ts'
import {openScripts} from './project.ts'
import type {RevisionView} from './views.ts'

export interface AutogenerateOptions extends CreateRevisionOptions, DatabaseOptions {
  /** Whether a file is written when entities and database agree. */
  readonly allowEmpty?: boolean | undefined
}

export interface AutogenerateResult {
  /** The revision that was written; null when there was nothing to write. */
  readonly revision: RevisionView | null
  readonly detected: readonly Detected[]
}

/** Writes a revision that makes of the database what the entities describe. */
export async function autogenerate(options: AutogenerateOptions): Promise<AutogenerateResult> {
  const project = await openScripts(options)
  const downRevisions = downRevisionsOfNew(project.scripts.graph, options.head ?? 'head', options)
  const compared = await withComparison(project, options, async ({operations}, {name}) => ({name, operations}))
  const detected = compared.flatMap(({operations}) => detectedBy(operations))
  if (compared.every(({operations}) => operations.length === 0) && !options.allowEmpty)
    return {revision: null, detected}
  const contents = compared.map(({name, operations}) => {
    const inverse = inverseOf(operations)
    if (!('operations' in inverse)) throw new RangeError(inverse.irreversible)
    return {database: name, upgrade: renderBody(operations), downgrade: renderBody(inverse.operations.map(oneWay))}
  })
  const {revision} = await writeNew(project, {...options, contents}, downRevisions)
  return {revision, detected}
}
