import {reasonToRefuse} from '../apply-operations.ts'
import {readSchema, rehearseTouched} from '../touched.ts'
import type {RoundTripInput} from '../touched.ts'
import {brokenBetween, readUsage} from './broken-objects.ts'
import type {BrokenObject} from './broken-objects.ts'
import {brokenViews} from './broken-views.ts'
import type {Programs} from './stored-programs.ts'

/** An operation of an upgrade, and an object that it breaks. */
export interface BreakingOperation extends BrokenObject {
  /** The position of the operation. */
  readonly index: number
}

/**
 * Runs the operations of an upgrade one by one, and returns those that break an object that the end of the upgrade does
 * not repair.
 *
 * @param programs the stored programs of the database
 */
export async function breakingOperations(
  input: RoundTripInput,
  programs: Programs,
): Promise<readonly BreakingOperation[]> {
  const {session, registry, upgrade} = input
  const found = await rehearseTouched(input, async () => {
    const before = await readUsage(session, await readSchema(input))
    let breaking: readonly BreakingOperation[] = []
    for (const [index, operation] of upgrade.entries()) {
      await reasonToRefuse(session, operation, registry)
      const known = new Map(breaking.map((one) => [keyOf(one), one.index]))
      const broken = brokenBetween(before, await readUsage(session, await readSchema(input)), programs)
      breaking = broken.map((object) => ({...object, index: known.get(keyOf(object)) ?? index}))
    }
    return breaking
  })
  if (!found.some(isUncertainView)) return found
  // A view that is missing in the copy may be broken already.
  const broken = await brokenViews(session)
  return found.filter((object) => !(isUncertainView(object) && broken.has(object.name)))
}

function isUncertainView({kind, effect}: BrokenObject): boolean {
  return kind === 'view' && effect === 'may break'
}

function keyOf({kind, name}: BrokenObject): string {
  return `${kind} ${name}`
}
