import {expect} from 'chai'
import {array, assert, constantFrom, property, record, string, tuple} from 'fast-check'
import {MigError} from '../../src/errors.ts'
import {hideInAddress, hidePasswords, rememberAddress, rememberOptions} from '../../src/util/secrets.ts'

describe('util/secrets', () => {
  const texts = [
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
    {text: 'bogus://me:se cr"e\'t@host', hidden: 'bogus://me:***@host'},
    {text: 'no postgresql//me:secret@host/db here', hidden: 'no postgresql//me:***@host/db here'},
    {text: 'no postgres:/me:secret@host here', hidden: 'no postgres:/me:***@host here'},
    {text: 'no postgres:secret@host here', hidden: 'no postgres:***@host here'},
    {text: 'postgresql://me:secret is no URL', hidden: 'postgresql://me:*** is no URL'},
    {
      text: "host=h user=me password=secret dbname=d, or password='it\\'s se''cret' host=h",
      hidden: 'host=h user=me password=*** dbname=d, or password=*** host=h',
    },
    {text: "host=h password = 'secret', PGPASSWORD=secret", hidden: 'host=h password = ***, PGPASSWORD=***'},
    {text: "{ host: 'h', password: 'se\\'cret', port: 1 }", hidden: "{ host: 'h', password: ***, port: 1 }"},
    {text: '{"password":"secret","token": "secret"}', hidden: '{"password":***,"token": ***}'},
    {
      text: "ssl: { key: '-----BEGIN PRIVATE KEY-----\\nMIIEsecret\\n-----END PRIVATE KEY-----\\n', ca: '-----BEGIN CERTIFICATE-----\nMIID\n-----END CERTIFICATE-----' }",
      hidden: "ssl: { key: '***\\n', ca: '***' }",
    },
    {text: 'cannot use -----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIEsecret', hidden: 'cannot use ***'},
    {text: "{ passphrase: 'secret', ca: 'ca.pem' }", hidden: "{ passphrase: ***, ca: 'ca.pem' }"},
    {text: 'mysql://h/d?ssl={"key":"secret"}&charset=utf8mb4', hidden: 'mysql://h/d?ssl=***&charset=utf8mb4'},
    {text: 'mysql://h/d?ssl=%7B%22passphrase%22%3A%22secret%22%7D', hidden: 'mysql://h/d?ssl=***'},
    {text: 'mysql://h/d?ssl=true', hidden: 'mysql://h/d?ssl=true'},
  ]
  for (const {text, hidden} of texts)
    it(`writes ${text} as ${hidden}`, () => {
      expect(hidePasswords(text)).to.equal(hidden)
      expect(hidePasswords(hidden)).to.equal(hidden)
    })

  const harmless = [
    'postgresql://me@host/db, sqlite:x.db, a@b:c',
    'postgresql://127.0.0.1:5432/db is locked by ana@laptop, and postgresql://me@[::1]:5432/db, too',
    '`mig history -r feature@base:feature@head`, `mig upgrade aaaa:feature@head --sql`',
    'at file:///home/me/node_modules/@mikro-orm/core/index.js:12:5 and node:internal/x:1:2, mail me@example.org',
    'see https://example.org:8080/docs or mail me@example.org; pglite:.mig/pgdata',
    'ER_ACCESS_DENIED (using password: YES), where token = $1 and password = crypt(password, salt)',
    `unrecognized token: "'x);"`,
    'sqlite:C:\\work\\x.db and file:///C:/work/@x/y.ts:1:2',
  ]
  for (const text of harmless)
    it(`leaves ${text}`, () => {
      expect(hidePasswords(text)).to.equal(text)
    })

  const addresses = [
    {address: 'postgresql//u:SECRET@h/x', hidden: 'postgresql//u:***@h/x'},
    {address: 'bogus://u:SE@C/R#E?T@h', hidden: 'bogus://u:***@h'},
    {address: 'postgres:/u:SECRET@h', hidden: 'postgres:***@h'},
    {address: 'u:SECRET@h/x', hidden: 'u:***@h/x'},
    {address: 'postgres:SECRET@h/x', hidden: 'postgres:***@h/x'},
    {address: 'postgresql://u:SECRET', hidden: 'postgresql://u:***'},
    {address: 'postgresql://h/d?password=SE&CRET', hidden: 'postgresql://h/d?password=***'},
    {address: 'postgresql://u:SECRET@h/d?sslpassword=SECR@ET', hidden: 'postgresql://u:***'},
    {address: 'host = h password = SE CRET', hidden: 'host = h password = ***'},
    {address: '"postgresql://u:SECRET@h"', hidden: '"postgresql:***@h"'},
    {address: 'mysql://h/d?ssl=%7B%22passphrase%22%3A%22SECRET%22%7D', hidden: 'mysql://h/d?ssl=***'},
    {address: 'mysql://h/d?ssl=true', hidden: 'mysql://h/d?ssl=true'},
    {address: 'postgresql://u@h:5432/d', hidden: 'postgresql://u@h:5432/d'},
    {address: 'postgresql://u@[::1]:5432/d', hidden: 'postgresql://u@[::1]:5432/d'},
    {address: 'mysql://127.0.0.1:3306/d', hidden: 'mysql://127.0.0.1:3306/d'},
    {address: 'sqlite:/a@b/c.db', hidden: 'sqlite:/a@b/c.db'},
    {address: 'sqlite:/a/u:SECRET@h/x', hidden: 'sqlite:/a/u:***@h/x'},
  ]
  for (const {address, hidden} of addresses)
    it(`shows the address ${address} as ${hidden}`, () => {
      expect(hideInAddress(address)).to.equal(hidden)
    })

  it('finds no part of a password in an address, however it is written', () => {
    assert(
      property(address, ({text, parts}) => {
        const shown = hideInAddress(text)
        expect(parts.filter((part) => shown.includes(part))).to.deep.equal([])
      }),
      {numRuns: 2000},
    )
  })

  it('finds no part of it in the texts of errors either, once mig knows the address', () => {
    assert(
      property(address, string(), string(), ({text, parts}, before, behind) => {
        rememberAddress(text)
        const said = `${before}${text}${behind}`
        const {message, hint, data} = new MigError('ORM_FAILED', said, {
          hint: said,
          data: {deep: [{said}], [`x`]: said},
        })
        const all = [message, hint, JSON.stringify(data), hidePasswords(said)].join('\n')
        expect(parts.filter((part) => all.includes(part))).to.deep.equal([])
      }),
      {numRuns: 300},
    )
  })

  it('finds what connection options have', () => {
    const key = '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkq\n-----END PRIVATE KEY-----\n'
    const options = {
      get host(): string {
        throw new Error('a getter')
      },
      password: 'a long password',
      driverOptions: {ssl: [{key, passphrase: 'a long passphrase', ca: 'a long path.pem', servername: 'a long name'}]},
    }
    rememberOptions(options)
    expect(
      hidePasswords('a long password, a long passphrase, MIIEvQIBADANBgkq, a long path.pem, a long name'),
    ).to.equal('***, ***, ***, a long path.pem, a long name')
  })

  it('takes time in proportion to the length of a text', () => {
    for (const piece of [
      'postgres://a:',
      'postgres:',
      'a.',
      "password='",
      '"token": ',
      'x@y:z ',
      '-----BEGIN A-----',
      '?ssl={',
    ])
      expect(hidePasswords(piece.repeat(20_000))).to.be.a('string')
  })
})

