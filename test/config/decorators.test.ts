import {expect} from 'chai'
import {lineOfDecorator} from '../../src/config/typescript/decorators.ts'

describe('config/typescript/decorators', () => {
  const cases: {name: string; source: string; line: number | undefined}[] = [
    {name: 'of a class', source: '\n@Entity()\nclass A {}', line: 2},
    {name: 'of an exported class', source: 'export @Entity() class A {}', line: 1},
    {name: 'behind a division', source: 'const half = 1 / 2; /* @a */\n@Entity() class A {}', line: 2},
    {name: 'that is an expression', source: 'class A {\n  @(one()) a = 1\n}', line: 2},
    {name: 'in a comment', source: '/**\n @author me\n*/ // @a\nlet a', line: undefined},
    {name: 'in a string', source: "const a = '@a'", line: undefined},
    {name: 'in a template', source: 'const a = `\n@Entity()\nclass A {${"@b"}}`', line: undefined},
    {name: 'in a regular expression', source: 'const a = /\n/\nconst b = /@a[/]@/u', line: undefined},
    {name: 'in a private name', source: 'class A { #a = 1 }', line: undefined},
  ]
  for (const {name, source, line} of cases)
    it(`${line === undefined ? 'finds none' : 'finds one'} ${name}`, () => {
      expect(lineOfDecorator(source)).to.equal(line)
    })
})
