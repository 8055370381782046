const units: Readonly<Record<string, number>> = {ms: 1, s: 1000, sec: 1000, min: 60_000, m: 60_000, h: 3_600_000}

/** Returns the milliseconds of `500ms`, `10s`, `1.5min`, `1h`, or of a number of seconds; undefined for anything else. */
export function parseDuration(text: string | number): number | undefined {
  const found = /^(?<count>\d+(?:\.\d+)?)\s*(?<unit>[a-z]*)$/i.exec(String(text).trim())
  const factor = units[found?.groups?.['unit']?.toLowerCase() || 's']
  return factor === undefined || found === null ? undefined : Math.round(Number(found.groups?.['count']) * factor)
}

/** Returns milliseconds as people say them: `350 ms`, `2.4 s`, `3 min 5 s`, `1 h 2 min`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 999.5) return `${Math.round(milliseconds)} ms`
  const seconds = milliseconds / 1000
  if (seconds < 59.95) return `${seconds.toFixed(1).replace(/\.0$/, '')} s`
  const [whole, minutes] = [Math.round(seconds), Math.floor(Math.round(seconds) / 60)]
  return minutes < 60 ? `${minutes} min ${whole % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
