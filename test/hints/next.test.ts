import {expect} from 'chai'
import {createDatabase} from '../support/databases.ts'
import {Project} from './situation.ts'

interface Case {
  readonly name: string
  readonly arrange: (project: Project) => unknown
  readonly next: string
  /** Whether the project needs nothing more after it. */
  readonly isLast?: boolean
}

const cases: readonly Case[] = [
  {
    name: 'without revisions',
    arrange: (project) => {
      project.graph('')
      project.write({'migrations/versions/.gitkeep': ''})
    },
    next: 'mig revision -m "..."',
  },
  {
    name: 'without revisions, on a database with tables',
    arrange: async (project) => {
      project.graph('')
      project.write({'migrations/versions/.gitkeep': ''})
      await project.database.query('create table users (id integer primary key)')
    },
    next: 'mig baseline -m "..."',
    isLast: true,
  },
  {
    name: 'without revisions, on a database with the tables of mig',
    arrange: async (project) => {
      project.graph('')
      project.write({'migrations/versions/.gitkeep': ''})
      await project.mig('ensure-version')
    },
    next: 'mig revision -m "..."',
  },
  {
    name: 'without revisions and without a database',
    arrange: async (project) => {
      project.graph('')
      project.write({'migrations/versions/.gitkeep': ''})
      await project.useMissing('postgresql')
    },
    next: 'mig ensure-version --create-database',
  },
  {name: 'with a pending revision', arrange: (project) => project.graph('a'), next: 'mig upgrade', isLast: true},
  {
    name: 'with pending revisions on two heads',
    arrange: (project) => project.graph('a <- b; a <- c', {policy: {heads: 'many'}}),
    next: 'mig upgrade heads',
    isLast: true,
  },
  {
    name: 'with more heads than the policy allows',
    arrange: (project) => project.graph('a <- b; a <- c', {policy: {heads: 'one'}}),
    next: 'mig merge heads -m "..."',
  },
  {
    name: 'without a database, on two heads',
    arrange: async (project) => {
      project.graph('a <- b; a <- c')
      await project.useMissing('postgresql', {policy: {heads: 'many'}})
    },
    next: 'mig upgrade heads --create-database',
    isLast: true,
  },
  {
    name: 'with a partially applied revision',
    arrange: async (project) => {
      project.graph('')
      project.sql(
        'a',
        'base',
        'create table t (n integer);\ninsert into nowhere values (1);',
        '-- transactional: false',
      )
      await project.run('upgrade')
    },
    next: 'mig repair',
  },
  {
    name: 'with a revision file that is invalid',
    arrange: (project) => {
      project.graph('a')
      project.write({'migrations/versions/b.sql': '-- revision: b\n'})
    },
    next: 'mig check files',
  },
  {
    name: 'with a revision that was edited',
    arrange: async (project) => {
      project.graph('')
      project.sql('a', 'base', 'select 1;')
      project.write({'.gitignore': '*.db*\n'})
      project.git()
      await project.mig('upgrade')
      project.sql('a', 'base', 'select 2;')
    },
    next: 'mig show --diff a',
  },
  {
    name: 'with a revision that was edited, outside of git',
    arrange: async (project) => {
      project.graph('')
      project.sql('a', 'base', 'select 1;')
      await project.mig('upgrade')
      project.sql('a', 'base', 'select 2;')
    },
    next: 'mig revision -m "..."',
  },
  {
    name: 'with a revision that was applied without operations and edited',
    arrange: async (project) => {
      project.graph('')
      project.write({'migrations/versions/a.sql': '-- revision: a\n-- revises: base\n\n-- upgrade\n'})
      await project.mig('upgrade')
      project.sql('a', 'base', 'select 2;')
    },
    next: 'mig stamp base',
  },
  {
    name: 'with a revision of another branch',
    arrange: async (project) => {
      project.graph('a')
      project.write({'.gitignore': '*.db*\n'})
      project.git()
      project.repository.git('switch', '-q', '-c', 'work')
      project.sql('b', 'a', 'select 1;')
      project.repository.commit()
      await project.mig('upgrade')
      project.repository.git('switch', '-q', '-')
    },
    next: 'mig switch',
    isLast: true,
  },
  {
    name: 'with an applied revision whose file was deleted',
    arrange: async (project) => {
      await deletable(project)
      project.repository.remove('migrations/versions/b.ts')
    },
    next: 'git restore -- :/migrations/versions/b.ts',
    isLast: true,
  },
  {
    name: 'with an applied revision whose file was deleted with git rm',
    arrange: async (project) => {
      await deletable(project)
      project.repository.git('rm', '-q', 'migrations/versions/b.ts')
    },
    next: 'git restore --staged --worktree -- :/migrations/versions/b.ts',
    isLast: true,
  },
  {
    name: 'with an uncommitted applied revision in a stash',
    arrange: async (project) => {
      await deletable(project)
      project.sql('c', 'b', 'select 1;')
      await project.mig('upgrade')
      project.repository.git('stash', '-q', '-u')
    },
    next: 'git stash pop',
    isLast: true,
  },
  {
    name: 'with an uncommitted applied revision in an older stash',
    arrange: async (project) => {
      await deletable(project)
      project.sql('c', 'b', 'select 1;')
      await project.mig('upgrade')
      project.repository.git('stash', '-q', '-u')
      project.write({'notes.txt': 'later\n'})
      project.repository.git('stash', '-q', '-u')
    },
    next: "git stash pop 'stash@{1}'",
    isLast: true,
  },
]

/** Two applied and committed revisions. */
async function deletable(project: Project): Promise<void> {
  project.graph('a <- b')
  project.write({'.gitignore': '*.db*\n'})
  project.git()
  await project.mig('upgrade')
}

describe('the next step of `mig status` works', () => {
  for (const {name, arrange, next, isLast = false} of cases)
    it(name, async () => {
      const project = new Project(await createDatabase('sqlite'))
      try {
        await arrange(project)
        expect(await nextOf(project)).to.equal(next)
        // It asks before it reverts.
        const {status, stdout, stderr} = await project.shell(next === 'mig switch' ? `${next} --yes` : next)
        // A check that finds something has done its work.
        expect(status, `${stdout}${stderr}`).to.equal(next.startsWith('mig check') ? 1 : 0)
        if (isLast) expect(await nextOf(project)).to.equal(null)
      } finally {
        await project.end()
      }
    })
})

async function nextOf(project: Project): Promise<unknown> {
  const {stdout} = await project.run('status --json')
  return (JSON.parse(stdout) as {readonly next: unknown}).next
}
