import type {AutogenerateResult} from '../../../src/autogenerate/autogenerate.ts'
import type {Rehearsal} from '../../../src/autogenerate/rehearse-revision.ts'
import {ModelProject} from '../models.ts'
import type {DatabaseKind} from '../databases.ts'
import {comparable, differenceOf} from './comparable.ts'
import {entitiesOf} from './entity-text.ts'
import {ChangeFault} from './fault.ts'
import type {Stage} from './fault.ts'
import {InvalidEntitiesError, ReferenceDatabase} from './reference.ts'
import {insertRows, lostValues, survivors, valuesIn} from './rows.ts'

/** A change of entities, as source text that pushes them to `entities`. */
export interface Change {
  readonly before: string
  readonly after: string
  /** Answers to questions about renames. */
  readonly renames?: readonly string[]
  /** Words that the detected differences must contain. */
  readonly says?: readonly string[]
  /** Whether MikroORM itself creates another schema than the entities describe. */
  readonly isMisread?: boolean
}

/** How a change without faults ended. */
export interface Passed {
  /** Why tables refused the rows of the test. */
  readonly refusedRows: readonly string[]
  /** Whether rows were in the way, as the revision had announced. */
  readonly isBlocked: boolean
}

/** A project and a reference database, used for one change after another. */
export class Workbench {
  readonly kind: DatabaseKind
  readonly #project: ModelProject
  readonly #reference: ReferenceDatabase
  readonly #needsReference: boolean
  #revisions: string[] = []

  private constructor(
    kind: DatabaseKind,
    project: ModelProject,
    reference: ReferenceDatabase,
    needsReference: boolean,
  ) {
    this.kind = kind
    this.#needsReference = needsReference
    this.#project = project
    this.#reference = reference
  }

  /** @param needsReference whether entities are invalid that MikroORM's schema generator cannot create */
  static async open(kind: DatabaseKind, {needsReference}: {readonly needsReference: boolean}): Promise<Workbench> {
    return new Workbench(kind, await ModelProject.open(kind), await ReferenceDatabase.open(kind), needsReference)
  }

  /**
   * Makes a change back and forth, with rows in the tables and, if these are in the way, without.
   *
   * @throws ChangeFault, InvalidEntitiesError
   */
  async try(change: Change): Promise<Passed> {
    await this.#begin(change)
    const refusedRows = await insertRows(this.#project, this.kind)
    const isBlocked = await this.#change(change, true)
    if (isBlocked) {
      await this.#begin(change)
      await this.#change(change, false)
    }
    return {refusedRows, isBlocked}
  }

  async close(): Promise<void> {
    await this.#project.close()
    await this.#reference.close()
  }

  /** Makes the schema of the entities as they are at first. */
  async #begin(change: Change): Promise<void> {
    const project = this.#project
    await project.clear()
    this.#revisions = []
    const expected = change.isMisread ? undefined : await this.#expected(change.before)
    await project.use(entitiesOf(change.before))
    await this.#generate('before: generate')
    await this.#step('before: upgrade', async () => project.upgrade())
    await this.#finds('before: generate again')
    this.#same('before: catalogue', await this.#catalogue(), expected)
  }

  /** Returns whether rows were in the way, as the revision had announced. */
  async #change(change: Change, hasRows: boolean): Promise<boolean> {
    const {before, after, renames = [], says, isMisread} = change
    const project = this.#project
    const atFirst = await this.#catalogue()
    const values = await valuesIn(project)
    const expected = isMisread ? undefined : await this.#expected(after)

