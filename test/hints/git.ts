import {cpSync, rmSync} from 'node:fs'
import {connect} from '../../src/runner/connection/connect.ts'
import {runOn} from '../support/databases.ts'
import {GitFolder} from '../support/git.ts'
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

/** As `twoBranches`, with a file that differs between them. */
function withNotes(project: Project): void {
  twoBranches(project, {})
  const {repository} = project
  for (const branch of ['main', 'feature']) {
    repository.git('switch', '-q', branch)
    project.write({'notes.txt': `${branch}\n`})
    repository.commit(`notes of ${branch}`)
  }
}

/** As `twoBranches`, with a second version location, which only `main` has. */
function twoLocations(project: Project): void {
  twoBranches(project, {versionLocations: ['migrations/versions', 'modules/shop']})
  const {repository} = project
  repository.git('switch', '-q', 'main')
  const header = '-- revision: d\n-- revises: c\n'
  project.write({'modules/shop/d.sql': `${header}\n-- upgrade\nselect 1;\n\n-- downgrade\nselect 1;\n`})
  repository.commit()
  repository.git('switch', '-q', 'feature')
}

/** As `twoBranches`, with a submodule of two commits on both. */
function withSubmodule(project: Project): void {
  const library = GitFolder.init().write({'file.txt': 'one\n'})
  library.commit()
  library.write({'file.txt': 'two\n'}).commit()
  twoBranches(project, {})
  const {repository} = project
  for (const branch of ['main', 'feature']) {
    repository.git('switch', '-q', branch)
    repository.git('submodule', 'add', '-q', '--force', `file://${library.path}`, 'lib')
    repository.commit('lib')
  }
}

/** Writes a revision of which only the downgrade fails, unless there is a table. */
function brokenDowngrade(project: Project): void {
  project.sql('d', 'b', 'create table t_d (n integer);')
  const file = 'migrations/versions/d.sql'
  project.write({[file]: project.repository.folder.read(file).replace('select 1;', 'drop table t_missing;')})
}

/** Copies the database of a project to a snapshot. */
function keepAs(project: Project, place: string): void {
  const file = project.database.url.slice('sqlite:'.length)
  cpSync(file, `${file}.snapshots/${place}.db`)
  project.atEnd(() => rmSync(`${file}.snapshots`, {recursive: true, force: true}))
}

