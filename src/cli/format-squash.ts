import {text} from '../render/safe/text.ts'
import type {SafeText} from '../render/safe/text.ts'
import type {SquashResult} from '../api/files/squash.ts'
import {plural} from '../util/text.ts'

/** Returns how a squash was proved, and what follows. */
export function formatSquash({proof, pruned, revision}: SquashResult): readonly SafeText[] {
  return [
    ...proof.map(({database, compared, rows, isReversible, on}) => {
      const where = database === undefined ? '' : ` on ${database}`
      const back = isReversible ? 'its downgrade leads back' : 'it cannot be reverted'
      return text`It makes the same as the ${plural(revision.replaces?.length ?? 0, 'revision')}${where}: ${plural(compared, 'object')} and ${plural(rows, 'row')} compared, ${on}; ${back}.`
    }),
    ...(pruned.length > 0 ? [text`Deleted ${plural(pruned.length, 'file')}.`] : []),
    text`Review it, and commit it; databases that have the revisions count it as applied.`,
  ]
}
