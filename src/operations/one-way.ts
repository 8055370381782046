import {without} from '../util/objects.ts'

/** Returns a record without `was`, for kinds where only the inverse reads it. */
export function withoutWas<Op extends object>(record: Op): Op {
  return without(record as Op & {readonly was?: unknown}, 'was') as unknown as Op
}

/** Returns a record unchanged, for kinds whose SQL also reads `was`. */
export function withWas<Op>(record: Op): Op {
  return record
}
