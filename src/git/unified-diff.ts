import {createTwoFilesPatch, FILE_HEADERS_ONLY} from 'diff'

/**
 * Returns a unified diff of two texts, ignoring line ends; empty if they are equal.
 *
 * @param names the names of the texts in the diff header
 */
export function unifiedDiff(
  before: string,
  after: string,
  [from, to]: readonly [before: string, after: string],
): string {
  const [old, current] = [withLineFeeds(before), withLineFeeds(after)]
  if (old === current) return ''
  const options = {context: 3, headerOptions: FILE_HEADERS_ONLY}
  return createTwoFilesPatch(from, to, old, current, undefined, undefined, options)
}

function withLineFeeds(text: string): string {
  return text.replaceAll('\r\n', '\n')
}
