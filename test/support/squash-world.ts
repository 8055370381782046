import {planDowngrade, planStamp, planUpgrade} from '../../src/graph/plan.ts'
import type {Step} from '../../src/graph/plan.ts'
import {MigError} from '../../src/errors.ts'
import {buildRevisionGraph} from '../../src/graph/build.ts'
import {stateIn} from '../../src/graph/recorded.ts'
import type {RecordedRevision} from '../../src/graph/recorded.ts'
import type {Revision} from '../../src/graph/revision.ts'
import {throughSquashes} from '../../src/graph/squash-plan.ts'
import {downgradeTarget} from '../../src/graph/squash-targets.ts'
import {readPlanTargets} from '../../src/graph/target.ts'

type Files = ReadonlyMap<string, Revision>

/** Returns a generator of numbers from 0 to a limit, from a seed. */
export function dice(seed: number): (sides: number) => number {
  let state = seed >>> 0
  return (sides) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % sides
  }
}

/**
 * A history and a database, as the specification describes them: the database is a set of changes, one for each original
 * revision, and each of them is made once. Knows nothing of the code that it tests, but what it is told to do.
 */
export class SquashWorld {
  readonly #roll: (sides: number) => number
  #files: Files = new Map()
  /** The files of earlier versions of the application. */
  readonly #versions: Files[] = []
  /** Each change in the database, with what ran it. */
  readonly #changes = new Map<string, string>()
  #rows = new Map<string, {isHead: boolean; replaces: readonly string[] | undefined}>()
  #count = 0
  readonly log: string[] = []
  /** How often each transition succeeded, and how often it was refused, by code. */
  readonly tally = new Map<string, number>()

  constructor(roll: (sides: number) => number) {
    this.#roll = roll
  }

