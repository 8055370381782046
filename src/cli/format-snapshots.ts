import type {SnapshotView} from '../api/git/snapshots.ts'
import {ageOf} from '../util/age.ts'
import {text} from '../render/safe/text.ts'
import type {SafeText} from '../render/safe/text.ts'
import type {Paint} from './style.ts'

/** Returns one line per snapshot. */
export function formatSnapshots(
  snapshots: readonly SnapshotView[],
  prefix: string,
  paint: Paint,
  now: Date,
): readonly SafeText[] {
  if (snapshots.length === 0) return [text`no snapshots`]
  return snapshots.map(({place, kept, bytes, name, database}) => {
    const of = database === undefined ? '' : ` of ${database}`
    return text`${prefix}${paint('label', place)}${of}, ${ageOf(new Date(kept), now)}, ${formatBytes(bytes)}  ${paint('dim', name)}`
  })
}

const units = ['kB', 'MB', 'GB', 'TB'] as const

/** Returns a size on the disk: "12 kB", "1.5 GB". */
export function formatBytes(bytes: number): string {
  const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length)
  const unit = units[power - 1]
  const value = bytes / 1000 ** power
  return unit === undefined
    ? `${bytes} bytes`
    : `${value < 10 ? Math.round(value * 10) / 10 : Math.round(value)} ${unit}`
}
