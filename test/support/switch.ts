import {join} from 'node:path'
import {DatabaseSync} from 'node:sqlite'
import {upgrade} from '../../src/api/runs/migrate.ts'
import {GitFolder} from './git.ts'

/** Returns the path of a revision file as `GitFolder` names it. */
export const fileOf = (id: string): string => `migrations/versions/${id}_add_${id}.ts`

/** `main` has a <- b, `work` has a <- c and is checked out, with all of it applied to a SQLite database in `.git`. */
export async function projectToSwitch(): Promise<GitFolder> {
  const repo = GitFolder.init().write({
    'mig.config.js': "export default {orm: 'sqlite:.git/test.db'}\n",
    'notes.txt': 'first\n',
  })
  repo.revisions('aaaa').commit('first')
  repo.git('branch', 'work')
  repo.revisions('bbbb:aaaa').write({'notes.txt': 'of main\n', 'only/on-main.txt': 'main\n'}).commit('on main')
  repo.git('switch', '-q', 'work')
  repo.revisions('cccc:aaaa').commit('on work')
  await upgrade({cwd: repo.path})
  return repo
}

/** Returns the applied revisions of such a project, sorted. */
export function appliedIn(repo: GitFolder): string {
  return rowsOf(repo, 'select revision from mig_version order by revision')
    .map(({revision}) => String(revision))
    .join(' ')
}

/** Returns the rows of a query on the database of such a project. */
export function rowsOf(repo: GitFolder, sql: string): readonly Readonly<Record<string, unknown>>[] {
  const database = new DatabaseSync(join(repo.path, '.git/test.db'))
  try {
    return database.prepare(sql).all()
  } finally {
    database.close()
  }
}
