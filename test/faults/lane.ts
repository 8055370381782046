import {downgrade, upgrade} from '../../src/api/runs/migrate.ts'
import {contentsOf} from '../support/contents.ts'
import {Bench} from '../support/contract.ts'
import {explainedState, recovered} from '../support/crash.ts'
import {createDatabase} from '../support/databases.ts'
import type {DatabaseKind} from '../support/databases.ts'
import {bodyOf, dag} from './history.ts'

export type Direction = 'upgrade' | 'downgrade'

/** What is in a database after an undisturbed run. */
export type Undisturbed = Readonly<Record<Direction, readonly string[]>>

/** A database that goes up and down again and again, and is disturbed on its way. */
export class Lane {
  readonly on: Bench

  private constructor(on: Bench) {
    this.on = on
  }

  /** @param write writes the project; that of the suite when left out */
  static async open(
    kind: DatabaseKind,
    write = (on: Bench): void => on.use(dag, ({id}) => bodyOf(id, kind)),
  ): Promise<Lane> {
    const on = new Bench(kind, await createDatabase(kind))
    write(on)
    return new Lane(on)
  }

  async undisturbed(): Promise<Undisturbed> {
    const go = async (direction: Direction): Promise<readonly string[]> => {
      await this.go(direction)
      return contentsOf(this.on.kind, this.on.database)
    }
    const all = {upgrade: await go('upgrade'), downgrade: await go('downgrade')}
    await this.forget()
    return all
  }

  async go(direction: Direction): Promise<unknown> {
    const {cwd} = this.on
    return direction === 'upgrade' ? upgrade({cwd, target: 'heads'}) : downgrade({cwd, target: 'base'})
  }

  /**
   * Looks at the database after a fault, and goes where the disturbed run was to go.
   *
   * @returns the revision that was partially applied, if any
   * @throws Error when the state is not explained, or the end is not that of an undisturbed run
   */
  async recover(direction: Direction, undisturbed: Undisturbed): Promise<string | undefined> {
    const partial = await explainedState(this.on)
    await recovered(this.on, async () => this.go(direction), 'it was disturbed')
    if ((await explainedState(this.on)) !== undefined) throw new Error('something is partially applied in the end')
    const expected = undisturbed[direction]
    const found = await contentsOf(this.on.kind, this.on.database)
    const more = found.filter((line) => !expected.includes(line))
    const less = expected.filter((line) => !found.includes(line))
    if (more.length + less.length > 0 || found.length !== expected.length)
      throw new Error(
        ['it ended elsewhere:', ...more.map((line) => `+ ${line}`), ...less.map((line) => `- ${line}`)].join('\n'),
      )
    return partial
  }

  /** Removes mig's own tables, so that the next run begins where nothing is. */
  async forget(): Promise<void> {
    await this.on.database.query(
      ...['mig_version', 'mig_log', 'mig_version_lock'].map((table) => `drop table if exists ${table}`),
    )
  }
}
