import {expect} from 'chai'
import {readRevisionFile} from '../../src/script/revision-file.ts'

const files: readonly {readonly path: string; readonly text: string; readonly from: number}[] = [
  {
    path: 'versions/add_t.ts',
    text: `/** add t */
export const revision = 'a1'
export const downRevision = null
export async function upgrade(op) {}
`,
    from: '/*'.length,
  },
  {
    path: 'versions/add_t.ts',
    text: `export const revision = 'a1'
export const downRevision = ['b', 'c']
export async function upgrade(op) {}
`,
    from: 'export'.length,
  },
  {
    path: 'versions/add_t.sql',
    text: '-- revision: a1\n-- revises: b\n\n-- upgrade\nselect 1;\n',
    from: '-- rev'.length,
  },
  {
    path: 'versions/add_t.sql',
    text: '-- add t\n--\n-- revision: a1\n-- revises: b\n\n-- upgrade\nselect 1;\n\n-- downgrade\nselect 2;\n',
    from: '-- add t\n--\n-- rev'.length,
  },
  {
    path: 'versions/add_t.ts',
    text: "/** add t */\nimport type {Operations} from 'migdag'\n\nexport const revision = 'a1'\nexport const downRevision = null\nexport async function upgrade(op) {}\n",
    from: "/** add t */\nimport type {Operations} from 'migdag'".length,
  },
]

describe('a revision file that was cut off', () => {
  for (const {path, text, from} of files)
    it(`is never taken for another file: ${JSON.stringify(text.slice(0, 20))}`, () => {
      const ignored: string[] = []
      // Only a complete comment may belong to any file.
      const isComment = (part: string): boolean => /\*\/\s*(?:e|ex|exp|expo|expor)?$/.test(part)
      for (let length = from; length < text.length; length++) {
        const part = text.slice(0, length)
        if (isComment(part)) continue
        try {
          if (readRevisionFile(path, part) === undefined) ignored.push(part)
        } catch (error) {
          expect(error).to.have.property('code', 'INVALID_REVISION_FILE')
        }
      }
      expect(ignored).to.deep.equal([])
    })

  it('loses no downgrade', () => {
    for (const end of ['do', 'down', 'downgrad'])
      expect(() =>
        readRevisionFile('a.sql', `-- revision: a1\n-- revises:\n\n-- upgrade\nselect 1;\n\n-- ${end}`),
      ).to.throw('a.sql:7: it ends within the line `-- downgrade`.')
  })

  const others = [
    '',
    '// export\n',
    'export const seed = 1\n',
    '/* helpers */\nexport function fill() {}\n',
    'const x = 1',
  ]
  for (const text of others)
    it(`is not what this is: ${JSON.stringify(text)}`, () => {
      expect(readRevisionFile('versions/helpers.ts', text)).to.equal(undefined)
    })
})
