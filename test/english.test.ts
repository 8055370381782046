import {execFileSync} from 'node:child_process'
import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'

const root = join(import.meta.dirname, '..')

/** Phrases that read as translated, each with its usual English form. */
const phrases: readonly (readonly [phrase: RegExp, usual: string])[] = [
  [/\banew\b/i, 'again, rebuild'],
  [/\bhalf[ -]applied\b/i, 'partially applied'],
  [/\bis there on \w+ only\b/i, 'only supported on X'],
  [/\bis at work on\b/i, 'holds, is running'],
  [/\b[Ss]ay `-/, 'use, pass, set'],
  [/\b[Ss]ay which\b/, 'choose one'],
  [/\bno file (of this checkout )?has\b(?! the name)/i, 'missing from the files'],
  [/\bin no file\b/i, 'missing from the files'],
  [/\bbe come by\b|\bis come by\b/i, 'obtained'],
  [/\bcannot be called so\b|\bis called so\b/i, 'invalid name'],
  [/\bstands? twice\b/i, 'duplicate'],
  [/\bwrit(e|es|ing) over\b/i, 'overwrite'],
  [/\b(database|databases|it) stands? on\b/i, 'the database is at X'],
  [/\bgo(es)? on (behind|from|when)\b/i, 'resume, continue'],
  [/\bnobody was left\b/i, 'the process exited'],
  [/\bto mend\b|\bmended\b/i, 'repair, fix'],
  [/\bcome before each other\b/i, 'dependency cycle'],
]

const docOpening = /^\s*\/?\*\*? (?:What|Whom|Whose|How|Who) /

function linesOf(...folders: readonly string[]): readonly {readonly place: string; readonly text: string}[] {
  const files = execFileSync('git', ['ls-files', '-z', ...folders], {cwd: root, encoding: 'utf8'}).split('\0')
  return files
    .filter((file) => /\.(ts|js|eta|md)$/.test(file))
    .flatMap((file) =>
      readFileSync(join(root, file), 'utf8')
        .split('\n')
        .map((text, i) => ({place: `${file}:${i + 1}`, text})),
    )
}

describe('english', () => {
  const lines = linesOf('src', 'commands', 'docs', 'README.md')

  it('reads the source and the docs', () => {
    for (const folder of ['src/', 'commands/', 'docs/', 'README.md'])
      expect(
        lines.some(({place}) => place.startsWith(folder)),
        folder,
      ).to.equal(true)
  })

  for (const [phrase, usual] of phrases)
    it(`says "${usual}", not ${phrase.source}`, () => {
      expect(
        lines.filter(({text}) => phrase.test(text)).map(({place, text}) => `${place}: ${text.trim()}`),
      ).to.deep.equal([])
    })

  it('begins no docstring with What, Whom, How or Who', () => {
    const found = lines.filter(({place, text}) => place.includes('.ts:') && docOpening.test(text))
    expect(found.map(({place, text}) => `${place}: ${text.trim()}`)).to.deep.equal([])
  })
})
