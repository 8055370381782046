import {situations} from './graph.ts'
import {testHints} from './situation.ts'

describe('hints of graphs and targets can be followed:', () => {
  testHints(situations)
})
