import {expect} from 'chai'
import {readHeader} from '../../src/script/header.ts'
import {readSqlHeader} from '../../src/script/sql-file.ts'
import {withDownRevisions} from '../../src/script/reparent.ts'

/** The text of a file before and after, with what it descends from. */
const cases: readonly {
  readonly name: string
  readonly file?: string
  readonly before: string
  readonly parents: readonly string[]
  readonly after: string
}[] = [
  {
    name: 'a string',
    before: "export const revision = 'm'\nexport const downRevision = 'a'\n",
    parents: ['t'],
    after: "export const revision = 'm'\nexport const downRevision = 't'\n",
  },
  {
    name: 'a string in other quotes, with a type and a comment',
    before: 'export const revision = "m"; export const downRevision: string | null = "a" as const; // a\n',
    parents: ['t'],
    after: 'export const revision = "m"; export const downRevision: string | null = "t" as const; // a\n',
  },
  {
    name: 'null',
    before: "export const downRevision = null\r\nexport const revision = 'm'\r\n",
    parents: ['t'],
    after: "export const downRevision = 't'\r\nexport const revision = 'm'\r\n",
  },
  {
    name: 'a string that becomes null',
    before: "export const revision = 'm'\nexport const downRevision = 'a'",
    parents: [],
    after: "export const revision = 'm'\nexport const downRevision = null",
  },
  {
    name: 'an array over several lines',
    before: 'export const revision = "m"\nexport const downRevision = [\n  "a", // first\n  "b",\n] as const\n',
    parents: ['t'],
    after: 'export const revision = "m"\nexport const downRevision = ["t"] as const\n',
  },
  {
    name: 'a string that becomes an array',
    before: "export const revision = 'm'\nexport const downRevision = 'a'\n",
    parents: ['t', 'u'],
    after: "export const revision = 'm'\nexport const downRevision = ['t', 'u']\n",
  },
  {
    name: 'the line of the comment, and no other text',
    before:
      "/**\n * add m; Revises: a\n * Revises: some prose\n *\n * Revision ID: m\n * Revises: a  \n */\nconst text = 'export const downRevision = 1'\n// export const downRevision = 'x'\nexport const revision = 'm'\nexport const downRevision = 'a'\n/* Revises: a */\n",
    parents: ['t'],
    after:
      "/**\n * add m; Revises: a\n * Revises: some prose\n *\n * Revision ID: m\n * Revises: t  \n */\nconst text = 'export const downRevision = 1'\n// export const downRevision = 'x'\nexport const revision = 'm'\nexport const downRevision = 't'\n/* Revises: a */\n",
  },
  {
    name: 'a comment that is not at the top',
    before: "export const revision = 'm'\nexport const downRevision = 'a'\n/**\n * Revises: a\n */\n",
    parents: ['t'],
    after: "export const revision = 'm'\nexport const downRevision = 't'\n/**\n * Revises: a\n */\n",
  },
  {
    name: 'SQL',
    file: 'm.sql',
    before: '\uFEFF-- revision: m\r\n-- Revises :  a, b \r\n\r\n-- upgrade\r\n-- revises: a\r\n',
    parents: ['t'],
    after: '\uFEFF-- revision: m\r\n-- Revises :  t \r\n\r\n-- upgrade\r\n-- revises: a\r\n',
  },
  {
    name: 'SQL without parents',
    file: 'm.sql',
    before: '-- revises:\n-- revision: m\n-- upgrade\n',
    parents: ['t', 'u'],
    after: '-- revises:t, u\n-- revision: m\n-- upgrade\n',
  },
  {
    name: 'SQL that becomes a base',
    file: 'M.SQL',
    before: '\uFEFF-- revises: a\n-- revision: m\n-- upgrade\n',
    parents: [],
    after: '\uFEFF-- revises: base\n-- revision: m\n-- upgrade\n',
  },
]

describe('other parents in a revision file', () => {
  for (const {name, file = 'm.ts', before, parents, after} of cases)
    it(`replace ${name}`, () => {
      const text = withDownRevisions(before, file, parents)
      expect(text).to.equal(after)
      const header = file === 'm.ts' ? readHeader(text, file) : readSqlHeader(text, file)
      expect(header?.downRevisions).to.deep.equal(parents)
    })
})
