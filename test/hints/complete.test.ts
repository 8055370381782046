import {globSync, readFileSync} from 'node:fs'
import {expect} from 'chai'
import ts from 'typescript5'
import {situations as autogenerate} from './autogenerate.ts'
import {situations as baseline} from './baseline.ts'
import {situations as config} from './config.ts'
import {situations as git} from './git.ts'
import {situations as graph} from './graph.ts'
import {situations as runner} from './runner.ts'

/** Texts with commands or flags that are not hints of errors, or whose situation cannot be arranged with a command. */
const others: readonly (readonly [file: string, text: RegExp, reason: string])[] = [
  ['src/git/hook-script.ts', /./, 'comments in git hooks'],
  ['src/cli/failure.ts', /needs …/, 'a message'],
  ['src/cli/failure.ts', /bug in mig|from a package/, 'a defect'],
  ['src/cli/run-command.ts', /^Ended at once/, 'a note of a process that ends'],
  ['src/cli/format-hooks.ts', /no-verify/, 'a note of a git hook; tested in test/git/hooks.test.ts'],
  ['src/engine/switch/advice.ts', /^(?!Fix)/, 'notes beside errors; tested in test/git/switch-failures.test.ts'],
  ['src/runner/snapshots/errors.ts', /^(?:End|Run|another)/, 'tested in test/git/switch-snapshots.test.ts'],
  ['src/git/checkout-obstacles.ts', /reports the same/, 'what git refuses beyond the known reasons'],
  [
    'src/cli/format-current.ts',
    /./,
    'notes; tested in test/commands/running.test.ts and test/api/tenant-states.test.ts',
  ],
  ['src/project-code.ts', /./, 'shows more of the same error'],
  ['src/runner/lifecycle-hooks.ts', /--debug/, 'shows more of the same error'],
  ['src/runner/errors.ts', /^Use `--debug`/, 'shows more of the same error'],
  ['src/git/errors.ts', /^`git …` failed/, 'a message'],
  [
    'src/git/errors.ts',
    /git fsck|safe\.directory/,
    'damaged or foreign repositories; tested in test/git/repository.test.ts',
  ],
  [
    'src/git/errors.ts',
    /^Run `mig status`; the hooks/,
    'a note of a git hook; tested in test/git/trusted-code.test.ts',
  ],
  ['src/git/errors.ts', /git rm -r --cached/, 'packages in git; tested in test/git/start-script.test.ts'],
  [
    'src/git/errors.ts',
    /^Run `git config core\.hooksPath/,
    'hooks of the user; tested in test/git/hook-managers.test.ts',
  ],
  ['src/git/ref-names.ts', /./, 'parts of findings; tested in test/git/advice.test.ts'],
  ['src/git/start-script.ts', /./, 'a script, and its notes; tested in test/git/start-script.test.ts'],
  ['src/baseline/errors.ts', /^Nothing was written\. Change/, 'objects that no statement recreates'],
  ['src/baseline/baseline.ts', /head`\.$/, 'tenants; the same way as for any revision by hand'],
  ['src/baseline/verify.ts', /^Record the one/, 'two baselines; `mig stamp` is as in other hints'],
  ['src/baseline/dump.ts', /./, 'commands of other programs; tested in test/baseline/command.test.ts'],
  ['src/autogenerate/existing-database.ts', /./, 'a note; the command is followed in other situations'],
  [
    'src/engine/switch/snapshots.ts',
    /^Run `mig switch` to align/,
    'revisions of no branch; tested in test/git/switch-snapshots.test.ts',
  ],
  ['src/engine/bundle/bundle.ts', /./, 'of functions, which programs call; tested in test/api/bundle.test.ts'],
  ['src/engine/bundle/write.ts', /^\/\/ Written/, 'a comment in a bundle'],
  ['src/dialects/errors.ts', /--external/, 'a flag of esbuild; tested in test/projects/bundle.test.ts'],
  ['src/api/init/agents.ts', /^…\n## /, 'the section of AGENTS.md; tested in test/commands/init.test.ts'],
  ['src/conflicts/advice.ts', /In every database, run/, 'of two published ones; tested in test/git/collisions.test.ts'],
  ['src/cli/format-rebase.ts', /--replay/, 'tested in test/git/rebase.test.ts'],
  ['src/api/runs/replay.ts', /rebased already/, 'a note; tested in test/contract/rebase.test.ts'],
  ['src/squash/errors.ts', /by hand/, 'what cannot be squashed; tested in test/squash/squash.test.ts'],
  ['src/import/table.ts', /./, 'tables of other tools; tested in test/import/refusals.test.ts'],
  ['src/api/migrator/schema-drop.ts', /./, 'a function of MikroORM; tested in test/migrator/mig-migrator.test.ts'],
  ['src/cli/format-autogenerate.ts', /it$/, 'notes; tested in test/autogenerate/after-baseline.test.ts'],
  ['src/graph/errors.ts', /^Check out the branch/, 'commands say where the revision is instead'],
  ['src/git/evaluate-merge.ts', /--deepen/, 'shallow clones; tested in test/git/check-onto.test.ts'],
]

/** A text of the source, with … for the values that it is given. */
interface Text {
  readonly file: string
  readonly line: number
  readonly text: string
}

/** Returns the texts of a file that name a command or a flag in backquotes. */
function textsOf(file: string): readonly Text[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true)
  const found: Text[] = []
  const visit = (node: ts.Node): void => {
    const text = textOf(node)
    const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1
    if (text !== undefined && /`(?:mig |git |--[a-z])/.test(text)) found.push({file, line, text})
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

function textOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text
  if (!ts.isTemplateExpression(node)) return undefined
  return (
    node.head.text + node.templateSpans.map(({expression, literal}) => commandIn(expression) + literal.text).join('')
  )
}

/** Returns the text of a command that is quoted for the shell, and … for any other value. */
function commandIn(value: ts.Expression): string {
  const isCommand = ts.isTaggedTemplateExpression(value) && value.tag.getText() === 'shellCommand'
  return (isCommand ? textOf(value.template) : undefined) ?? '…'
}

describe('hints that name commands', () => {
  const hints = [autogenerate, baseline, config, git, graph, runner].flat().map(({hint}) => hint)
  const texts = globSync('src/**/*.ts').toSorted().flatMap(textsOf)

  for (const {file, line, text} of texts) {
    if (others.some(([other, words]) => other === file && words.test(text))) continue
    it(`have a situation: ${file}:${line}`, () => {
      const pattern = new RegExp(
        text
          .split('…')
          .map((part) => part.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`))
          .join('.*'),
        's',
      )
      expect(
        hints.some((hint) => pattern.test(hint)),
        text,
      ).to.equal(true)
    })
  }

  for (const [file, words, reason] of others)
    it(`do not include ${file} ${String(words)}: ${reason}`, () => {
      expect(texts.some((text) => text.file === file && words.test(text.text))).to.equal(true)
    })
})
