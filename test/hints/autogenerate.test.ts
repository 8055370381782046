import {situations} from './autogenerate.ts'
import {testHints} from './situation.ts'

describe('hints of generated revisions can be followed:', () => {
  testHints(situations)
})
