import {expect} from 'chai'
import {convertedSql} from '../../src/operations/columns/conversion.ts'
import {databaseKinds} from '../support/databases.ts'
import {openScratch} from '../support/scratch.ts'

const types = [
  ...['smallint', 'integer', 'bigint', 'numeric(10, 2)', 'real', 'double precision', 'money', 'boolean', 'oid'],
  ...['text', 'varchar(20)', 'char(3)', 'bytea', 'uuid', 'json', 'jsonb', 'xml', 'bit(8)', 'bit varying(8)'],
  ...['date', 'time', 'timetz', 'timestamp(3)', 'timestamptz', 'interval', 'inet', 'cidr', 'macaddr', 'macaddr8'],
  ...['point', 'box', 'circle', 'polygon', 'path', 'lseg', 'int4range', 'tsvector', 'integer[]', 'text[]', 'uuid[]'],
]

describe('a conversion on postgresql', () => {
  before(function () {
    if (!databaseKinds.includes('postgresql')) this.skip()
  })

  it('exists between any two types', async () => {
    const scratch = await openScratch('postgresql')
    try {
      const pairs = types.flatMap((from) => types.map((to) => convertedSql(`null::${from}`, from, to)))
      await scratch.use(async (session) => {
        const refused: string[] = []
        for (const sql of pairs) await session.query(`select ${sql}`).catch(() => refused.push(sql))
        expect(refused).to.deep.equal([])
      })
    } finally {
      await scratch.close()
    }
  })

  it('is a plain cast where there is one, or where the previous type is unknown', () => {
    expect(convertedSql('a', 'int', 'int8')).to.equal('a::int8')
    expect(convertedSql('a', 'varchar(20)', 'uuid')).to.equal('a::uuid')
    expect(convertedSql('a', undefined, 'uuid')).to.equal('a::uuid')
  })

  it('goes through a type that keeps the value', () => {
    expect(convertedSql('a', 'boolean', 'smallint')).to.equal('a::integer::smallint')
    expect(convertedSql('a', 'money', 'bigint')).to.equal('a::numeric::bigint')
    expect(convertedSql('a', 'integer', 'uuid')).to.equal('a::text::uuid')
    expect(convertedSql('a', 'boolean[]', 'bigint[]')).to.equal('a::integer[]::bigint[]')
    expect(convertedSql('a', 'mood', 'feeling')).to.equal('a::text::feeling')
  })
})
