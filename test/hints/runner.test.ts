import {situations} from './runner.ts'
import {testHints} from './situation.ts'

describe('hints of runs and databases can be followed:', () => {
  testHints(situations)
})
