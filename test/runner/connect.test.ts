import {expect} from 'chai'
import {createDatabase, databaseKinds, missingKinds} from '../support/databases.ts'

describe('databases of this run', () => {
  for (const kind of databaseKinds)
    it(`${kind} makes and drops them`, async () => {
      const database = await createDatabase(kind)
      try {
        const [, , rows] = await database.query(
          'create table t (n integer)',
          'insert into t values (1)',
          'select n from t',
        )
        expect(rows).to.deep.equal([{n: 1}])
      } finally {
        await database.drop()
      }
    })

  for (const {kind, variable} of missingKinds) it(`${kind} is left out: ${variable} names no server`)
})
