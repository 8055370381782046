const units = [
  {name: 'year', seconds: 31_557_600},
  {name: 'month', seconds: 2_629_800},
  {name: 'week', seconds: 604_800},
  {name: 'day', seconds: 86_400},
  {name: 'hour', seconds: 3600},
  {name: 'minute', seconds: 60},
] as const

/** Returns the age of a time: "2 days ago". */
export function ageOf(time: Date, now: Date): string {
  const seconds = (now.getTime() - time.getTime()) / 1000
  const unit = units.find((candidate) => seconds >= candidate.seconds)
  if (unit === undefined) return 'just now'
  const count = Math.floor(seconds / unit.seconds)
  return `${count} ${unit.name}${count === 1 ? '' : 's'} ago`
}
