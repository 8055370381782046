import type {Project, Situation} from './situation.ts'

const forked = (project: Project): void => project.graph('a <- b; a <- c')
const labelled = (project: Project): void => project.graph('a <- b{left}; a <- c{right}')

/** Applies a graph, and removes the files of some revisions again. */
const without =
  (...ids: readonly string[]) =>
  async (project: Project): Promise<void> => {
    project.graph('a <- b <- c')
    await project.mig('upgrade')
    project.repository.remove(...ids.map((id) => `migrations/versions/${id}.ts`))
  }

/** As `without('c')`, in a repository whose branch `work` has the file. */
async function onBranch(project: Project): Promise<void> {
  project.graph('a <- b <- c')
  project.write({'.gitignore': '*.db*\n'})
  const text = project.repository.folder.read('migrations/versions/c.ts')
  project.repository.remove('migrations/versions/c.ts')
  project.git()
  project.repository.git('switch', '-q', '-c', 'work')
  project.write({'migrations/versions/c.ts': text})
  project.repository.commit()
  await project.mig('upgrade')
  project.repository.git('switch', '-q', 'main')
}

/** Writes a squash of a and b, beside their files. */
function squash(project: Project): void {
  project.graph('p <- a <- b')
  project.write({
    'migrations/versions/s.sql': `-- revision: s
-- revises: p
-- replaces: a, b
-- upgrade
create table t_a (n integer);
create table t_b (n integer);
-- downgrade
drop table t_b;
drop table t_a;
`,
  })
}

/** Applies one of two revisions, and replaces both files by a squash. */
async function squashAfterOne(project: Project): Promise<void> {
  project.graph('p <- a <- b')
  project.write({'.gitignore': '*.db*\n'})
  await project.mig('upgrade a')
  project.git()
  project.repository.git('tag', 'v1')
  squash(project)
  project.repository.commit()
  project.repository.remove('migrations/versions/a.ts', 'migrations/versions/b.ts')
  project.repository.commit()
}

