import {situations} from './baseline.ts'
import {testHints} from './situation.ts'

describe('hints of baselines can be followed:', () => {
  testHints(situations)
})
