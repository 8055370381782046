/** A moment as the clock and calendar of a time zone show it; all parts but the year have two digits. */
export interface ZonedTime {
  readonly year: string
  readonly month: string
  readonly day: string
  readonly hour: string
  readonly minute: string
  readonly second: string
  /** ISO 8601 with milliseconds and offset: `2026-11-21T10:00:00.000+01:00`, or `Z` for UTC. */
  readonly iso: string
}

/** @param timeZone an IANA name such as `Europe/Berlin` */
export function zonedTime(moment: Date, timeZone = 'UTC'): ZonedTime {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
    timeZoneName: 'longOffset',
  })
  const parts = Object.fromEntries(format.formatToParts(moment).map(({type, value}) => [type, value]))
  const {year = '', month = '', day = '', hour = '', minute = '', second = '', fractionalSecond = '000'} = parts
  const offset = parts['timeZoneName']?.replace('GMT', '').replace('+00:00', '') || 'Z'
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}.${fractionalSecond}${offset}`
  return {year, month, day, hour, minute, second, iso}
}

/** Returns whether the system knows a time zone of this name. */
export function isTimeZone(name: string): boolean {
  // Asking takes 18 ms, which most configurations can do without.
  if (name === 'UTC') return true
  try {
    return new Intl.DateTimeFormat('en', {timeZone: name}).format(0) !== ''
  } catch {
    return false
  }
}
