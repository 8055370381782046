import {chmodSync, globSync, mkdirSync, readFileSync, symlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {configSchema} from '../src/config/schema.ts'
import {errorCodes} from '../src/errors.ts'
import {mig, run} from './support/cli.ts'
import {Folder} from './support/folder.ts'
import {documentedBehaviours} from './support/contract-table.ts'
import {expectGolden} from './support/golden.ts'
import {commandManifest} from './support/manifest.ts'

const pages = ['README.md', ...globSync('docs/*.md').toSorted()]

/** A fenced block of a page: its language, what else stands behind the fence, and its text. */
interface Block {
  readonly language: string
  readonly attributes: string
  readonly text: string
}

describe('the documentation', () => {
  for (const page of pages) {
    const blocks = blocksOf(page).filter(({language, attributes}) => language === 'console' || attributes !== '')
    if (blocks.length > 0)
      it(`${page} shows what really happens`, async () => {
        const folder = withPrograms(new Folder().write({'package.json': '{"type": "module"}'}))
        symlinkSync(join(process.cwd(), 'node_modules'), join(folder.path, 'node_modules'))
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

  it('names only files that exist', () => {
    for (const page of [...pages, 'CONTRIBUTING.md', 'src/ARCHITECTURE.md'])
      for (const [, link = ''] of readFileSync(page, 'utf8').matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g))
        expect(globSync(join(page, '..', link)), `${link} in ${page}`).to.have.length(1)
  })

  it('maps only parts of the code that exist', () => {
    for (const [, names = ''] of readFileSync('src/ARCHITECTURE.md', 'utf8').matchAll(/^\| (`[^|]+) \|/gm)) {
      const [first = '', ...others] = [...names.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name)
      const folder = first.replace(/[^/]*\/?$/, '')
      for (const path of [first, ...others.map((name) => folder + name)])
        expect(globSync(join('src', path)), path).to.have.length(1)
    }
  })

  it('links only to headings that exist', () => {
    for (const page of [...pages, 'CONTRIBUTING.md', 'src/ARCHITECTURE.md'])
      for (const [, file = '', anchor = ''] of readFileSync(page, 'utf8').matchAll(
        /\]\((?!https?:)([^)#]*)#([^)]+)\)/g,
      )) {
        const text = readFileSync(file === '' ? page : join(page, '..', file), 'utf8').replaceAll(/^```.*?^```/gms, '')
        const anchors = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
          heading
            .toLowerCase()
            .replaceAll(/[^\w\- ]/g, '')
            .replaceAll(' ', '-'),
        )
        expect(anchors, `${file}#${anchor} in ${page}`).to.include(anchor)
      }
  })

  it('names only npm scripts that exist', () => {
    const {scripts} = JSON.parse(readFileSync('package.json', 'utf8')) as {scripts: Record<string, string>}
    for (const page of [...pages, 'CONTRIBUTING.md'])
      for (const [, name = ''] of readFileSync(page, 'utf8').matchAll(/npm run ([a-z:-]+)/g))
        expect(scripts, `${name} in ${page}`).to.have.property(name)
  })

  it('lists every error code with its exit status', () => {
    const listed = [...readFileSync('docs/errors.md', 'utf8').matchAll(/^\| `([A-Z_0-9]+)` \| (\d+) \|/gm)]
    expect(Object.fromEntries(listed.map(([, code, status]) => [code, Number(status)]))).to.deep.equal({
      ...errorCodes,
      USAGE: 2,
      INTERNAL: 1,
    })
  })

  it('lists every key of the configuration', () => {
    const listed = [...readFileSync('docs/configuration.md', 'utf8').matchAll(/^\| `(\w+)` \|/gm)]
    expect(listed.map(([, key = '']) => key).toSorted()).to.deep.equal(Object.keys(configSchema.entries).toSorted())
  })

  it('shows the help of every command as it is', async () => {
    const manifest = JSON.parse(await commandManifest()) as {commands: Record<string, {hidden?: boolean}>}
    const names = Object.keys(manifest.commands).filter((name) => !manifest.commands[name]?.hidden)
    const help = await Promise.all(
      names
        .toSorted()
        .map(async (name) => (await mig(`${name} --help`, {cwd: process.cwd(), env: {COLUMNS: '100'}})).stdout),
    )
    const sections = help.map((text, i) => `## ${names.toSorted()[i]}\n\n\`\`\`text\n${text.trim()}\n\`\`\`\n`)
    const page = `# Commands\n\nThe output of \`mig COMMAND --help\` for each command, generated by \`npm run docs\`.\n\n${sections.join('\n')}`
    expectGolden('../docs/commands.md', page)
  })

  it('has no behaviour in the table of databases that no test looks at', () => {
    const tests = globSync('test/contract/*.test.ts').map((file) => readFileSync(file, 'utf8'))
    const unknown = documentedBehaviours().filter((behaviour) => !tests.some((text) => text.includes(behaviour)))
    expect(unknown).to.deep.equal([])
  })

  it('has a manifest of the commands that is up to date', async () => {
    expect(readFileSync('oclif.manifest.json', 'utf8'), 'run `npm run manifest`').to.equal(await commandManifest())
  })
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
