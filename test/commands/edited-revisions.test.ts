import {expect} from 'chai'
import {createDatabase} from '../support/databases.ts'
import {Project} from '../hints/situation.ts'

/** Writes a revision with this upgrade. */
type Write = (project: Project, id: string, revises: string | readonly string[], upgrade: string) => void

const writers: Readonly<Record<string, Write>> = {
  'a TypeScript file': (project, id, revises, upgrade) => {
    const parents = [revises].flat().filter((name) => name !== 'base')
    project.write({
      [`migrations/versions/${id}.ts`]: `export const revision = '${id}'
export const downRevision = ${parents.length === 0 ? 'null' : JSON.stringify(parents)}

export async function upgrade(op) {${upgrade === '' ? '' : `\n  op.execute('${upgrade}')\n`}}
`,
    })
  },
  'an SQL file': (project, id, revises, upgrade) =>
    project.write({
      [`migrations/versions/${id}.sql`]: `-- revision: ${id}\n-- revises: ${[revises].flat().join(', ')}\n\n-- upgrade\n${upgrade}\n`,
    }),
}

interface Case {
  readonly name: string
  /** Revisions as `id:parents`; all are applied. */
  readonly graph: string
  /** The revision that is applied without operations, and edited. */
  readonly edited: string
  readonly note: string
}

const apply = (stamp: string, id: string): string =>
  `Run \`mig stamp ${stamp}\` and \`mig upgrade ${id}\` to apply it as it is now.`

const cases: readonly Case[] = [
  {name: 'the only one', graph: 'a:base', edited: 'a', note: apply('base', 'a')},
  {name: 'the last one', graph: 'a:base b:a', edited: 'b', note: apply('a', 'b')},
  {name: 'one of two heads', graph: 'a:base b:a c:a', edited: 'b', note: apply('a c', 'b')},
  {name: 'a base beside another', graph: 'a:base b:base', edited: 'b', note: apply('b@base', 'b')},
]

describe('a revision that was applied without operations and edited', () => {
  for (const [format, write] of Object.entries(writers))
    for (const {name, graph, edited, note} of cases)
      it(`is applied by the commands that \`mig upgrade\` names, as ${format}: ${name}`, async () => {
        await on(async (project) => {
          for (const [id, revises] of graph.split(' ').map((one) => one.split(':') as [string, string]))
            write(project, id, revises, id === edited ? '' : `create table t_${id} (n integer)`)
          const first = await project.run('upgrade heads')
          expect(first.stderr).to.contain(`${edited} has no operations: its upgrade is empty.\n`)
          const parents =
            graph
              .split(' ')
              .find((one) => one.startsWith(`${edited}:`))
              ?.slice(edited.length + 1) ?? ''
          write(project, edited, parents, 'create table wanted (n integer)')

          const {stderr} = await project.run('upgrade heads')
          expect(stderr).to.contain(`${edited} was edited after it was applied without operations. ${note}\n`)
          expect((await project.run('current -v')).stderr).to.contain(
            'was edited after it was applied without operations: ',
          )
          expect((await project.run('check files')).stdout).to.contain(`hint: ${note}\n`)
          for (const [, command = ''] of note.matchAll(/`([^`]+)`/g))
            expect((await project.shell(command)).status).to.equal(0)
          expect(await project.database.query('select count(*) as n from wanted')).to.deep.equal([[{n: 0}]])
          const {stdout} = await project.run('status')
          expect(stdout).to.contain('up to date')
        })
      })

  it('is named by `mig status`, step by step', async () => {
    await on(async (project) => {
      writers['a TypeScript file']?.(project, 'a', 'base', '')
      await project.mig('upgrade')
      writers['a TypeScript file']?.(project, 'a', 'base', 'create table wanted (n integer)')
      const {stdout} = await project.run('status')
      expect(stdout).to.contain('a was edited after it was applied without operations: migrations/versions/a.ts\n')
      expect(stdout).to.contain('next:     mig stamp base\n')
      await project.mig('stamp base')
      expect((await project.run('status')).stdout).to.contain('next:     mig upgrade\n')
    })
  })

  it('is to be moved where other revisions come after it', async () => {
    await on(async (project) => {
      const write = writers['an SQL file']
      write?.(project, 'a', 'base', '')
      write?.(project, 'b', 'a', 'select 1;')
      await project.mig('upgrade')
      write?.(project, 'a', 'base', 'select 2;')
      expect((await project.run('check files')).stdout).to.contain(
        'hint: Move the edit to a new revision: `mig revision -m "..."`.\n',
      )
      expect((await project.run('upgrade')).stderr).to.equal('')
    })
  })

  it('shows no difference that is not there', async () => {
    await on(async (project) => {
      writers['an SQL file']?.(project, 'a', 'base', '')
      await project.mig('upgrade')
      writers['an SQL file']?.(project, 'a', 'base', 'select 2;')
      expect((await project.run('show a --diff')).stdout).to.contain(
        'The file was edited after it was applied without operations. The applied text is not available: git is not available here',
      )
    })
  })
})

describe('a head that was applied with operations and edited', () => {
  for (const {name, git, hint, next} of [
    {
      name: 'in git',
      git: true,
      hint: '`mig show --diff a` shows the edit: move it to a new revision.',
      next: 'mig show --diff a',
    },
    {
      name: 'outside of git',
      git: false,
      hint: 'Move the edit to a new revision: `mig revision -m "..."`.',
      next: 'mig revision -m "..."',
    },
  ])
    it(`is named by \`mig upgrade\` with a step that works ${name}`, async () => {
      await on(async (project) => {
        project.sql('a', 'base', 'select 1;')
        if (git) project.git()
        await project.mig('upgrade')
        project.sql('a', 'base', 'select 2;')
        expect((await project.run('upgrade')).stderr).to.equal(`a was edited after it was applied. ${hint}\n`)
        expect((await project.run('check files')).stdout).to.contain(`hint: ${hint}\n`)
        expect((await project.run('status')).stdout).to.contain(`next:     ${next}\n`)
      })
    })
})

async function on(work: (project: Project) => Promise<void>): Promise<void> {
  const project = new Project(await createDatabase('sqlite'))
  try {
    project.configure({policy: {heads: 'many'}})
    await work(project)
  } finally {
    await project.end()
  }
}
