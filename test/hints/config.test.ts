import {situations} from './config.ts'
import {testHints} from './situation.ts'

describe('hints of the command line, the configuration and files can be followed:', () => {
  testHints(situations)
})
