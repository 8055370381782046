import {expect} from 'chai'
import {hidePasswords} from '../../src/util/secrets.ts'

describe('util/secrets', () => {
  const cases = [
    {text: 'postgresql://me:secret@host:5432/db', hidden: 'postgresql://me:***@host:5432/db'},
    {text: 'mysql://me:se@cr@et@host/db failed', hidden: 'mysql://me:***@host/db failed'},
    {
      text: "at 'mongodb+srv://me:s/e:c@host' and pg://a:b@c",
      hidden: "at 'mongodb+srv://me:***@host' and pg://a:***@c",
    },
    {text: 'postgresql://:secret@host/db', hidden: 'postgresql://:***@host/db'},
    {
      text: 'postgresql://host/db?user=me&password=secret&sslmode=require or libsql://host?authToken=a.b.c',
      hidden: 'postgresql://host/db?user=me&password=***&sslmode=require or libsql://host?authToken=***',
    },
    {text: 'postgresql://me@host/db, sqlite:x.db, a@b:c', hidden: 'postgresql://me@host/db, sqlite:x.db, a@b:c'},
  ]
  for (const c of cases)
    it(`writes ${c.text} as ${c.hidden}`, () => {
      expect(hidePasswords(c.text)).to.equal(c.hidden)
    })
})