/** Situations of graphs and targets. */
export const situations: readonly Situation[] = [
  {
    name: 'a squash that is pruned without force',
    code: 'SQUASH_REFUSED',
    arrange: (project) => project.graph('a <- b <- c'),
    args: 'squash a:b --prune',
    hint: 'Keep the files until every database has the squash; then `--prune --force` deletes them.',
    ways: {'--prune --force': {run: 'mig squash a:b --prune --force'}},
  },
  {
    name: 'a downgrade into a squash that ran',
    code: 'SQUASH_INDIVISIBLE',
    arrange: async (project) => {
      squash(project)
      await project.mig('upgrade')
    },
    args: 'downgrade a --yes',
    hint: '`mig downgrade s` keeps all of it; `mig downgrade p` reverts it.',
    ways: {'mig downgrade p': {run: 'mig downgrade p --yes'}},
  },
  {
    name: 'a squash that is applied in part, without files',
    code: 'SQUASH_ORIGINALS_MISSING',
    arrange: squashAfterOne,
    args: 'upgrade',
    hint: 'a and b: it is in tag v1 (COMMIT, Ana, AGE ago). Run `git restore --source v1 -- :/migrations/versions/a.ts :/migrations/versions/b.ts` to restore them, then `mig upgrade`.',
    ways: {
      'git restore --source v1 -- :/migrations/versions/a.ts :/migrations/versions/b.ts': {cures: true},
      'mig upgrade': {
        prepare: ({repository}) => repository.git('restore', '--source', 'v1', '--', 'migrations/versions'),
      },
    },
  },
  {
    name: 'an upgrade where there are two heads',
    code: 'MULTIPLE_HEADS',
    arrange: forked,
    args: 'upgrade',
    hint: 'Choose one (b or c), use `heads` for all of them, or join them with `mig merge heads -m "..."`.',
    ways: {
      b: {run: 'mig upgrade b'},
      heads: {run: 'mig upgrade heads'},
      'mig merge heads -m "..."': {cures: true},
    },
  },
  {
    name: 'a new revision where there are two heads',
    code: 'MULTIPLE_HEADS',
    arrange: forked,
    args: 'revision -m more',
    hint: 'Choose one (`--head b` or `--head c`), or join them first with `mig merge b c`.',
    ways: {'mig merge b c': {cures: true}},
  },
  {
    name: 'a new branch where there are two heads',
    code: 'MULTIPLE_HEADS',
    arrange: forked,
    args: 'branch feature --from head',
    hint: 'Choose one (`--from b` or `--from c`), or join them first with `mig merge b c`.',
    ways: {
      '--from b': {run: 'mig branch feature --from b'},
      '--from c': {run: 'mig branch feature --from c'},
      'mig merge b c': {cures: true},
    },
  },
  {
    name: 'a new revision after two',
    code: 'NOT_MERGEABLE',
    arrange: forked,
    args: 'revision -m more --head heads',
    hint: 'Choose one (`--head b` or `--head c`), or join them first with `mig merge b c`.',
    ways: {
      '--head b': {run: 'mig revision -m more --head b'},
      '--head c': {run: 'mig revision -m more --head c'},
      'mig merge b c': {cures: true},
    },
  },
  {
    name: 'a parent that is not a head',
    code: 'NOT_A_HEAD',
    arrange: (project) => project.graph('a <- b'),
    args: 'revision -m more --head a',
    hint: 'Use `--splice` to start another branch here.',
  },
  {
    name: 'a merge of revisions that are not heads',
    code: 'NOT_A_HEAD',
    arrange: (project) => project.graph('a <- b <- d; a <- c'),
    args: 'merge b c',
    hint: 'Use `--splice` to start another branch here.',
  },
  {
    name: 'a revision that is not on the branch',
    code: 'NOT_ON_BRANCH',
    arrange: labelled,
    args: 'upgrade left@c',
    hint: '`mig history -r left@base:left@head` lists the revisions on this branch.',
  },
  {
    name: 'a relative downgrade at base',
    code: 'NO_CURRENT_REVISION',
    arrange: forked,
    args: 'downgrade -1',
    hint: '`mig current` shows what is applied.',
  },
  {
    name: 'a relative downgrade of two heads',
    code: 'SEVERAL_CURRENT_REVISIONS',
    arrange: async (project) => {
      labelled(project)
      await project.mig('upgrade heads')
    },
    args: 'downgrade -1',
    hint: 'Choose one: left@-1 or right@-1.',
    ways: {'left@-1': {run: 'mig downgrade left@-1'}, 'right@-1': {run: 'mig downgrade right@-1'}},
  },
  {
    name: 'a relative upgrade of two heads',
    code: 'SEVERAL_CURRENT_REVISIONS',
    arrange: async (project) => {
      project.graph('a <- b <- d; a <- c <- e')
      await project.mig('upgrade b')
      await project.mig('upgrade c')
    },
    args: 'upgrade +1',
    hint: 'Choose one: b+1 or c+1.',
    ways: {'b+1': {run: 'mig upgrade b+1'}, 'c+1': {run: 'mig upgrade c+1'}},
  },
  {
    name: 'a step that leads to two revisions',
    code: 'AMBIGUOUS_WALK',
    arrange: async (project) => {
      labelled(project)
      await project.mig('upgrade a')
    },
    args: 'upgrade +1',
    hint: 'Choose one: left@+1 or right@+1.',
    ways: {'left@+1': {run: 'mig upgrade left@+1'}, 'right@+1': {run: 'mig upgrade right@+1'}},
  },
  {
    name: 'steps past a branch point',
    code: 'AMBIGUOUS_WALK',
    arrange: async (project) => {
      project.graph('a <- b <- d; a <- c{right} <- e')
      await project.mig('upgrade a')
    },
    args: 'upgrade +2',
    hint: 'Choose one: b+1 or right@+2.',
    ways: {'b+1': {run: 'mig upgrade b+1'}, 'right@+2': {run: 'mig upgrade right@+2'}},
  },
  {
    name: 'a step that leads to two revisions without labels',
    code: 'AMBIGUOUS_WALK',
    arrange: async (project) => {
      forked(project)
      await project.mig('upgrade a')
    },
    args: 'upgrade +1',
    hint: 'Choose one: b or c.',
    ways: {b: {run: 'mig upgrade b'}, c: {run: 'mig upgrade c'}},
  },
  {
    name: 'a step down that leads to two revisions',
    code: 'AMBIGUOUS_WALK',
    arrange: async (project) => {
      project.graph('a <- b; a <- c; b, c <- d')
      await project.mig('upgrade')
    },
    args: 'downgrade -2',
    hint: 'Choose the revision to stop at: b or c.',
    ways: {b: {run: 'mig downgrade b'}, c: {run: 'mig downgrade c'}},
  },
  {
    name: 'a relative target that goes too far',
    code: 'WALKED_TOO_FAR',
    arrange: (project) => project.graph('a <- b'),
    args: 'upgrade +5',
    hint: 'Use `heads` or `base` to go to the end.',
    ways: {head: {run: 'mig upgrade head'}},
  },
  {
    name: 'an invalid target',
    code: 'INVALID_TARGET',
    arrange: (project) => project.graph('a{left} <- b'),
    args: 'upgrade left@',
    hint: 'Use a revision id, head, heads, base, a branch label, branch@head, +1 or -1.',
    ways: {
      head: {run: 'mig upgrade head'},
      heads: {run: 'mig upgrade heads'},
      'a branch label': {run: 'mig upgrade left'},
      'branch@head': {run: 'mig upgrade left@head'},
      '+1': {run: 'mig upgrade +1'},
    },
  },
  {
    name: 'an invalid range',
    code: 'INVALID_RANGE',
    arrange: (project) => project.graph('a <- b'),
    args: 'history -r a',
    hint: 'A range is FROM:TO; either end may be omitted: `base:head`, `-3:`, `:current`.',
    ways: {
      'base:head': {run: 'mig history -r base:head'},
      '-3:': {run: 'mig history -r -3:'},
      ':current': {run: 'mig history -r :current'},
    },
  },
  {
    name: 'an upgrade to a range',
    code: 'INVALID_TARGET',
    arrange: (project) => project.graph('a <- b'),
    args: 'upgrade a:b',
    hint: 'Use the target revision alone, or add `--sql`.',
    ways: {'the target revision alone': {run: 'mig upgrade b'}},
  },
  {
    name: 'a stamp to a range',
    code: 'INVALID_TARGET',
    arrange: (project) => project.graph('a <- b'),
    args: 'stamp a:b',
    hint: 'Use the target revision alone, or add `--sql`.',
    ways: {'the target revision alone': {run: 'mig stamp b'}},
  },
  {
    name: 'a range as the parent of a new revision',
    code: 'INVALID_TARGET',
    arrange: (project) => project.graph('a <- b'),
    args: 'revision -m more --head a:b',
    hint: 'Use a single revision instead.',
    ways: {'a single revision': {run: 'mig revision -m more --head b'}},
  },
  {
    name: 'an upgrade that goes down',
    code: 'INVALID_TARGET',
    arrange: async (project) => {
      project.graph('a <- b <- c')
      await project.mig('upgrade b')
    },
    args: 'upgrade -1',
    hint: 'Use `+1`, or `mig downgrade -1` to go down.',
    ways: {'+1': {run: 'mig upgrade +1'}},
  },
  {
    name: 'a downgrade that goes up',
    code: 'INVALID_TARGET',
    arrange: async (project) => {
      project.graph('a <- b <- c')
      await project.mig('upgrade b')
    },
    args: 'downgrade +1',
    hint: 'Use `-1`, or `mig upgrade +1` to go up.',
    ways: {'-1': {run: 'mig downgrade -1'}},
  },
  {
    name: 'a downgrade to a revision that is not applied, of two heads',
    code: 'NOT_AN_ANCESTOR',
    arrange: async (project) => {
      forked(project)
      await project.mig('upgrade b')
    },
    args: 'downgrade c',
    hint: '`mig current` shows what is applied; use `mig upgrade c` to go up.',
  },
  {
    name: 'a downgrade of a branch to a revision of another',
    code: 'NOT_AN_ANCESTOR',
    arrange: async (project) => {
      project.graph('a <- b; a <- c; x{other}')
      await project.mig('upgrade heads')
    },
    args: 'downgrade other@a',
    hint: '`mig current -v` shows the applied revisions with their branches.',
  },
  {
    name: 'an unknown revision',
    code: 'REVISION_NOT_FOUND',
    arrange: forked,
    args: 'upgrade zzzzzz',
    hint: '`mig history` lists the revisions.',
  },
  {
    name: 'a misspelt target',
    code: 'REVISION_NOT_FOUND',
    arrange: forked,
    args: 'upgrade haeds',
    hint: 'Did you mean heads?',
    ways: {heads: {run: 'mig upgrade heads'}},
  },
  {
    name: 'an unknown branch',
    code: 'BRANCH_NOT_FOUND',
    arrange: labelled,
    args: 'upgrade zzzzzz@head',
    hint: '`mig heads -v` shows the branch labels.',
  },
  {
    name: 'a merge of the only head',
    code: 'NOTHING_TO_MERGE',
    arrange: (project) => project.graph('a <- b'),
    args: 'merge heads',
    hint: '`mig heads` lists the heads, `mig branches` the branch points.',
  },
  {
    name: 'a merge of an ancestor',
    code: 'NOT_MERGEABLE',
    arrange: (project) => project.graph('a <- b; a <- c'),
    args: 'merge a b c',
    hint: 'Leave a out.',
    ways: {'Leave a out': {run: 'mig merge b c'}},
  },
  {
    name: 'a branch that can be merged with two others',
    code: 'SEVERAL_MERGE_PARTNERS',
    arrange: (project) => project.graph('a <- b; a <- c; a <- d'),
    args: 'merge b',
    hint: 'Choose the heads to join, as in `mig merge b c`, or join all with `mig merge heads`.',
  },
  {
    name: 'an applied revision without a file',
    code: 'UNKNOWN_APPLIED_REVISION',
    arrange: without('c'),
    args: 'upgrade',
    hint: 'c: git is not available here: it is not in a git repository. Restore the file, or overwrite the recorded state with `mig stamp --purge heads`. `mig status` shows the details. `--allow-unknown` leaves it as it is.',
    ways: {'mig stamp --purge heads': {cures: true}},
  },
  {
    name: 'an applied revision without a file, under one that a downgrade reverts',
    code: 'UNKNOWN_APPLIED_REVISION',
    arrange: without('c'),
    args: 'downgrade a',
    hint: 'c: git is not available here: it is not in a git repository. Restore the file, or overwrite the recorded state with `mig stamp --purge heads`. `mig status` shows the details.',
    ways: {'mig stamp --purge heads': {cures: true}},
  },
  {
    name: 'applied revisions without a file, and nothing left',
    code: 'UNKNOWN_APPLIED_REVISION',
    arrange: without('a', 'b', 'c'),
    args: 'upgrade',
    hint: 'a, b and c: git is not available here: it is not in a git repository. Restore the file, or overwrite the recorded state with `mig stamp --purge heads`. `mig status` shows the details. `--allow-unknown` leaves it as it is.',
    ways: {'mig stamp --purge heads': {cures: true}},
  },
  {
    name: 'an applied revision whose file is on another branch',
    code: 'UNKNOWN_APPLIED_REVISION',
    arrange: onBranch,
    args: 'upgrade',
    hint: 'c: it is on work (COMMIT, Ana, AGE ago). `git merge work` restores the file; `mig show c` prints it. `mig switch` aligns the database with this checkout instead. `mig status` shows the details. `--allow-unknown` leaves it as it is.',
    ways: {'git merge work': {cures: true}, 'mig switch': {run: 'mig switch --yes', cures: true}},
  },
  {
    name: 'an applied revision that no commit has',
    code: 'UNKNOWN_APPLIED_REVISION',
    arrange: async (project) => {
      await without('c')(project)
      project.git()
    },
    args: 'upgrade',
    hint: 'c: it is in no commit of this clone; try `git fetch --all`. Restore the file, or overwrite the recorded state with `mig stamp --purge heads`. `mig status` shows the details. `--allow-unknown` leaves it as it is.',
    ways: {'mig stamp --purge heads': {cures: true}},
  },
  {
    name: 'a target in git whose files are missing',
    code: 'REVISION_NOT_FOUND',
    arrange: onBranch,
    args: 'upgrade git:work',
    hint: 'Merge or check out work to get the files; `mig heads --at work` shows its heads.',
    ways: {'Merge or check out work': {run: 'git merge -q work', cures: true}},
  },
  {
    name: 'a table that no revision creates',
    code: 'UNKNOWN_TABLE',
    arrange: (project) => project.graph('a'),
    args: 'blame unheard_of',
    hint: '`mig history --touches unheard_of` lists the revisions that touch it.',
  },
  {
    name: 'the log of a part of a table',
    code: 'UNKNOWN_TABLE',
    arrange: (project) => project.graph('a'),
    args: 'log t_a.n',
    hint: '`mig blame t_a.n` shows the last change of a part of a table.',
  },
  {
    name: 'a part that a table does not have',
    code: 'UNKNOWN_TABLE_PART',
    arrange: (project) => project.graph('a'),
    args: 'blame t_a.unheard_of',
    hint: '`mig blame t_a` lists the parts of t_a.',
  },
]
