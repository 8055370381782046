import {expect} from 'chai'
import type {ErrorCode} from '../../src/errors.ts'
import {resolveTargets} from '../../src/graph/resolve.ts'
import {dag} from '../support/dag.ts'
import {errorOf} from '../support/errors.ts'

const forked = 'base1 <- fork <- left1{L} <- left2; fork <- right1{R} <- right2'
const labelled = 'base1 <- abcd1 <- abcd2{v-1} <- abce1'

describe('graph/resolve', () => {
  const found = [
    {target: 'left1', dag: forked, is: 'left1'},
    {target: 'L', dag: forked, is: 'left1'},
    {target: 'heads', dag: forked, is: 'left2 right2'},
    {target: 'L@head', dag: forked, is: 'left2'},
    {target: 'right1@head', dag: forked, is: 'right2'},
    {target: 'fork@heads', dag: forked, is: 'left2 right2'},
    {target: 'base', dag: forked, is: ''},
    {target: 'L@base', dag: forked, is: ''},
    {target: '-1', dag: forked, is: 'left1 right1'},
    {target: 'L@-1', dag: forked, is: 'left1'},
    {target: 'nosuch@-1', dag: forked, is: ''},
    {target: 'abce', dag: labelled, is: 'abce1'},
    {target: 'b', dag: labelled, is: 'base1'},
    {target: 'v-1', dag: labelled, is: 'abcd2'},
    {target: 'v-1@head', dag: labelled, is: 'abce1'},
    {target: 'heads', dag: 'a{A}; b(A)', is: 'b'},
    {target: 'heads', dag: '', is: ''},
    {target: 'head', dag: '', is: ''},
    {target: '+1', dag: forked, applied: 'base1', is: 'fork'},
    {target: '+1', dag: forked, applied: '', is: 'base1'},
    {target: 'L@+1', dag: forked, applied: 'base1 fork', is: 'left1'},
    {target: 'L@+2', dag: forked, applied: 'base1 fork right1', is: 'left2'},
    {target: 'left1+1', dag: forked, applied: '', is: 'left2'},
    {target: 'R@fork+2', dag: forked, applied: '', is: 'right2'},
    {target: 'R@head-2', dag: forked, applied: '', is: 'fork'},
    {target: '-1', dag: forked, applied: 'base1 fork', is: 'base1'},
    {target: '-2', dag: forked, applied: 'base1 fork', is: ''},
    {target: 'current', dag: forked, applied: 'base1 fork left1', is: 'left1'},
    {target: 'current', dag: 'current <- b', applied: 'current b', is: 'current'},
    {target: 'abc', dag: 'abcd <- b', is: 'abcd'},
    {target: 'base-1', dag: 'a <- b', applied: '', is: 'b'},
    {target: 'abcd1@v-1', dag: labelled, applied: '', is: 'abcd2'},
    {target: 'a@-1', dag: 'a <- b; x <- y(b)', applied: 'a b x y', is: 'a'},
  ]
  for (const c of found)
    it(`reads ${c.target} in "${c.dag}"${c.applied === undefined ? '' : ` on [${c.applied}]`} as [${c.is}]`, () => {
      const applied = c.applied?.split(' ').filter(Boolean)
      expect(resolveTargets(dag(c.dag), c.target, applied).join(' ')).to.equal(c.is)
    })

  const refused: {target: string; dag: string; applied?: string; code: ErrorCode; message: string; hint?: string}[] = [
    {target: 'head', dag: forked, code: 'MULTIPLE_HEADS', message: 'left2 and right2', hint: 'L@head or R@head'},
    {target: 'head', dag: 'a <- b; a <- c', code: 'MULTIPLE_HEADS', message: 'b and c', hint: '(b or c)'},
    {target: 'fork@head', dag: forked, code: 'MULTIPLE_HEADS', message: 'left2 and right2'},
    {target: 'lefd1', dag: forked, code: 'REVISION_NOT_FOUND', message: 'lefd1', hint: 'Did you mean left1?'},
    {target: 'haed', dag: forked, code: 'REVISION_NOT_FOUND', message: 'haed', hint: 'Did you mean head?'},
    {target: 'zzzzzz', dag: forked, code: 'REVISION_NOT_FOUND', message: 'zzzzzz', hint: '`mig history`'},
    {target: 'abc', dag: labelled, code: 'REVISION_AMBIGUOUS', message: 'abcd1, abcd2 and abce1'},
    {target: 'xx', dag: 'xxx <- b', code: 'REVISION_NOT_FOUND', message: 'xx'},
    {target: 'R@left1', dag: forked, code: 'NOT_ON_BRANCH', message: 'left1 is not on branch R'},
    {target: 'Q@left1', dag: forked, code: 'BRANCH_NOT_FOUND', message: 'branch Q'},
    {target: 'righd1@head', dag: forked, code: 'BRANCH_NOT_FOUND', message: 'righd1', hint: 'Did you mean right1?'},
    {target: 'heads@head', dag: 'a <- b', code: 'BRANCH_NOT_FOUND', message: 'branch heads'},
    {target: '', dag: forked, code: 'INVALID_TARGET', message: 'it is empty'},
    {target: '@head', dag: forked, code: 'INVALID_TARGET', message: 'the branch before @ is missing'},
    {target: 'L@', dag: forked, code: 'INVALID_TARGET', message: 'the target after @ is missing'},
    {target: '+1x', dag: forked, code: 'REVISION_NOT_FOUND', message: '+1x'},
    {target: '+1', dag: forked, code: 'REVISION_NOT_FOUND', message: '+1'},
    {
      target: '1',
      dag: '1a2b3c <- 2b3c4d',
      code: 'REVISION_NOT_FOUND',
      message: 'label: 1.',
      hint: '`-1` and `+1` count revisions. For the revision 1a2b3c, write at least `1a2b`.',
    },
    {target: 'git:v2', dag: forked, code: 'INVALID_TARGET', message: 'git:v2'},
    {target: 'haeds', dag: forked, code: 'REVISION_NOT_FOUND', message: 'haeds', hint: 'heads'},
    {target: 'bsae', dag: 'a', code: 'REVISION_NOT_FOUND', message: 'bsae', hint: 'base'},
    {target: 'curent', dag: forked, code: 'REVISION_NOT_FOUND', message: 'curent', hint: 'current'},
    {target: 'head', dag: 'a{X} <- b{B}; a <- c', code: 'MULTIPLE_HEADS', message: 'b and c', hint: 'B@head or c'},
    {target: 'R@left1-1', dag: forked, applied: '', code: 'NOT_ON_BRANCH', message: 'left1'},
    {target: 'a-3', dag: 'a', applied: '', code: 'WALKED_TOO_FAR', message: 'only 1 revision'},
    {
      target: 'fork@-1',
      dag: forked,
      applied: 'base1 fork left1 right1',
      code: 'SEVERAL_CURRENT_REVISIONS',
      message: 'left1 and right1',
      hint: 'L@-1 or R@-1',
    },
    {target: 'git:v2', dag: forked, applied: '', code: 'INVALID_TARGET', message: 'git:v2'},
    {target: 'fork@+1', dag: forked, applied: 'base1 fork', code: 'AMBIGUOUS_WALK', message: 'left1 or right1'},
    {target: 'heads+1', dag: forked, applied: '', code: 'MULTIPLE_HEADS', message: 'left2 and right2'},
    {target: 'Q@base+1', dag: forked, applied: '', code: 'BRANCH_NOT_FOUND', message: 'branch Q'},
    {target: 'Q@-1', dag: forked, applied: 'base1', code: 'BRANCH_NOT_FOUND', message: 'branch Q'},
    {target: '-9', dag: forked, code: 'WALKED_TOO_FAR', message: '-9 goes too far: there are only 4 revisions'},
    {target: '+1', dag: forked, applied: 'base1 fork', code: 'AMBIGUOUS_WALK', message: 'left1 or right1'},
    {target: '+1', dag: 'a', applied: 'a', code: 'WALKED_TOO_FAR', message: 'there are no revisions in that direction'},
    {target: 'current', dag: forked, code: 'INVALID_TARGET', message: 'the state of a database is not read here'},
    {target: '+9', dag: labelled, applied: '', code: 'WALKED_TOO_FAR', message: 'only 4 revisions'},
    {target: '-1', dag: 'a; b; a, b <- m', applied: 'a b m', code: 'AMBIGUOUS_WALK', message: 'one step down from m'},
    {target: '-1', dag: forked, applied: '', code: 'NO_CURRENT_REVISION', message: 'the database is at base'},
    {target: 'R@-1', dag: 'a; b{R}', applied: 'a', code: 'NO_CURRENT_REVISION', message: 'on branch R'},
    {
      target: '-1',
      dag: forked,
      applied: 'base1 fork left1 right1',
      code: 'SEVERAL_CURRENT_REVISIONS',
      message: 'left1 and right1',
      hint: 'L@-1 or R@-1',
    },
    {
      target: '+1',
      dag: forked,
      applied: 'base1 fork left1 right1',
      code: 'SEVERAL_CURRENT_REVISIONS',
      message: 'left1 and right1',
      hint: 'left1+1 or right1+1',
    },
  ]
  for (const c of refused)
    it(`refuses ${c.target || 'an empty target'} in "${c.dag}" as ${c.code}`, () => {
      const applied = c.applied?.split(' ').filter(Boolean)
      const error = errorOf(c.code, () => resolveTargets(dag(c.dag), c.target, applied))
      expect(error.message).to.contain(c.message)
      expect(error.hint ?? '').to.contain(c.hint ?? '')
    })
})
