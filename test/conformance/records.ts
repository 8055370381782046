import {readFileSync} from 'node:fs'
import {gunzipSync} from 'node:zlib'

/** A recorded answer of Alembic that is a failure; `crash` is one that Alembic did not mean. */
interface Failure {
  readonly error: string
  readonly crash?: true
  readonly at?: string
}

type Answer<T> = T | Failure

interface RecordedStep {
  readonly revision: string
  readonly heads: readonly string[]
}

/** What is recorded of an upgrade, a downgrade or a stamp. */
export interface RecordedPlan extends Partial<Failure> {
  readonly steps?: readonly RecordedStep[]
  readonly failedStep?: {readonly revision: string}
  readonly remaining?: readonly (string | {readonly revision: string})[]
  readonly order?: 'partial'
  readonly revisions?: readonly string[]
  readonly finalHeads?: readonly string[]
  readonly currentNonMinimal?: true
}

export type Query =
  | {readonly q: 'heads'; readonly heads: readonly string[]; readonly effectiveHeads: readonly string[]}
  | {readonly q: 'bases'; readonly bases: readonly string[]}
  | {readonly q: 'branchPoints'; readonly result: readonly {readonly revision: string}[]}
  | {readonly q: 'mergePoints'; readonly result: readonly string[]}
  | {readonly q: 'labels'; readonly result: Readonly<Record<string, readonly string[]>>}
  | {readonly q: 'dependencies'}
  | {readonly q: 'current'; readonly current: readonly string[]; readonly result: readonly string[]}
  | {
      readonly q: 'resolve'
      readonly target: string
      readonly many: Answer<{readonly result: readonly (string | null)[]}>
    }
  | ({
      readonly q: 'history'
      readonly range?: string
      readonly current?: readonly string[]
      readonly result?: readonly string[]
      readonly currentNonMinimal?: true
    } & Partial<Failure>)
  | ({readonly q: 'upgrade' | 'downgrade'; readonly current: readonly string[]; readonly target: string} & RecordedPlan)
  | ({readonly q: 'stamp'; readonly current: readonly string[]; readonly targets: readonly string[]} & RecordedPlan)

export interface RecordedGraph {
  readonly id: string
  readonly shape?: string
  readonly revisions: readonly {
    readonly revision: string
    readonly downRevision: readonly string[]
    readonly dependsOn: readonly string[]
    readonly branchLabels: readonly string[]
    readonly message?: string
  }[]
  readonly load: {readonly ok?: true; readonly error?: string; readonly trueCycle?: string}
  readonly queries: readonly Query[]
}

/** Reads a file of recorded graphs: `.json` is one graph, `.jsonl` one a line, each also with `.gz`. */
export function readRecords(file: string): RecordedGraph[] {
  const bytes = readFileSync(file)
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')
  const documents = /\.json(\.gz)?$/.test(file) ? [text] : text.trim().split('\n')
  return documents.map((document) => JSON.parse(document) as RecordedGraph)
}
