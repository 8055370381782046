import {resolve} from 'node:path'
import {processDirectives} from './directives.ts'
import {noteExisting} from './existing-database.ts'
import type {Directive} from '../config/autogenerate.ts'
import {renderBody} from './render/body.ts'
import {oneWay} from './render/one-way.ts'
import {renderSql} from './render/sql.ts'
import {lossesOf} from '../sql/losses/sentences.ts'
import {anyDatabase, platformOf} from '../runner/offline/platform.ts'
import {revisionTemplate} from '../script/template.ts'
import type {RevisionContents} from '../script/template.ts'
import type {ScriptRevision} from '../script/revision-file.ts'
import {compareEach, compareProject, withCompared} from './compare-models.ts'
import type {CompareModelsOptions, ComparedProjectDatabase, ModelDifference} from './compare-models.ts'
import {amendmentOf} from '../engine/amend-revision.ts'
import type {Amendment} from '../engine/amend-revision.ts'
import {downRevisionsOf, writeNew} from '../engine/new-revision.ts'
import type {CreateRevisionOptions} from '../engine/new-revision.ts'
import {marksOf, rehearseRevision} from './rehearse-revision.ts'
import type {Rehearsal} from './rehearse-revision.ts'
import {openScripts} from '../engine/project.ts'
import type {ScriptProject} from '../engine/project.ts'
import type {RevisionView} from '../engine/views.ts'

export interface AutogenerateOptions extends CreateRevisionOptions, CompareModelsOptions {
  /** Whether a file is written even if entities and database agree. */
  readonly allowEmpty?: boolean | undefined
  /**
   * Whether to generate the newest revision again, or the head that `head` names, and to replace its file. It keeps its
   * id, parents, labels and dependencies, and its message unless `message` is given.
   */
  readonly amend?: boolean | undefined
}

export interface AutogenerateResult extends Omit<ModelDifference, 'database' | 'dialect' | 'operations'> {
  /** The revision that was written; null when there were no differences. */
  readonly revision: RevisionView | null
  /** The outcome of running the revision up, down, and up again, for each database. */
  readonly rehearsals: readonly Rehearsal[]
  /** The path that the amended revision had; null without `amend`. */
  readonly amended: string | null
}

/**
 * Writes a revision that brings the database in line with the entities.
 *
 * @throws MigError as `compareModels`; IRREVERSIBLE; as `createRevision`; NOTHING_TO_AMEND, AMEND_APPLIED
 */
export async function autogenerate(options: AutogenerateOptions): Promise<AutogenerateResult> {
  const {project, replaces, wanted, downRevisions} = await placeOf(await openScripts(options), options)
  const registry = await project.registry()
  const write = async (databases: readonly ComparedProjectDatabase[]): Promise<AutogenerateResult> => {
    if (!options.scratch) await noteExisting(project, options, databases)
    const compared = await compareEach(project, options, databases)
    const directives = await directivesOf(project, compared)
    const found = {
      amended: replaces?.file ?? null,
      detected: compared.flatMap(({detected}) => detected),
      questions: compared.flatMap(({questions}) => questions),
      unknown: compared.flatMap(({unknown}) => unknown),
      omitted: compared.flatMap(({omitted}) => omitted),
      losesData: (
        await Promise.all(directives.map(async ({upgrade, dialect}) => lossesOf(upgrade, dialect, registry)))
      ).flat(),
    }
    const isEmpty = directives.every(({upgrade, downgrade}) => upgrade.length + downgrade.length === 0)
    if (isEmpty && !options.allowEmpty) return {revision: null, rehearsals: [], ...found}
    const rehearsals = await rehearseRevision(project, options, directives, databases)
    const contents = await contentsOf(project, directives, rehearsals, wanted.isSql ?? false)
    const {revision} = await writeNew(project, {...wanted, contents, replaces}, downRevisions)
    return {revision, rehearsals, ...found}
  }
  return withCompared(project, options, write, replaces?.id)
}

/** The place of a revision in the history; `replaces` is left out of the project. */
type Place = Omit<Amendment, 'replaces'> & {readonly replaces?: ScriptRevision}

/** @throws MigError as `createRevision`; NOTHING_TO_AMEND */
async function placeOf(project: ScriptProject, options: AutogenerateOptions): Promise<Place> {
  if (options.amend) return amendmentOf(project, options)
  return {
    project,
    wanted: options,
    downRevisions: await downRevisionsOf(project, options.head ?? 'head', options),
  }
}

/**
 * Returns the operations of a revision in both directions, after the hooks of the configuration have processed them.
 *
 * @throws MigError as `compareModels`; IRREVERSIBLE
 */
export async function produceOperations(options: CompareModelsOptions): Promise<readonly Directive[]> {
  const project = await openScripts(options)
  return directivesOf(project, await compareProject(project, options))
}

async function directivesOf(
  {settings, registry}: ScriptProject,
  compared: readonly ModelDifference[],
): Promise<readonly Directive[]> {
  return processDirectives(
    compared.map(({database, dialect, operations}) => ({database, dialect, upgrade: operations})),
    settings.autogenerate.processRevisionDirectives,
    await registry(),
  )
}

/** Renders operations in the language of the revision file. */
export async function contentsOf(
  project: ScriptProject,
  directives: readonly Directive[],
  rehearsals: readonly Rehearsal[],
  wantsSql: boolean,
): Promise<readonly RevisionContents[]> {
  const {settings, scripts, root, cwd} = project
  const registry = await project.registry()
  const {extension} = revisionTemplate(resolve(cwd, scripts.layout.scriptDirectory), wantsSql ? 'sql' : undefined)
  const {renderItem} = settings.autogenerate
  const contents: RevisionContents[] = []
  for (const {database, dialect, upgrade, downgrade} of directives) {
    const back = downgrade.map((operation) => oneWay(operation, registry))
    const marks = marksOf(rehearsals, database, 'upgrade')
    const marksBack = marksOf(rehearsals, database, 'downgrade')
    if (extension === '.sql') {
      const platform = await platformOf(anyDatabase(dialect), root)
      const [up, down] = [
        await renderSql(upgrade, dialect, platform, registry, marks),
        await renderSql(back, dialect, platform, registry, marksBack),
      ]
      contents.push({database, upgrade: up, downgrade: down})
    } else
      contents.push({
        database,
        upgrade: renderBody(upgrade, registry, dialect, renderItem, marks),
        downgrade: renderBody(back, registry, dialect, renderItem, marksBack),
      })
  }
  return contents
}
