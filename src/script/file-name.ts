import {zonedTime} from '../util/zoned-time.ts'

/** Naming of new revision files. */
export interface FileNaming {
  /** Template with the tokens of `fileTokens` in braces; `/` creates folders. */
  readonly fileTemplate: string
  /** The longest slug, in characters. */
  readonly truncateSlugLength: number
  readonly timezone: string
}

const fileTokens = ['revision', 'slug', 'epoch', 'year', 'month', 'day', 'hour', 'minute', 'second'] as const

const token = /\{(\w*)\}/g

/** Returns the unknown tokens of a file template. */
export function unknownTokens(fileTemplate: string): string[] {
  const used = [...fileTemplate.matchAll(token)].map((match) => match[1] ?? '')
  return used.filter((name) => !fileTokens.some((known) => known === name))
}

/** Returns the path of a new revision's file below its version location, without extension. */
export function fileNameOf(naming: FileNaming, revision: string, message: string, created: Date): string {
  const {year, month, day, hour, minute, second} = zonedTime(created, naming.timezone)
  const epoch = String(Math.floor(created.getTime() / 1000))
  const slug = slugOf(message, naming.truncateSlugLength)
  const values: Record<(typeof fileTokens)[number], string> = {
    ...{revision, slug, epoch, year, month, day, hour, minute, second},
  }
  const name = naming.fileTemplate.replaceAll(token, (_, key: keyof typeof values) => values[key])
  // Without a message, the separators around the slug are left over.
  return slug === '' ? name.replaceAll(/[_-]+(?=$|\/)/g, '') : name
}

/** Returns the words of a message, joined by underscores and cut between words: "Add e-mail" gives `add_e_mail`. */
export function slugOf(message: string, longest: number): string {
  const words = message
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu)
  const slug = (words ?? []).join('_')
  if (slug.length <= longest) return slug
  const cut = slug.slice(0, longest + 1)
  return cut.includes('_') ? cut.slice(0, cut.lastIndexOf('_')) : slug.slice(0, longest)
}

/** Returns the suffix of the functions of a database: `Analytics` for `analytics`. */
export function functionSuffix(database: string): string {
  const words = database.split(/[^\p{L}\p{N}]+/u).filter(Boolean)
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')
}
