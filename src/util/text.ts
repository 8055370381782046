import {distance} from 'fastest-levenshtein'

/** Returns `count` with its noun: "1 head", "3 heads". */
export function plural(count: number, singular: string, several = `${singular}s`): string {
  return `${count} ${count === 1 ? singular : several}`
}

/** Returns the items as an English list: "a", "a and b", "a, b and c"; more than `limit` are cut to "a, b and 7 more". */
export function listOf(items: readonly string[], limit = Number.POSITIVE_INFINITY, conjunction = 'and'): string {
  const shown = items.length > limit ? [...items.slice(0, limit), `${items.length - limit} more`] : items
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} ${conjunction} ${shown.at(-1)}`
}

/** Returns the candidate that `text` was probably meant to be, or undefined when none is near. */
export function nearest(text: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined
  let bestDistance = text.length < 4 ? 2 : Math.max(3, Math.floor(text.length / 3))
  for (const candidate of candidates) {
    // Nothing is near an empty text, which a short candidate could be made of.
    if (text === '' || candidate === '') continue
    if (Math.abs(candidate.length - text.length) >= bestDistance) continue
    const d = distance(text.toLowerCase(), candidate.toLowerCase())
    if (d < bestDistance) [best, bestDistance] = [candidate, d]
  }
  return best
}

/** Returns "Did you mean X?" for a near miss, otherwise `otherwise`. */
export function didYouMean(text: string, candidates: Iterable<string>, otherwise: string): string {
  const candidate = nearest(text, candidates)
  return candidate === undefined ? otherwise : `Did you mean ${candidate}?`
}

/** Returns a text with the common indentation of all lines but the first removed. */
export function dedent(text: string): string {
  const [first = '', ...rest] = text.split('\n')
  const indents = rest.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length)
  const indent = indents.length === 0 ? 0 : Math.min(...indents)
  return [first, ...rest.map((line) => line.slice(indent))].join('\n')
}

/** Returns a sentence to follow a colon. */
export function uncapitalized(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1)
}

/** Returns a sentence with a capital at its beginning. */
export function capitalized(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1)
}
