import {without} from '../util/objects.ts'

/** Returns a record of which only the inverse reads `was`, without it. */
export function withoutWas<Op extends object>(record: Op): Op {
  return without(record as Op & {readonly was?: unknown}, 'was') as unknown as Op
}

/** Returns a record as it is: its SQL reads `was`, too. */
export function withWas<Op>(record: Op): Op {
  return record
}
