import {expect} from 'chai'
import {
  current,
  downgrade,
  ensureVersion,
  heads,
  history,
  importHistory,
  merge,
  stamp,
  status,
  upgrade,
} from '../../src/index.ts'
import {rejectionOf} from '../support/errors.ts'
import {Folder} from '../support/folder.ts'

const api = {current, downgrade, ensureVersion, history, importHistory, merge, stamp, status, upgrade}

const cases = [
  {
    call: 'upgrade',
    options: {targt: 'x'},
    message: 'Invalid option targt of upgrade: there is no such option.',
    hint: 'Did you mean target?',
  },
  {
    call: 'upgrade',
    options: {target: 3},
    message: 'Invalid option target of upgrade: it must be a string or an array of strings.',
  },
  {
    call: 'upgrade',
    options: {target: ['a', 3]},
    message: 'Invalid option target of upgrade: it must be a string or an array of strings.',
  },
  {
    call: 'importHistory',
    options: {tool: 'nothing', folder: 'db'},
    message:
      'Invalid option tool of importHistory: it must be mikro-orm, knex, typeorm, node-pg-migrate, drizzle, umzug, prisma, dbmate, golang-migrate, flyway, atlas, sqitch, alembic or django.',
  },
  {call: 'importHistory', options: {tool: 'knex'}, message: 'Invalid option folder of importHistory: it is required.'},
  {call: 'upgrade', options: undefined, message: 'Invalid option of upgrade: the options must be an object.'},
  {call: 'downgrade', options: {}, message: 'Invalid option target of downgrade: it is required.'},
  {call: 'downgrade', options: {target: undefined}, message: 'Invalid option target of downgrade: it is required.'},
  {
    call: 'stamp',
    options: {target: 'a', purge: 'yes'},
    message: 'Invalid option purge of stamp: it must be true or false.',
  },
  {
    call: 'current',
    options: {tenants: 'acme'},
    message: 'Invalid option tenants of current: it must be an array of strings.',
  },
  {call: 'status', options: {onEvent: true}, message: 'Invalid option onEvent of status: it must be a function.'},
  {
    call: 'ensureVersion',
    options: {lockTimeout: true},
    message: 'Invalid option lockTimeout of ensureVersion: it must be a string or a number.',
  },
  {call: 'upgrade', options: {parallel: '2'}, message: 'Invalid option parallel of upgrade: it must be a number.'},
  {call: 'history', options: {em: 'em'}, message: 'Invalid option em of history: it must be an object.'},
  {
    call: 'merge',
    options: {constructor: 'x'},
    message: 'Invalid option constructor of merge: there is no such option.',
  },
] as const

describe('functions refuse invalid options', () => {
  for (const {call, options, message, ...more} of cases)
    it(message, async () => {
      const run = api[call] as (given: unknown) => Promise<unknown>
      const error = await rejectionOf('INVALID_OPTION', async () => run(options))
      expect(error.message).to.equal(message)
      if ('hint' in more) expect(error.hint).to.equal(more.hint)
      else expect(error.hint).to.be.a('string')
    })

  it('but accept valid ones, and undefined for those that may be omitted', async () => {
    const folder = new Folder().writeGraph('a')
    const found = await heads({cwd: folder.path, at: undefined, verbose: true})
    expect(found.heads.map(({revision}) => revision)).to.deep.equal(['a'])
  })
})
