/** The maximum number of characters kept of a statement or a reason. */
const longest = 4000

/** Returns a text as the log keeps it, cut to a maximum length. */
export function excerptOf(text: string): string {
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text
}