/** As `twoBranches`, with everything applied, and snapshots of both branches that have less. */
async function keptTwice(project: Project): Promise<void> {
  twoBranches(project, {})
  await project.mig('upgrade a')
  keepAs(project, 'feature')
  keepAs(project, 'main')
  await project.mig('upgrade')
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
      project.git()
      await project.mig('upgrade')
      project.sql('a', 'base', 'select 2;')
    },
    args: 'check files',
    hint: '`mig show --diff a` shows the edit: move it to a new revision.',
  },
  {
    name: 'a revision that was applied without operations and edited',
    code: 'APPLIED_EDITED',
    arrange: async (project) => {
      project.graph('')
      project.write({'migrations/versions/a.sql': '-- revision: a\n-- revises: base\n\n-- upgrade\n'})
      await project.mig('upgrade')
      project.sql('a', 'base', 'select 2;')
    },
    args: 'check files',
    hint: 'Run `mig stamp base` and `mig upgrade a` to apply it as it is now.',
    ways: {'to apply it': {prepare: async (project) => project.mig('stamp base'), run: 'mig upgrade a', cures: true}},
  },
  {
    name: 'an applied revision that was edited outside of git',
    code: 'APPLIED_EDITED',
    arrange: async (project) => {
      project.graph('')
      project.sql('a', 'base', 'select 1;')
      await project.mig('upgrade')
      project.sql('a', 'base', 'select 2;')
    },
    args: 'check files',
    hint: 'Move the edit to a new revision: `mig revision -m "..."`.',
  },
  {
    name: 'a switch to the configuration of another database',
    code: 'SWITCH_REFUSED',
    arrange: (project) => {
      twoBranches(project, {})
      const {repository} = project
      repository.git('switch', '-q', 'main')
      project.write({'mig.config.js': "export default {orm: 'sqlite:other.db'}\n"})
      repository.commit()
      repository.git('switch', '-q', 'feature')
    },
    args: 'switch main --yes',
    hint: 'Run `git switch main`, then `mig status`, which shows what that database needs.',
  },
  {
    name: 'a rebase of what is published',
    code: 'REBASE_REFUSED',
    arrange: (project) => {
      project.graph('a <- b; a <- c')
      project.git()
      project.repository.commit()
      project.repository.git('update-ref', 'refs/remotes/origin/HEAD', 'HEAD')
    },
    args: 'rebase b --onto c',
    hint: 'Join the lines with `mig merge heads`, which changes no revision.',
  },
  {
    name: 'a rebase where all is published',
    code: 'NOTHING_TO_REBASE',
    arrange: (project) => {
      project.graph('a <- b')
      project.git()
      project.repository.commit()
      project.repository.git('update-ref', 'refs/remotes/origin/HEAD', 'HEAD')
    },
    args: 'rebase',
    hint: 'Run `git pull` first for revisions of others, or name the revisions to move and `--onto`.',
    ways: {
      'git pull': {run: 'git status'},
      '--onto': {
        prepare: (project) => project.graph('a <- b; a <- c'),
        run: 'mig rebase c --onto b',
      },
    },
  },
  {
    name: 'a rebase without an upstream branch',
    code: 'REBASE_REFUSED',
    arrange: (project) => project.graph('a <- b; a <- c'),
    args: 'rebase',
    hint: 'Name the revisions to move and the one to come after: `mig rebase REVISION --onto TARGET`.',
    ways: {'mig rebase REVISION --onto TARGET': {run: 'mig rebase c --onto b'}},
  },
  {
    name: 'a rebase of what fails in its new place',
    code: 'REBASE_REFUSED',
    arrange: (project) => {
      project.graph('a')
      project.sql('b', 'a', 'create table t (n integer);')
      project.sql('c', 'a', 'create table t (n integer);')
    },
    args: 'rebase c --onto b',
    hint: 'Run `mig rebase --no-prove`, and edit it for its new place: `mig edit c`.',
    ways: {
      'mig rebase --no-prove': {run: 'mig rebase c --onto b --no-prove'},
      'mig edit c': {run: 'mig show c'},
    },
  },
  {
    name: 'a rebase after itself',
    code: 'REBASE_REFUSED',
    arrange: (project) => project.graph('a <- b <- c; a <- d'),
    args: 'rebase b --onto c',
    hint: 'Name a revision with `--onto` that stays where it is.',
    ways: {'--onto': {run: 'mig rebase b --onto d'}},
  },
  {
    name: 'a rebase after what depends on it',
    code: 'REBASE_REFUSED',
    arrange: (project) => project.graph('a <- b; a <- c(b); a <- d'),
    args: 'rebase b --onto c',
    hint: 'Name another revision with `--onto`, or remove the dependency.',
    ways: {'--onto': {run: 'mig rebase b --onto d'}},
  },
  {
    name: 'a rebase with several heads to come after',
    code: 'MULTIPLE_HEADS',
    arrange: (project) => project.graph('a <- b; a <- c; a <- d'),
    args: 'rebase b',
    hint: 'Choose one: `--onto c` or `--onto d`.',
    ways: {'--onto c': {run: 'mig rebase b --onto c'}, '--onto d': {run: 'mig rebase b --onto d'}},
  },
  {
    name: 'a switch to another version table',
    code: 'SWITCH_REFUSED',
    arrange: async (project) => {
      twoBranches(project, {})
      await project.mig('upgrade')
      const {repository} = project
      repository.git('switch', '-q', 'main')
      project.configure({versionTable: 'other_version'})
      repository.commit()
      repository.git('switch', '-q', 'feature')
    },
    args: 'switch main --yes',
    hint: 'Use the same tables on both branches, or give up the rows: run `mig downgrade base`, `git switch main` and `mig upgrade heads`.',
    ways: {
      'mig upgrade heads': {
        prepare: async (project) => {
          await project.mig('downgrade base')
          project.repository.git('switch', '-q', 'main')
        },
        cures: true,
      },
    },
  },
  {
    name: 'a switch to a commit from before mig',
    code: 'SCRIPT_DIRECTORY_MISSING',
    arrange: async (project) => {
      twoBranches(project, {})
      const {repository} = project
      repository.git('switch', '-q', '--orphan', 'before')
      repository.write({'.gitignore': '*.db*\n'}).commit('before')
      repository.git('switch', '-q', 'feature')
      await project.mig('upgrade')
    },
    args: 'switch before --yes',
    hint: 'Run `mig downgrade base` and `git switch before`.',
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
  {
    name: 'a switch that would overwrite an ignored file',
    code: 'SWITCH_REFUSED',
    arrange: async (project) => {
      await behindCheckout(project)
      project.write({'.git/info/exclude': 'migrations/versions/b.sql\n'})
      project.sql('b', 'a', 'select 1;')
    },
    args: 'switch feature --yes',
    hint: 'Move or delete it, or run `git stash push --all -- :/migrations/versions/b.sql`.',
    ways: {'git stash push --all -- :/migrations/versions/b.sql': {cures: true}},
  },
  {
    name: 'a switch away from uncommitted work on a revision that is reverted',
    code: 'SWITCH_REFUSED',
    arrange: async (project) => {
      twoBranches(project, {})
      project.sql('w', 'b', 'create table t_w (n integer);')
      await project.mig('upgrade')
    },
    args: 'switch main --yes',
    hint: 'Commit it, or put it away with `git stash push --all -- :/migrations/versions/w.sql`: it is then reverted with the others.',
    ways: {'git stash push --all -- :/migrations/versions/w.sql': {cures: true}},
  },
  {
    name: 'a switch with uncommitted work on a revision of the destination',
    code: 'SWITCH_REFUSED',
    arrange: (project) => {
      twoBranches(project, {})
      project.write({
        'migrations/versions/mine.sql':
          '-- revision: c\n-- revises: a\n\n-- upgrade\nselect 1;\n\n-- downgrade\nselect 1;\n',
      })
    },
    args: 'switch main --yes',
    hint: 'Delete the file, or put it away with `git stash push --all -- :/migrations/versions/mine.sql`.',
    ways: {'git stash push --all -- :/migrations/versions/mine.sql': {cures: true}},
  },
  {
    name: 'a switch to a branch of another work tree',
    code: 'SWITCH_REFUSED',
    arrange: (project) => {
      twoBranches(project, {})
      project.repository.git('worktree', 'add', '-q', '.git/other', 'main')
    },
    args: 'switch main --yes',
    hint: "Run mig there, or check out its commit without the branch: `mig switch 'main~0'`.",
    ways: {"mig switch 'main~0'": {run: 'mig switch main~0 --yes'}},
  },
  {
    name: 'a switch to a branch of a work tree that is gone',
    code: 'SWITCH_REFUSED',
    arrange: (project) => {
      twoBranches(project, {})
      project.repository.git('worktree', 'add', '-q', '.git/other', 'main')
      project.repository.remove('.git/other')
    },
    args: 'switch main --yes',
    hint: 'That work tree is gone: run `git worktree prune`.',
    ways: {'git worktree prune': {cures: true}},
  },
  {
    name: 'a switch with a hidden change',
    code: 'SWITCH_REFUSED',
    arrange: (project) => {
      withNotes(project)
      project.repository.git('update-index', '--assume-unchanged', 'notes.txt')
      project.write({'notes.txt': 'mine\n'})
    },
    args: 'switch main --yes',
    hint: 'Run `git update-index --no-assume-unchanged -- notes.txt`, then commit the changes or run `git stash`.',
    ways: {
      'git update-index --no-assume-unchanged -- notes.txt': {},
      'git stash': {
        prepare: async (project) => project.shell('git update-index --no-assume-unchanged -- notes.txt'),
        cures: true,
      },
    },
  },
  {
    name: 'a switch in a sparse checkout without a revision',
    code: 'SWITCH_REFUSED',
    arrange: (project) => {
      twoBranches(project, {})
      project.repository.git('sparse-checkout', 'set', '--no-cone', '/*', '!migrations/versions/b.sql')
    },
    args: 'switch main --yes',
    hint: 'Run `git sparse-checkout add /migrations/versions/b.sql`.',
    ways: {'git sparse-checkout add /migrations/versions/b.sql': {cures: true}},
  },
  {
    name: 'a switch to a version location that the sparse checkout leaves out',
    code: 'SWITCH_REFUSED',
    arrange: (project) => {
      const {repository} = project
      twoLocations(project)
      repository.git('sparse-checkout', 'set', 'migrations')
    },
    args: 'switch main --yes',
    hint: 'Run `git sparse-checkout add migrations/versions modules/shop`.',
    ways: {'git sparse-checkout add migrations/versions modules/shop': {cures: true}},
  },
  {
    name: 'a switch to a file of a version location that the patterns of the sparse checkout leave out',
    code: 'SWITCH_REFUSED',
    arrange: (project) => {
      const {repository} = project
      twoLocations(project)
      repository.git('sparse-checkout', 'set', '--no-cone', '/*', '!/modules/')
    },
    args: 'switch main --yes',
    hint: 'Run `git sparse-checkout add /modules/shop/d.sql`.',
    ways: {'git sparse-checkout add /modules/shop/d.sql': {cures: true}},
  },
  {
    name: 'a switch with changes in a submodule',
    code: 'SWITCH_REFUSED',
    arrange: (project) => {
      withSubmodule(project)
      project.write({'lib/file.txt': 'mine\n'})
    },
    args: 'switch main --yes',
    hint: 'Commit them there, or run `git -C lib stash`.',
    ways: {'git -C lib stash': {cures: true}},
  },
  {
    name: 'a switch with a submodule at another commit',
    code: 'SWITCH_REFUSED',
    arrange: (project) => {
      withSubmodule(project)
      project.repository.git('-C', 'lib', 'switch', '-q', '--detach', 'HEAD~1')
    },
    args: 'switch main --yes',
    hint: 'Commit it, or run `git submodule update -- lib`.',
    ways: {'git submodule update -- lib': {cures: true}},
  },
  {
    name: 'a switch with an unresolved conflict',
    code: 'SWITCH_REFUSED',
    arrange: (project) => {
      withNotes(project)
      const {repository} = project
      project.write({'notes.txt': 'mine\n'})
      repository.git('stash', '-q')
      project.write({'notes.txt': 'more\n'})
      repository.commit()
      repository.tryGit('stash', 'pop')
    },
    args: 'switch main --yes',
    hint: 'Resolve it, then run `git add` and `git commit`.',
    ways: {
      'git add': {run: 'git add notes.txt'},
      'git commit': {
        prepare: async (project) => project.shell('git add notes.txt'),
        run: 'git commit -q -m resolved',
        cures: true,
      },
    },
  },
  {
    name: 'a switch during a bisection',
    code: 'SWITCH_REFUSED',
    arrange: (project) => {
      twoBranches(project, {})
      project.repository.git('bisect', 'start')
    },
    args: 'switch main --yes',
    hint: 'End it with `git bisect reset`.',
    ways: {'git bisect reset': {cures: true}},
  },
  {
    name: 'a switch to a branch of two remotes',
    code: 'SWITCH_REFUSED',
    arrange: (project) => {
      twoBranches(project, {})
      const {repository} = project
      for (const name of ['origin', 'fork']) {
        repository.git('remote', 'add', name, '.')
        repository.git('update-ref', `refs/remotes/${name}/feat`, 'main')
      }
    },
    args: 'switch feat --yes',
    hint: 'Create the branch from one of them: `git branch --track feat origin/feat`.',
    ways: {'git branch --track feat origin/feat': {cures: true}},
  },
  {
    name: 'a switch with a snapshot, but without a branch',
    code: 'SWITCH_REFUSED',
    arrange: twoBranches,
    args: 'switch --snapshot --yes',
    hint: 'Name the branch, or run `mig switch` without `--snapshot`.',
    ways: {'mig switch': {run: 'mig switch --yes'}, '--snapshot': {run: 'mig switch main --snapshot --yes'}},
  },
  {
    name: 'a switch that would overwrite a snapshot with more revisions',
    code: 'SWITCH_REFUSED',
    arrange: async (project) => {
      twoBranches(project, {})
      await project.mig('upgrade')
      keepAs(project, 'feature')
      await project.mig('downgrade -1')
      keepAs(project, 'main')
    },
    args: 'switch main --snapshot --yes',
    hint: '`mig switch feature --snapshot` brings it back; `mig switch --forget feature` deletes it.',
    ways: {
      'mig switch feature --snapshot': {run: 'mig switch feature --snapshot --yes', cures: true},
      'mig switch --forget feature': {cures: true},
    },
  },
  {
    name: 'a switch that would overwrite a snapshot with other rows, after git alone has switched',
    code: 'SWITCH_REFUSED',
    arrange: async (project) => {
      await keptTwice(project)
      project.repository.git('switch', '-q', 'main')
    },
    args: 'switch main --snapshot --yes',
    hint: '`git switch feature`, then `mig switch feature --snapshot` brings it back; `mig switch --forget feature` deletes it.',
    ways: {
      'git switch feature': {},
      'mig switch feature --snapshot': {
        prepare: async (project) => project.shell('git switch feature'),
        run: 'mig switch feature --snapshot --yes',
        cures: true,
      },
      'mig switch --forget feature': {cures: true},
    },
  },
  {
    name: 'a switch that would overwrite a snapshot, where another one is set aside',
    code: 'SWITCH_REFUSED',
    arrange: async (project) => {
      await keptTwice(project)
      keepAs(project, 'feature%20(set%20aside)')
    },
    args: 'switch main --snapshot --yes',
    hint: '`mig switch --forget feature` deletes it.',
    ways: {'mig switch --forget feature': {cures: true}},
  },
  {
    name: 'an exchange that would overwrite a snapshot that is set aside',
    code: 'SWITCH_REFUSED',
    arrange: async (project) => {
      await keptTwice(project)
      keepAs(project, 'feature%20(set%20aside)')
    },
    args: 'switch feature --snapshot --yes',
    hint: "`mig switch --forget 'feature (set aside)'` deletes it.",
    ways: {"mig switch --forget 'feature (set aside)'": {cures: true}},
  },
  {
    name: 'a snapshot of a database that others use',
    code: 'SWITCH_REFUSED',
    kind: 'postgresql',
    arrange: async (project) => {
      twoBranches(project, {})
      await project.mig('upgrade')
      const connection = await connect({kind: 'url', url: project.database.url}, process.cwd())
      project.atEnd(async () => connection.close())
    },
    args: 'switch main --snapshot --yes',
    hint: 'End those sessions, or run `mig switch` without `--snapshot`: it reverts and applies revisions.',
    ways: {
      'mig switch': {run: 'mig switch main --yes'},
      '--snapshot': {run: 'mig switch main --yes'},
    },
  },
  {
    name: 'an unknown snapshot',
    code: 'UNKNOWN_SNAPSHOT',
    arrange: twoBranches,
    args: 'switch --forget zzzzzzzz',
    hint: '`mig switch --snapshots` lists the existing ones.',
    ways: {'mig switch --snapshots': {}},
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
    name: 'a downgrade that fails in a switch',
    code: 'REVISION_FAILED',
    arrange: async (project) => {
      twoBranches(project, {})
      brokenDowngrade(project)
      project.repository.commit()
      await project.mig('upgrade')
    },
    args: 'switch main --yes',
    hint: 'Fix the cause and run `mig switch main`; if the downgrade itself is wrong, commit a corrected one and run `mig switch main --trust`.',
    ways: {
      'mig switch main': {
        prepare: async (project) => runOn(project.database.url, 'create table t_missing (n integer)'),
        run: 'mig switch main --yes',
        cures: true,
      },
      'mig switch main --trust': {
        prepare: (project) => {
          project.sql('d', 'b', 'create table t_d (n integer);')
          project.repository.commit()
        },
        run: 'mig switch main --trust --yes',
        cures: true,
      },
    },
  },
  {
    name: 'a corrected downgrade that fails in a switch',
    code: 'REVISION_FAILED',
    arrange: async (project) => {
      twoBranches(project, {})
      project.sql('d', 'b', 'create table t_d (n integer);')
      await project.mig('upgrade')
      brokenDowngrade(project)
      project.repository.commit()
    },
    args: 'switch main --trust --yes',
    hint: 'Fix the cause, or commit a corrected downgrade, and run `mig switch main --trust`.',
    ways: {
      'mig switch main --trust': {
        prepare: (project) => {
          project.sql('d', 'b', 'create table t_d (n integer);')
          project.repository.commit()
        },
        run: 'mig switch main --trust --yes',
        cures: true,
      },
    },
  },
  {
    name: 'an upgrade that fails in a switch',
    code: 'REVISION_FAILED',
    arrange: async (project) => {
      twoBranches(project, {})
      const {repository} = project
      repository.git('switch', '-q', 'main')
      project.sql('d', 'c', 'create tabel t_d (n integer);')
      repository.commit()
      repository.git('switch', '-q', 'feature')
      await project.mig('upgrade')
    },
    args: 'switch main --yes',
    hint: 'Fix the revision and run `mig switch`.',
    ways: {
      'mig switch': {
        prepare: (project) => project.sql('d', 'c', 'create table t_d (n integer);'),
        run: 'mig switch --yes',
        cures: true,
      },
    },
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
