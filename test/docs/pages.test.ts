import {chmodSync, globSync, mkdirSync, readFileSync, symlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {run} from '../support/cli.ts'
import {Folder} from '../support/folder.ts'
import {linkPackages} from '../support/packages.ts'

/** A fenced block of a page: its language, what else stands behind the fence, and its text. */
interface Block {
  readonly language: string
  readonly attributes: string
  readonly text: string
}

describe('the pages of the documentation', () => {
  for (const page of ['README.md', ...globSync('docs/*.md').toSorted()]) {
    const blocks = blocksOf(page).filter(({language, attributes}) => language === 'console' || attributes !== '')
    if (blocks.length > 0)
      it(`${page} shows what really happens`, async () => {
        const folder = withPrograms(new Folder().write({'package.json': '{"type": "module"}'}))
        linkPackages(folder.path, {without: []})
        symlinkSync(process.cwd(), join(folder.path, 'node_modules/migdag'))
        const shown: string[] = []
        const happened: string[] = []
        for (const block of blocks) {
          if (block.language === 'console') {
            for (const {command, output} of commandsOf(block.text)) {
              const {stdout} = await run('bash', ['-c', `exec 2>&1; ${command}`], {
                cwd: folder.path,
                env: {PATH: `${folder.path}/programs:${process.env['PATH']}`},
              })
              shown.push(`$ ${command}`, ...output)
              const renamed = renameWritten(folder, output.join('\n'), stdout)
              happened.push(`$ ${command}`, ...renamed.split('\n').filter((line) => line !== ''))
            }
          } else writeBlock(folder, block)
        }
        expect(withoutTimes(happened).join('\n')).to.equal(withoutTimes(shown).join('\n'))
      }).timeout(300_000)
  }
})

function blocksOf(page: string): Block[] {
  const found = readFileSync(page, 'utf8').matchAll(/^```(?<language>\w+)(?<attributes>[^\n]*)\n(?<text>.*?)^```$/gms)
  return [...found].map(({groups = {}}) => ({
    language: groups['language'] ?? '',
    attributes: (groups['attributes'] ?? '').trim(),
    text: groups['text'] ?? '',
  }))
}

function commandsOf(text: string): {readonly command: string; readonly output: readonly string[]}[] {
  return text
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const [command = '', ...output] = part.split('\n')
      return {command, output: output.filter((line) => line !== '')}
    })
}

/** Writes a file as a page shows it (`file=`), or the functions of a revision that is there (`body=`). */
function writeBlock(folder: Folder, {attributes, text}: Block): void {
  const [kind, name = ''] = attributes.split('=')
  if (kind === 'file') folder.write({[name]: text})
  const [path = ''] = globSync(join(folder.path, 'migrations/versions', name))
  if (kind === 'body') writeFileSync(path, readFileSync(path, 'utf8').replace(/export async function upgrade.*/s, text))
}

/** Puts `mig` and `npx` where commands are looked for. */
function withPrograms(folder: Folder): Folder {
  const programs = {mig: `exec "${process.execPath}" "${process.cwd()}/bin/mig.js" "$@"`, npx: 'exec "$@"'}
  mkdirSync(join(folder.path, 'programs'))
  for (const [name, script] of Object.entries(programs)) {
    const path = join(folder.path, 'programs', name)
    writeFileSync(path, `#!/bin/sh\n${script}\n`)
    chmodSync(path, 0o755)
  }
  return folder
}

/** Gives a revision that was just written the id that the page shows for it. Returns what was printed, with that id. */
function renameWritten(folder: Folder, shown: string, printed: string): string {
  const written = /^wrote migrations\/versions\/(?<id>[0-9a-f]{12})_/m
  const id = written.exec(printed)?.groups?.['id']
  const shownId = written.exec(shown)?.groups?.['id']
  if (id === undefined || shownId === undefined) return printed
  const [path = ''] = globSync(join(folder.path, 'migrations/versions', `${id}_*`))
  folder.rename(path, path.replace(id, shownId), (text) => text.replaceAll(id, shownId))
  return printed.replaceAll(id, shownId)
}

function withoutTimes(lines: readonly string[]): string[] {
  return lines.map((line) => line.replaceAll(/(?<before>\(| in )\d+(?:\.\d+)? m?s\b/g, '$<before>… ms'))
}