    await project.use(entitiesOf(after))
    const generated = await this.#generate('generate', renames)
    this.#says(generated, says)
    const text = generated.revision === null ? '' : project.read(generated)
    const [up = '', down = ''] = text.split('export async function downgrade')
    if (await this.#isBlocked('upgrade', async () => project.upgrade(), hasRows && isAnnounced(up))) return true
    await this.#finds('generate again')
    const atLast = await this.#catalogue()
    this.#same('catalogue', atLast, expected)
    const changed = await valuesIn(project)
    this.#none('rows', lostValues(values, changed, renames))
    if (generated.revision === null) return false

    await project.use(entitiesOf(before))
    const canBlock = hasRows && isAnnounced(down)
    if (await this.#isBlocked('downgrade', async () => project.downgrade('-1'), canBlock)) return true
    this.#same('catalogue after downgrade', await this.#catalogue(), atFirst)
    const kept = survivors(values, changed, renames)
    this.#none('rows after downgrade', lostValues(kept, await valuesIn(project), []))
    await this.#withoutLast(generated, text, async () => this.#finds('generate after downgrade'))
    if (await this.#isBlocked('upgrade again', async () => project.upgrade(), hasRows && isAnnounced(up))) return true
    this.#same('catalogue after upgrade again', await this.#catalogue(), atLast)
    return false
  }

  async #generate(stage: Stage, renames: readonly string[] = []): Promise<AutogenerateResult> {
    const result = await this.#step(stage, async () => this.#project.generate({renames}))
    if (result.revision !== null) this.#revisions.push(bodyOf(this.#project.read(result)))
    const wrong = result.rehearsals.flatMap(wordsOf)
    if (wrong.length > 0) throw this.#fault(stage, wrong)
    return result
  }

  /** Compares again, which must find nothing. */
  async #finds(stage: Stage): Promise<void> {
    const {detected, omitted, unknown} = await this.#step(stage, async () => this.#project.generate())
    const found = [
      ...detected.map(({text}) => text),
      ...omitted.filter((line) => !line.includes('__proto__')).map((line) => `omitted: ${line}`),
      ...unknown.map(({kind, name}) => `unknown: ${kind} ${name}`),
    ]
    this.#none(stage, found)
  }

  #says({detected, omitted}: AutogenerateResult, words: readonly string[] = []): void {
    const texts = [...detected.map(({text}) => text), ...omitted].join(', ') || 'no difference'
    const missing = words.filter((word) => !texts.includes(word))
    this.#none(
      'generate',
      missing.map((word) => `says nothing of ${word}: ${texts}`),
    )
  }

  /** Returns whether a step failed that may, because of existing rows. */
  async #isBlocked(stage: Stage, act: () => Promise<void>, mayFail: boolean): Promise<boolean> {
    try {
      await act()
      return false
    } catch (error) {
      if (mayFail) return true
      throw this.#fault(stage, messagesOf(error))
    }
  }

  async #withoutLast({revision}: AutogenerateResult, text: string, act: () => Promise<void>): Promise<void> {
    this.#project.removeLast()
    await act()
    this.#project.folder.write({[revision?.file ?? '']: text})
  }

  async #catalogue(): Promise<readonly string[]> {
    return comparable(await this.#project.catalogue(), this.kind, this.#project.database.url)
  }

  async #step<Result>(stage: Stage, act: () => Promise<Result>): Promise<Result> {
    try {
      return await act()
    } catch (error) {
      throw this.#fault(stage, messagesOf(error))
    }
  }

  /** Compares catalogues, unless MikroORM could not create the one that is expected. */
  #same(stage: Stage, actual: readonly string[], expected: readonly string[] | undefined): void {
    if (expected !== undefined) this.#none(stage, differenceOf(actual, expected))
  }

  /** Returns the catalogue that MikroORM's schema generator makes of the entities. */
  async #expected(entities: string): Promise<readonly string[] | undefined> {
    try {
      return await this.#reference.catalogueOf(entities)
    } catch (error) {
      if (this.#needsReference || !(error instanceof InvalidEntitiesError)) throw error
      return undefined
    }
  }

  #none(stage: Stage, found: readonly string[]): void {
    if (found.length > 0) throw this.#fault(stage, found)
  }

  #fault(stage: Stage, details: readonly string[]): ChangeFault {
    return new ChangeFault(stage, details, this.#revisions)
  }
}

/** Returns the messages of an error and its causes. */
function messagesOf(error: unknown): readonly string[] {
  if (!(error instanceof Error)) return [String(error)]
  return [error.message, ...(error.cause === undefined ? [] : messagesOf(error.cause))]
}

/** Whether a half of a revision has a comment on rows. */
function isAnnounced(half: string): boolean {
  return /^ {2}\/\/ /m.test(half)
}

/** The functions of a revision file. */
function bodyOf(text: string): string {
  return text.slice(Math.max(0, text.indexOf('export async function upgrade'))).trim()
}

/** Returns what a rehearsal says that is wrong without rows. */
function wordsOf({refused, breaking, unsettled, notReverted, notRehearsed}: Rehearsal): readonly string[] {
  return [
    ...refused.filter(({onlyWithRows}) => !onlyWithRows).map(({direction, reason}) => `${direction} fails: ${reason}`),
    ...breaking.map(({effect, kind, name, reason}) => `${effect} the ${kind} ${name}: ${reason}`),
    ...unsettled.map((line) => `unsettled: ${line}`),
    ...notReverted.map((line) => `not reverted: ${line}`),
    ...(notRehearsed === undefined ? [] : [`not rehearsed: ${notRehearsed}`]),
  ]
}
