import type {Project, Situation} from './situation.ts'

const config = {policy: {heads: 'one'}} as const

/** Two branches that each have a revision of their own; the work tree is at `feature`. */
function twoBranches(project: Project, settings: object = config): void {
  project.graph('a', settings)
  project.write({'.gitignore': '*.db*\n'})
  project.git()
  const {repository} = project
  repository.git('branch', '-M', 'main')
  repository.git('switch', '-q', '-c', 'feature')
  project.sql('b', 'a', 'create table t_b (n integer);')
  repository.commit()
  repository.git('switch', '-q', 'main')
  project.sql('c', 'a', 'create table t_c (n integer);')
  repository.commit()
  repository.git('switch', '-q', 'feature')
}

/** A database with a revision of `feature`, while the work tree is at `main`. */
async function behindCheckout(project: Project): Promise<void> {
  twoBranches(project, {gitHooks: {database: true}})
  await project.mig('upgrade')
  project.repository.git('switch', '-q', 'main')
}

/** As `behindCheckout`, with a revision whose text is nowhere and whose downgrade was not recorded. */
async function editedElsewhere(project: Project): Promise<void> {
  twoBranches(project, {recordDowngrade: false})
  project.sql('b', 'a', 'create table t_b (n integer, m integer);')
  await project.mig('upgrade')
  project.sql('b', 'a', 'create table t_b (n integer);')
}

/** Situations of git, checks and hooks. */
export const situations: readonly Situation[] = [
  {
    name: 'two heads where the policy allows one',
    code: 'DIVERGENT_HEADS',
    arrange: (project) => project.graph('a <- b; a <- c', config),
    args: 'check heads',
    hint: 'Join them with `mig merge heads -m "..."`.',
    ways: {'mig merge heads -m "..."': {cures: true}},
  },
  {
    name: 'a merge that would have two heads',
    code: 'DIVERGENT_HEADS',
    arrange: twoBranches,
    args: 'check heads --onto main',
    hint: 'Run `git merge main` on this branch, then `mig merge heads -m "..."`.',
    ways: {
      'mig merge heads -m "..."': {
        prepare: async (project) => project.shell('git merge -q main'),
      },
    },
  },
  {
    name: 'a merge that is in conflict',
    code: 'MERGE_CONFLICT',
    arrange: (project) => {
      twoBranches(project)
      project.sql('d', 'b', 'select 1;')
      project.repository.commit()
      project.repository.git('switch', '-q', 'main')
      project.sql('d', 'c', 'select 2;')
      project.repository.commit()
      project.repository.git('switch', '-q', 'feature')
    },
    args: 'check heads --onto main',
    hint: 'Run `git merge main` on this branch and resolve the conflict in migrations/versions/d.sql.',
    ways: {'git merge main': {status: 1}},
  },
  {
    name: 'an unknown commit',
    code: 'UNKNOWN_REF',
    arrange: twoBranches,
    args: 'check heads --onto zzzzzzzz',
    hint: '`git branch -a` and `git tag` list the known names; `git fetch` updates them.',
  },
  {
    name: 'a heads file that is out of date',
    code: 'HEADS_FILE_STALE',
    arrange: (project) => project.graph('a <- b', {policy: {headsFile: 'migrations/heads'}}),
    args: 'check files',
    hint: 'Run `mig heads --write`; if there is a conflict in the file, join the heads with `mig merge heads` first.',
    ways: {
      'mig heads --write': {cures: true},
      'mig merge heads': {prepare: (project) => project.sql('c', 'a', 'select 1;'), cures: true},
    },
  },
  {
    name: 'an applied revision that was edited',
    code: 'APPLIED_EDITED',
    arrange: async (project) => {
      project.graph('')
      project.sql('a', 'base', 'select 1;')
      await project.mig('upgrade')
      project.sql('a', 'base', 'select 2;')
    },
    args: 'check files',
    hint: '`mig show --diff a` shows the difference: write a new revision for it.',
  },
  {
    name: 'a checkout without an applied revision',
    code: 'UNKNOWN_APPLIED_REVISION',
    arrange: behindCheckout,
    args: 'hooks run post-checkout -- feature main 1',
    isPlain: true,
    hint: 'Run `mig switch` to align the database with this checkout.',
    ways: {'mig switch': {run: 'mig switch --yes', cures: true}},
  },
  {
    name: 'a switch without a terminal',
    code: 'CONFIRMATION_NEEDED',
    arrange: behindCheckout,
    args: 'switch',
    hint: 'Use `--yes`, or inspect the plan with `--dry-run`.',
    ways: {'--yes': {cures: true}},
  },
  {
    name: 'a switch with uncommitted changes',
    code: 'SWITCH_REFUSED',
    arrange: async (project) => {
      await behindCheckout(project)
      project.write({'mig.config.js': `${project.repository.folder.read('mig.config.js')}// more\n`})
    },
    args: 'switch feature --yes',
    hint: 'Commit them, or run `git stash`.',
    ways: {'git stash': {cures: true}},
  },
  ...(['merge', 'rebase', 'cherry-pick'] as const).map((operation): Situation => ({
    name: `a switch during a ${operation}`,
    code: 'SWITCH_REFUSED',
    arrange: (project) => {
      twoBranches(project)
      const {repository} = project
      for (const branch of ['main', 'feature']) {
        repository.git('switch', '-q', branch)
        project.write({'file.txt': `${branch}\n`})
        repository.commit(`file of ${branch}`)
      }
      repository.tryGit(operation, 'main')
    },
    args: 'switch main --yes',
    hint: `Finish it, or run \`git ${operation} --abort\`.`,
    ways: {[`git ${operation} --abort`]: {cures: true}},
  })),
  {
    name: 'a switch away from a revision that was edited since',
    code: 'SWITCH_REFUSED',
    arrange: editedElsewhere,
    args: 'switch main --yes',
    hint: 'Use `--trust` to run its current downgrade anyway.',
    ways: {'--trust': {cures: true}},
  },
  {
    name: 'a switch away from a revision that is nowhere',
    code: 'SWITCH_REFUSED',
    arrange: async (project) => {
      twoBranches(project, {recordDowngrade: false})
      project.sql('x', 'b', 'select 1;')
      await project.mig('upgrade')
      project.repository.remove('migrations/versions/x.sql')
    },
    args: 'switch main --yes',
    hint: '`mig status` shows what is applied.',
  },
]
