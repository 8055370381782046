import type {Dialect} from '../dialects/dialect.ts'
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
  /** Parses the text without keeping the statements. */
  readonly parse: () => Promise<RevisionStatements>
}

/** The texts of revisions for one database, each read and parsed once for all merges of a command. */
export class RevisionTexts {
  readonly #registry: OperationRegistry
  /** The database as which texts are read. */
  readonly dialect: Dialect
  /** The same texts for the other databases of a project. */
  readonly others: readonly RevisionTexts[]
  readonly #known = new Map<ScriptRevision, RevisionText>()
  /** The results for lists: what comes before the sides of a merge is asked for several times. */
  readonly #lists = new WeakMap<readonly ScriptRevision[], readonly RevisionText[]>()
  /** Each name in the texts, in lower case, with anything else that looks like one: one index takes less than many sets. */
  readonly #byName = new Map<string, RevisionText[]>()
  /** Texts that are not in the index yet: few merges need it. */
  #unindexed: {readonly parsed: RevisionText; readonly text: string}[] = []

  constructor(registry: OperationRegistry, [dialect, ...others]: readonly [Dialect, ...Dialect[]]) {
    this.#registry = registry
    this.dialect = dialect
    this.others = others.map((other) => new RevisionTexts(registry, [other]))
  }

  async of(revisions: readonly ScriptRevision[], read: ReadTexts): Promise<readonly RevisionText[]> {
    const listed = this.#lists.get(revisions)
    if (listed !== undefined) return listed
    const missing: ScriptRevision[] = []
    const found: RevisionText[] = []
    for (const revision of revisions) {
      const text = this.#known.get(revision)
      if (text === undefined) missing.push(revision)
      else found.push(text)
    }
    if (missing.length === 0) {
      this.#lists.set(revisions, found)
      return found
    }
    const texts = await read(missing)
    for (const [i, revision] of missing.entries()) this.#add(revision, texts[i])
    return this.of(revisions, read)
  }

  /** Returns the revisions whose texts have one of these names, in lower case. */
  naming(names: ReadonlySet<string>): ReadonlySet<RevisionText> {
    for (const {parsed, text} of this.#unindexed)
      for (const name of new Set(text.toLowerCase().match(/[\p{L}_$][\p{L}\p{N}_$]*/gu))) {
        const others = this.#byName.get(name)
        if (others === undefined) this.#byName.set(name, [parsed])
        else others.push(parsed)
      }
    this.#unindexed = []
    return new Set([...names].flatMap((name) => this.#byName.get(name) ?? []))
  }

  #add(revision: ScriptRevision, text: string | undefined): void {
    const parse = async (): Promise<RevisionStatements> => {
      if (text === undefined) return {statements: [], unclear: ['a file that cannot be read'], vague: []}
      const {statementsIn} = await import('./revision-statements.ts')
      return statementsIn(revision.file, text, this.#registry, {dialect: this.dialect})
    }
    const parsed = {revision, statements: once(parse), parse}
    this.#known.set(revision, parsed)
    if (text !== undefined) this.#unindexed.push({parsed, text})
  }
}