const odd = array(constantFrom(...`aZ09 '"@#?&=:/\\%+*$\`<>[]{}|^~;,.!-_éß😀\n\t`), {maxLength: 4}).map((all) =>
  all.join(''),
)
/** A password with odd characters, and two parts that nothing else has. */
const password = tuple(odd, odd, odd).map(([a, b, c]) => `${a}XQ1X${b}XQ2X${c}`)
const address = record({
  password,
  write: constantFrom<(secret: string) => string>(
    (secret) => `postgresql://u:${secret}@h/x`,
    (secret) => `postgresql//u:${secret}@h/x`,
    (secret) => `postgres:/u:${secret}@h`,
    (secret) => `postgres:u:${secret}@h`,
    (secret) => `bogus://u:${secret}@h`,
    (secret) => `u:${secret}@h/x`,
    (secret) => ` "mysql://u:${secret}@h/x"`,
    (secret) => `mysql://:${secret}@h/x`,
    (secret) => `postgresql://u:${secret}@h/x?password=${secret}`,
    (secret) => `postgresql://h/x?user=u&password=${secret}`,
    (secret) => `libsql://h?authToken=${secret}&tls=0`,
    (secret) => `host=h user=u password=${secret} dbname=d`,
    (secret) => `host=h password = '${secret}'`,
    (secret) => `mysql://u@h/d?ssl={"passphrase": "${secret}"}`,
    (secret) => `sqlite:u:${secret}@h/x`,
  ),
}).map(({password: secret, write}) => ({text: write(secret), parts: ['XQ1X', 'XQ2X']}))
