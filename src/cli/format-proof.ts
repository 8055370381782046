import type {Proof} from '../api/proofs/proof.ts'
import {cell, code, inMarkdown} from '../render/safe/markdown.ts'
import {joined} from '../render/safe/text.ts'
import type {SafeText} from '../render/safe/text.ts'
import {plural} from '../util/text.ts'

/** Returns the outcome of a proof as one sentence, without its findings. */
export function describeProof({commutes, compared, withRows, on, orders, sample}: Proof): string {
  const place = `${plural(compared, 'object')} compared, ${on}`
  const tried =
    sample === undefined
      ? ''
      : ` ${orders.length} of ${sample.of} orders were tried, chosen with the seed ${sample.seed}.`
  const all = orders.length === 2 ? 'both orders give' : 'all orders give'
  switch (commutes) {
    case null:
      return `not proved: a branch fails by itself (${on}).${tried}`
    case false:
      return `does not commute (${on}).${tried}`
    case true:
      return withRows === false
        ? `commutes only without rows: ${all} the same schema (${place}), but not with generated rows.${tried}`
        : `commutes: ${all} the same schema${withRows ? ', also with generated rows' : ''} (${place}).${tried}`
  }
}

/** Returns a proof as a table with one row per order. */
export function proofTable(proof: Proof): SafeText<'markdown'>[] {
  return [
    inMarkdown`${describeProof(proof)}`,
    inMarkdown``,
    inMarkdown`| order | outcome |`,
    inMarkdown`|---|---|`,
    ...proof.orders.map(({heads, failed}) => {
      const order = joined(heads.map(code), ', ')
      const outcome =
        failed === undefined ? inMarkdown`applied` : inMarkdown`${code(failed.revision)} fails: ${failed.error}`
      return inMarkdown`| ${cell(order)} | ${cell(outcome)} |`
    }),
    inMarkdown``,
    ...differenceTable(proof),
  ]
}

function differenceTable({difference}: Proof): SafeText<'markdown'>[] {
  if (difference === undefined) return []
  const {kind, name, first, second} = difference
  return [
    inMarkdown`| object | in the first order | in the other one |`,
    inMarkdown`|---|---|---|`,
    inMarkdown`| ${cell(inMarkdown`${kind} ${name}`)} | ${cell(inMarkdown`${first ?? 'missing'}`)} | ${cell(inMarkdown`${second ?? 'missing'}`)} |`,
    inMarkdown``,
  ]
}
