import type {OperationRegistry} from '../operations/registry.ts'
import type {ScriptRevision} from '../script/revision-file.ts'
import {once} from '../util/once.ts'
import type {RevisionStatements} from './revision-statements.ts'

/** Reads the texts of revisions. */
export type ReadTexts = (revisions: readonly ScriptRevision[]) => Promise<readonly string[]>

/** The text of a revision, parsed on demand. */
export interface RevisionText {
  readonly revision: ScriptRevision
  readonly statements: () => Promise<RevisionStatements>
  /** The names in the text, in lower case, with anything else that looks like one. */
  readonly words: () => Promise<ReadonlySet<string>>
}

/** The texts of revisions, each read and parsed once for all merges of a command. */
export class RevisionTexts {
  readonly #registry: OperationRegistry
  readonly #known = new WeakMap<ScriptRevision, RevisionText>()

  constructor(registry: OperationRegistry) {
    this.#registry = registry
  }

  async of(revisions: readonly ScriptRevision[], read: ReadTexts): Promise<readonly RevisionText[]> {
    const missing = revisions.filter((revision) => !this.#known.has(revision))
    const texts = missing.length === 0 ? [] : await read(missing)
    for (const [i, revision] of missing.entries()) this.#known.set(revision, this.#parsed(revision, texts[i]))
    return revisions.flatMap((revision) => this.#known.get(revision) ?? [])
  }

  #parsed(revision: ScriptRevision, text: string | undefined): RevisionText {
    const statements = once(async (): Promise<RevisionStatements> => {
      if (text === undefined) return {statements: [], unclear: ['a file that cannot be read'], vague: []}
      const {statementsIn} = await import('./revision-statements.ts')
      return statementsIn(revision.file, text, this.#registry)
    })
    const words = once(async () => new Set(text?.toLowerCase().match(/[\p{L}_$][\p{L}\p{N}_$]*/gu)))
    return {revision, statements, words}
  }
}
