import {situations} from './git.ts'
import {testHints} from './situation.ts'

describe('hints of git, checks and hooks can be followed:', () => {
  testHints(situations)
})
