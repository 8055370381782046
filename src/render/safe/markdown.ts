import {escapeLine} from '../../util/controls.ts'
import {tagOf, verbatim} from './text.ts'
import type {SafeText} from './text.ts'

/**
 * Tag for Markdown. Of a value, words of plain letters stay; all others become code, where no code host finds mentions,
 * references, links, images or HTML. A backslash would not do: hosts look for mentions in what is rendered.
 */
export const inMarkdown = tagOf('markdown', prose)

/** Returns a text as code. */
export function code(value: string): SafeText<'markdown'> {
  return verbatim('markdown', codeSpan(value))
}

/** Returns Markdown for a cell of a table. */
export function cell({value}: SafeText<'markdown'>): SafeText<'markdown'> {
  // Whether the first of two backslashes escapes the second one depends on the host.
  const text = value.replaceAll(String.raw`\|`, String.raw`\x7c`).replaceAll('|', String.raw`\|`)
  return verbatim('markdown', text)
}

/** Sentences of mig quote commands in backticks. */
function prose(value: string): string {
  const pieces = value
    .split(/`([^`\n]+)`/)
    .flatMap((part, i) => (i % 2 === 1 ? [codeSpan(part)] : part.split(/(\s+)/).map(word)))
  // Two runs of backticks must not become one.
  return pieces.reduce(
    (before, piece) => before + (before.endsWith('`') && piece.startsWith('`') ? ' ' : '') + piece,
    '',
  )
}

const plainWord = /^(?!.*(?:www\.|GH-))[\p{L}\p{N}]+(?:[.'’,/-][\p{L}\p{N}]+)*$/iu

function word(value: string): string {
  const groups = /^(?<start>[("]*)(?<core>.*?)(?<end>[),.:;?"]*)$/s.exec(value)?.groups ?? {}
  const {start = '', end: after = ''} = groups
  // A parenthesis that is opened within the word is closed in it. What follows code is no word.
  const inside = start.includes('(') || groups['core'] === '' ? 0 : after.lastIndexOf(')') + 1
  const core = (groups['core'] ?? '') + after.slice(0, inside)
  const end = after.slice(inside)
  if (core.trim() === '') return core === '' ? start + end : escapeLine(core)
  return plainWord.test(core) && escapeLine(core) === core ? value : `${start}${codeSpan(core)}${end}`
}

function codeSpan(value: string): string {
  const text = escapeLine(value).replaceAll('\t', ' ')
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length))
  const fence = '`'.repeat(longest + 1)
  const padding = /^[ `]|[ `]$/.test(text) ? ' ' : ''
  return text === '' ? '' : `${fence}${padding}${text}${padding}${fence}`
}