  /** Does something at random, and throws an error if a change is lost or made twice. */
  step(): void {
    const kind = this.#roll(14)
    if (kind < 4 || this.#files.size < 3) this.#write()
    else if (kind === 4) this.#squash()
    else if (kind === 5) this.#prune()
    else {
      const isOld = this.#roll(4) === 0 && this.#versions.length > 0
      const files = isOld ? this.#versions[this.#roll(this.#versions.length)]! : this.#files
      if (kind < 9) this.#upgrade(files, isOld)
      else if (kind < 12) this.#downgrade(files)
      else if (kind === 12) this.#stamp(files)
      else this.#versions.push(this.#files)
    }
  }

  #write(): void {
    const id = `r${this.#count++}`
    const shown = this.#shown(this.#files)
    const some = (sides: number): string[] => (shown.length === 0 ? [] : [shown[this.#roll(sides) % shown.length]!])
    const named = (one: string): string => {
      const others = [...this.#originals(this.#files, one)]
      return this.#roll(3) === 0 ? others[this.#roll(others.length)]! : one
    }
    const parents = [...new Set([...(this.#roll(6) === 0 ? [] : some(99)), ...(this.#roll(5) === 0 ? some(99) : [])])]
    const dependsOn = this.#roll(6) === 0 ? some(99) : []
    this.#put({id, downRevisions: parents.map(named), dependsOn: dependsOn.map(named), branchLabels: []})
    this.log.push(`write ${id} after ${parents.join(' ')} (${dependsOn.join(' ')})`)
  }

  #squash(): void {
    const shown = this.#shown(this.#files)
    const lower = shown[this.#roll(shown.length)]!
    const upper = shown[this.#roll(shown.length)]!
    const range = shown.filter(
      (id) => this.#above(this.#files, lower).has(id) && this.#below(this.#files, upper).has(id),
    )
    const within = new Set(range.length > 0 ? range : [lower])
    if (this.#roll(3) === 0) within.add(shown[this.#roll(shown.length)]!)
    const isBetween = (id: string): boolean =>
      [...within].some((one) => this.#above(this.#files, one).has(id)) &&
      [...within].some((one) => this.#below(this.#files, one).has(id))
    if (shown.some((id) => !within.has(id) && isBetween(id))) return
    const outside = (names: (revision: Revision) => readonly string[]): string[] => [
      ...new Set(
        [...within].flatMap((id) => names(this.#files.get(id)!).map((name) => this.#top(this.#files, name))),
      ).difference(within),
    ]
    const downRevisions = outside((revision) => revision.downRevisions)
    const dependsOn = outside((revision) => revision.dependsOn).filter((id) => !downRevisions.includes(id))
    const inner = [...within].filter((id) => this.#files.get(id)!.replaces !== undefined)
    const id = `S${this.#count++}`
    this.#put({
      id,
      downRevisions,
      dependsOn,
      branchLabels: [],
      replaces: [...within].flatMap((one) => [...this.#originals(this.#files, one)]),
      replacedSquashes: inner.flatMap((one) => [one, ...(this.#files.get(one)!.replacedSquashes ?? [])]),
    })
    this.log.push(`squash ${id} = ${[...within].join(' ')}`)
  }

  #put(revision: Revision): void {
    this.#files = new Map([...this.#files, [revision.id, revision]])
    buildRevisionGraph(this.#files.values())
  }

  #prune(): void {
    const gone = [...this.#files.keys()].filter((id) => this.#top(this.#files, id) !== id && this.#roll(2) === 0)
    if (gone.length === 0) return
    this.#versions.push(this.#files)
    this.#files = new Map([...this.#files].filter(([id]) => !gone.includes(id)))
    this.log.push(`prune ${gone.join(' ')}`)
  }

  #upgrade(files: Files, isOld: boolean): void {
    const shown = this.#shown(files)
    const target = shown[this.#roll(shown.length)]!
    const all = this.#roll(3) === 0
    const wanted = all ? shown : [...this.#below(files, target)]
    const expected = new Set(wanted.flatMap((id) => [...this.#originals(files, id)])).union(
      new Set(this.#changes.keys()),
    )
    const done = this.#try(`upgrade ${all ? 'heads' : target}`, files, () => {
      const graph = buildRevisionGraph(files.values())
      const state = stateIn(graph, this.#recorded())
      if (state.unknown.size > 0) return undefined
      const plan = planUpgrade(state.graph, state.applied, all ? 'heads' : target)
      const {steps, records} = throughSquashes(graph, state, plan.steps, true)
      return [...steps, ...records]
    })
    if (done !== true) {
      if (done === 'SQUASH_ORIGINALS_MISSING' && wanted.some((id) => this.#isStuck(files, id))) return
      if (done !== false) this.#fail(`refused an upgrade: ${done}`)
      return
    }
    this.#expectSame(new Set(this.#changes.keys()), expected, 'changes after the upgrade')
    if (isOld) return
    for (const id of this.#shown(files))
      if (this.#originals(files, id).isSubsetOf(new Set(this.#changes.keys())) && !this.#rows.has(id))
        this.#fail(`${id} is not recorded`)
  }

  #downgrade(files: Files): void {
    const names = [...files.keys()]
    const target = this.#roll(6) === 0 ? 'base' : names[this.#roll(names.length)]!
    const before = new Set(this.#changes.keys())
    const isWhole = this.#shown(files).every((id) => {
      const own = this.#originals(files, id)
      return own.isDisjointFrom(before) || own.isSubsetOf(before)
    })
    const done = this.#try(`downgrade ${target}`, files, () => {
      const graph = buildRevisionGraph(files.values())
      const state = stateIn(graph, this.#recorded(), {apart: true})
      if (state.unknown.size > 0) return undefined
      const [parsed] = readPlanTargets(target)
      const plan = planDowngrade(state.graph, state.applied, downgradeTarget(graph, state, parsed!))
      return throughSquashes(graph, state, plan.steps, false).steps
    })
    if (done !== true) {
      const allowed = [false, 'NOT_AN_ANCESTOR', 'SQUASH_INDIVISIBLE', 'SQUASH_ORIGINALS_MISSING']
      if (!allowed.includes(done)) this.#fail(`refused a downgrade: ${String(done)}`)
      return
    }
    if (target === 'base') this.#expectSame(new Set(this.#changes.keys()), new Set(), 'changes after the downgrade')
    else if (isWhole && this.#top(files, target) === target) {
      const isChild = (id: string): boolean =>
        files.get(id)!.downRevisions.some((name) => this.#top(files, name) === target)
      const gone = this.#shown(files)
        .filter(isChild)
        .flatMap((id) => [...this.#above(files, id)])
      const reverted = new Set(gone.flatMap((id) => [...this.#originals(files, id)]))
      // Of a squash, only those originals may be reverted that come after the target themselves.
      const divided = gone.flatMap((id) =>
        files.get(id)!.replaces === undefined ? [] : [...this.#originals(files, id)],
      )
      const found = new Set(this.#changes.keys()).difference(new Set(divided))
      this.#expectSame(found, before.difference(reverted), 'changes after the downgrade')
    }
  }

  #stamp(files: Files): void {
    const shown = this.#shown(files)
    const target = shown[this.#roll(shown.length)]!
    const done = this.#try(`stamp ${target}`, files, () => {
      const graph = buildRevisionGraph(files.values())
      const state = stateIn(graph, this.#recorded())
      if (state.unknown.size > 0) return undefined
      const {steps, records} = throughSquashes(graph, state, planStamp(state.graph, state.applied, target).steps, true)
      return [...steps, ...records]
    })
    if (done !== true) return
    // Whoever stamps says what the database has.
    const recorded = this.#recordedChanges(files)
    for (const id of this.#changes.keys()) if (!recorded.has(id)) this.#changes.delete(id)
    for (const [id, by] of recorded) if (!this.#changes.has(id)) this.#changes.set(id, by)
    if (!this.#originals(files, target).isSubsetOf(recorded)) this.#fail(`${target} is not applied after a stamp`)
  }

  /** Plans and runs; returns false if nothing can be planned, and the code of an error. */
  #try(what: string, files: Files, plan: () => readonly Step[] | undefined): true | false | string {
    this.log.push(`${what}${files === this.#files ? '' : ' (earlier files)'}`)
    let steps: readonly Step[] | undefined
    try {
      steps = plan()
    } catch (error) {
      if (!(error instanceof MigError)) throw error
      this.#tell(`${what.split(' ')[0]}: ${error.code}`)
      this.log.push(`  ${error.code}: ${error.message}`)
      return error.code
    }
    if (steps === undefined) return false
    this.#tell(`${what.split(' ')[0]}: ${steps.length === 0 ? 'nothing' : 'done'}`)
    for (const step of steps) this.#run(step, files)
    if (what.startsWith('stamp')) return true
    this.#expectSame(new Set(this.#recordedChanges(files).keys()), new Set(this.#changes.keys()), 'recorded changes')
    return true
  }

  #tell(what: string): void {
    this.tally.set(what, (this.tally.get(what) ?? 0) + 1)
  }

  #run(step: Step, files: Files): void {
    const {direction, revision, heads, rows} = step
    this.log.push(`  ${direction} ${revision} -> ${heads.join(' ')}`)
    const changes = files.has(revision) ? this.#originals(files, revision) : new Set([revision])
    if (direction !== 'stamp' && !files.has(revision)) this.#fail(`${revision} has no file`)
    if (direction === 'upgrade')
      for (const id of changes) {
        if (this.#changes.has(id)) this.#fail(`${id} is made twice`)
        this.#changes.set(id, revision)
      }
    if (direction === 'downgrade')
      for (const id of changes) {
        const by = this.#changes.get(id)
        if (by === undefined) this.#fail(`${id} is reverted, but is not there`)
        if (id === revision && by !== id) this.#fail(`${id} is reverted, but ran as a part of ${by}`)
        this.#changes.delete(id)
      }
    const added = direction === 'stamp' ? step.added : direction === 'upgrade' ? [revision] : []
    const removed =
      rows?.removed ?? (direction === 'stamp' ? step.removed : direction === 'downgrade' ? [revision] : [])
    const flagged = new Set([...this.#rows].filter(([, {isHead}]) => isHead).map(([id]) => id))
    if (rows !== undefined) this.#expectSame(flagged, new Set(rows.headsBefore), 'heads before')
    for (const id of removed) if (!this.#rows.delete(id)) this.#fail(`there is no row of ${id} to delete`)
    for (const id of added) {
      if (this.#rows.has(id)) this.#fail(`there is a row of ${id} already`)
      this.#rows.set(id, {isHead: false, replaces: files.get(id)?.replaces})
    }
    const after = rows?.headsAfter ?? heads
    for (const id of after) if (!this.#rows.has(id)) this.#fail(`the head ${id} has no row`)
    this.#rows = new Map([...this.#rows].map(([id, row]) => [id, {...row, isHead: after.includes(id)}]))
    if (this.#rows.size > 0 && after.length === 0) this.#fail('there is no head')
  }

  #recorded(): RecordedRevision[] {
    return [...this.#rows].map(([revision, row]) => ({revision, ...row}))
  }

  /** Returns the changes that the rows stand for, each with what ran it. */
  #recordedChanges(files: Files): ReadonlyMap<string, string> {
    const found = new Map<string, string>()
    for (const [id, {replaces}] of this.#rows)
      for (const change of replaces ?? files.get(id)?.replaces ?? [id])
        if (!found.has(change) || id === change) found.set(change, id)
    return found
  }

  #isStuck(files: Files, id: string): boolean {
    const own = this.#originals(files, id)
    const there = own.intersection(new Set(this.#changes.keys()))
    const parts = [...own, ...(files.get(id)!.replacedSquashes ?? [])]
    return there.size > 0 && there.size < own.size && parts.some((one) => !files.has(one))
  }

  /** The revision that stands for an id. */
  #top(files: Files, id: string): string {
    for (const {id: other, replaces = [], replacedSquashes = []} of files.values())
      if (replaces.includes(id) || replacedSquashes.includes(id)) return this.#top(files, other)
    return id
  }

  #shown(files: Files): string[] {
    return [...files.keys()].filter((id) => this.#top(files, id) === id)
  }

  #originals(files: Files, id: string): ReadonlySet<string> {
    return new Set(files.get(id)?.replaces ?? [id])
  }

  #parents(files: Files, id: string): string[] {
    const {downRevisions = [], dependsOn = []} = files.get(id) ?? {}
    return [...downRevisions, ...dependsOn].map((name) => this.#top(files, name))
  }

  #below(files: Files, id: string): ReadonlySet<string> {
    return new Set([id, ...this.#parents(files, id).flatMap((parent) => [...this.#below(files, parent)])])
  }

  #above(files: Files, id: string): ReadonlySet<string> {
    return new Set(this.#shown(files).filter((other) => this.#below(files, other).has(id)))
  }

  #expectSame(found: ReadonlySet<string>, wanted: ReadonlySet<string>, what: string): void {
    if (found.size === wanted.size && found.isSubsetOf(wanted)) return
    this.#fail(`${what}: ${[...found].toSorted().join(' ')} instead of ${[...wanted].toSorted().join(' ')}`)
  }

  #fail(what: string): never {
    throw new Error(
      `${what}\n${this.log.join('\n')}\nfiles: ${JSON.stringify([...this.#files.values()])}\nrows: ${JSON.stringify([...this.#rows])}`,
    )
  }
}
