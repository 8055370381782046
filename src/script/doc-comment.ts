/** Parsed comment at the top of a revision. */
export interface DocComment {
  /** The first paragraph, on one line. */
  readonly message: string
  /** The paragraphs after the message. */
  readonly description?: string
  readonly createDate?: string
}

const fact = /^(?:revision id|revises|branch labels|depends on|create date):/i
const createDateName = 'create date:'

/**
 * Parses the text of a comment: a message, paragraphs, and facts such as `Create Date: …`.
 *
 * @param text with or without the asterisk that begins each line of a block comment
 */
export function readDocComment(text: string): DocComment {
  const prose: string[] = []
  let createDate = ''
  for (const raw of text.split('\n')) {
    const line = withoutMark(raw)
    // Runs for every file; a regex with groups is three times as slow.
    if (!fact.test(line)) prose.push(line)
    else if (line.slice(0, createDateName.length).toLowerCase() === createDateName)
      createDate = line.slice(createDateName.length).trim()
  }
  const [message = '', ...paragraphs] = prose
    .join('\n')
    .trim()
    .split(/\n{2,}/)
  const description = paragraphs.join('\n\n')
  return {
    message: message.includes('\n') ? message.replaceAll('\n', ' ') : message,
    ...(description !== '' && {description}),
    ...(createDate !== '' && {createDate}),
  }
}

function withoutMark(raw: string): string {
  const trimmed = raw.trim()
  const line = trimmed.startsWith('*') && !trimmed.startsWith('*\\/') ? trimmed.slice(1).trim() : trimmed
  return line.includes('*\\/') ? line.replaceAll('*\\/', '*/') : line
}
