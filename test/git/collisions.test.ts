import {expect} from 'chai'
import {check} from '../../src/api/checks/check.ts'
import type {HeadsCheck} from '../../src/api/checks/check-heads.ts'
import {GitFolder, withoutChance} from '../support/git.ts'
import {expectGolden} from '../support/golden.ts'

const sqlRevision = (id: string, down: string, sql: string): string =>
  `-- ${id}\n-- revision: ${id}\n-- revises: ${down}\n\n-- upgrade\n${sql};\n\n-- downgrade\n-- nothing\n`

const configOf = (policy: object, orm?: string): string =>
  `export default {policy: ${JSON.stringify(policy)}${orm === undefined ? '' : `, orm: '${orm}'`}}\n`

type Texts = Readonly<Record<string, string>>

const create = 'create table users (id integer, name text, age integer)'

/** A repository with `aaaa` on both branches, and revisions in a line on `work`, which is checked out, and on `main`. */
function branches(policy: object, ours: Texts, theirs: Texts, first = create, orm?: string): GitFolder {
  const repo = GitFolder.init().write({'mig.config.js': configOf(policy, orm)})
  const add = (texts: Texts, start: string): void => {
    let down = start
    for (const [id, sql] of Object.entries(texts)) {
      const isCode = sql.includes('op.') || sql.includes('op)')
      const code = `export const revision = '${id}'\nexport const downRevision = ['${down}']\nexport async function upgrade(op) {\n${sql}\n}\n`
      repo.write({[`migrations/versions/${id}.${isCode ? 'ts' : 'sql'}`]: isCode ? code : sqlRevision(id, down, sql)})
      down = id
    }
  }
  add({aaaa: first}, 'none')
  repo.commit('first')
  repo.git('switch', '-q', '-c', 'work')
  add(ours, 'aaaa')
  repo.commit('ours')
  repo.git('switch', '-q', 'main')
  add(theirs, 'aaaa')
  repo.commit('theirs')
  repo.git('switch', '-q', 'work')
  return repo
}

const collision = {ours: {bbbb: 'alter table users drop column age'}, theirs: {cccc: 'create index on users (age)'}}
/** The changes of `collision` on the other sides: only ours first works. */
const oursFirst = {ours: {bbbb: 'create index on users (age)'}, theirs: {cccc: 'alter table users drop column age'}}
const neither = {ours: {bbbb: 'alter table users add x text'}, theirs: {cccc: 'alter table users add x integer'}}
const different = {
  ours: {bbbb: "alter table users alter name set default 'a'"},
  theirs: {cccc: "alter table users alter name set default 'b'"},
}
const unknown = {ours: {bbbb: 'helper(op)'}, theirs: {cccc: 'alter table users add column x text'}}
const harmless = {ours: {bbbb: 'alter table users drop column age'}, theirs: {cccc: 'create index on users (name)'}}

interface Case {
  readonly policy?: object
  readonly sides: {readonly ours: Texts; readonly theirs: Texts}
  readonly status: string
  readonly verdict: string
  readonly findings?: readonly string[]
}

const cases: Readonly<Record<string, Case>> = {
  'a collision': {sides: collision, status: 'ok', verdict: 'collide', findings: ['warning REVISIONS_COLLIDE']},
  'a collision that is an error': {
    policy: {collisions: 'error'},
    sides: collision,
    status: 'collision',
    verdict: 'collide',
    findings: ['error REVISIONS_COLLIDE'],
  },
  'a collision that does not matter': {
    policy: {collisions: 'off'},
    sides: collision,
    status: 'ok',
    verdict: 'collide',
  },
  'something unknown': {sides: unknown, status: 'ok', verdict: 'unknown', findings: ['warning REVISIONS_UNCLEAR']},
  'something unknown that is an error': {
    policy: {collisions: 'error'},
    sides: unknown,
    status: 'collision',
    verdict: 'unknown',
    findings: ['error REVISIONS_UNCLEAR'],
  },
  'one table, in either order': {
    policy: {collisions: 'error'},
    sides: harmless,
    status: 'ok',
    verdict: 'together',
  },
  'a revision on one side': {
    policy: {collisions: 'error'},
    sides: {...collision, theirs: {}},
    status: 'ok',
    verdict: 'independent',
  },
}

interface Join {
  readonly act: (repo: GitFolder) => unknown
  readonly policy?: object
  /** The pairs that collide. */
  readonly pairs: readonly string[]
  readonly status?: string
}

const mergeMain = (repo: GitFolder): unknown => repo.git('merge', '-q', 'main')

/** What becomes of a branch with `bbbb` that collides with `cccc` on main. */
const joins: Readonly<Record<string, Join>> = {
  'git has merged main': {act: mergeMain, pairs: ['bbbb cccc']},
  'the branch is rebased': {act: (repo) => repo.git('rebase', '-q', 'main'), pairs: ['bbbb cccc']},
  'the branch is rebased, with one head allowed': {
    act: (repo) => repo.git('rebase', '-q', 'main'),
    policy: {heads: 'one'},
    pairs: ['bbbb cccc'],
    status: 'diverged',
  },
  'a revision joins the heads': {
    act: (repo) => {
      mergeMain(repo)
      repo.revisions('eeee:bbbb,cccc')
    },
    pairs: ['bbbb cccc'],
  },
  'a revision joins the heads after a rebase, and another follows it': {
    act: (repo) => {
      repo.git('rebase', '-q', 'main')
      repo.revisions('eeee:bbbb,cccc')
      repo.write({'migrations/versions/ffff.sql': sqlRevision('ffff', 'eeee', 'drop index users_age_idx')})
    },
    pairs: ['bbbb cccc'],
  },
  'main has another revision after the join': {
    act: (repo) => {
      mergeMain(repo)
      repo.revisions('eeee:bbbb,cccc')
      repo.commit('join')
      repo.git('switch', '-q', 'main')
      repo.write({'migrations/versions/dddd.sql': sqlRevision('dddd', 'cccc', 'create index on users (age, name)')})
      repo.commit('more')
      repo.git('switch', '-q', 'work')
    },
    pairs: ['bbbb cccc', 'bbbb dddd'],
  },
  'a revision that follows the join is ordered': {
    act: (repo) => {
      repo.remove('migrations/versions/bbbb.sql')
      repo.write({'migrations/versions/bbbb.sql': sqlRevision('bbbb', 'aaaa', 'create table other (id integer)')})
      repo.commit('harmless')
      mergeMain(repo)
      repo.revisions('eeee:bbbb,cccc')
      repo.write({'migrations/versions/ffff.sql': sqlRevision('ffff', 'eeee', collision.ours.bbbb)})
    },
    pairs: [],
    status: 'ok',
  },
  'the revision continues from the other': {
    act: (repo) => {
      repo.git('rebase', '-q', 'main')
      repo.write({'migrations/versions/bbbb.sql': sqlRevision('bbbb', 'cccc', collision.ours.bbbb)})
    },
    pairs: [],
    status: 'ok',
  },
  'the revision depends on the other': {
    act: (repo) => {
      repo.git('rebase', '-q', 'main')
      const text = sqlRevision('bbbb', 'aaaa', collision.ours.bbbb).replace('revises:', 'depends on: cccc\n-- revises:')
      repo.write({'migrations/versions/bbbb.sql': text})
    },
    pairs: [],
    status: 'ok',
  },
}

describe('collisions of revisions in a merge', () => {
  for (const [name, {policy, sides, status, verdict, findings = []}] of Object.entries(cases))
    it(`are judged: ${name}`, async () => {
      const repo = branches({heads: 'many', ...policy}, sides.ours, sides.theirs)
      const {checks} = await check({cwd: repo.path, names: ['heads'], onto: 'main'})
      const {ok, merges = []} = checks[0] as HeadsCheck
      expect([ok, merges[0]?.status, merges[0]?.verdict]).to.deep.equal([status === 'ok', status, verdict])
      expect(merges[0]?.findings.map(({level, code}) => `${level} ${code}`)).to.deep.equal(findings)
    })

  describe('are judged for the database of the project', () => {
    const sides = {
      'an index of one name on two tables': {
        ours: {bbbb: 'create index latest on users (age)'},
        theirs: {cccc: 'create table notes (id integer); create index latest on notes (id)'},
        verdicts: {
          'mariadb://localhost/shop': 'independent',
          'mysql://localhost/shop': 'independent',
          'sqlite:shop.db': 'collide',
          'postgresql://localhost/shop': 'collide',
        },
      },
      'a column that is placed after one that is dropped': {
        ours: {bbbb: 'alter table users drop column age'},
        theirs: {cccc: 'alter table users add column nick text after age'},
        verdicts: {
          'mariadb://localhost/shop': 'collide',
          'sqlite:shop.db': 'unknown',
          'postgresql://localhost/shop': 'unknown',
        },
      },
      'names that differ in case': {
        ours: {bbbb: 'create table "Notes" (id integer)'},
        theirs: {cccc: 'create table "notes" (id integer)'},
        verdicts: {'sqlite:shop.db': 'collide', 'postgresql://localhost/shop': 'independent'},
      },
    }
    for (const [name, {ours, theirs, verdicts}] of Object.entries(sides))
      for (const [url, verdict] of Object.entries(verdicts))
        it(`${name}, for ${url}`, async () => {
          const repo = branches({heads: 'many'}, ours, theirs, create, url)
          const {checks} = await check({cwd: repo.path, names: ['heads'], onto: 'main'})
          expect((checks[0] as HeadsCheck).merges?.[0]?.verdict).to.equal(verdict)
          repo.git('merge', '-q', '--no-edit', 'main')
          const merged = await repo.mig('merge bbbb cccc --json')
          expect(JSON.parse(merged.stdout)).to.have.property('verdict', verdict)
        })
  })

  describe('are judged, not only before the branches are joined', () => {
    const formats: Readonly<Record<string, RegExp>> = {
      text: /^(?:error|warning): Revisions bbbb and cccc collide\./m,
      github: /::(?:error|warning) .*bbbb and cccc collide/,
      gitlab: /"check_name": "REVISIONS_COLLIDE"/,
      sarif: /"ruleId": "REVISIONS_COLLIDE"/,
      markdown: /\| `bbbb` \| `cccc` \| collide \|/,
    }
    for (const [name, {act, pairs, policy, status = 'collision'}] of Object.entries(joins))
      it(name, async () => {
        const repo = branches({heads: 'many', collisions: 'error', ...policy}, collision.ours, collision.theirs)
        act(repo)
        repo.commit('joined')
        const {checks} = await check({cwd: repo.path, names: ['heads'], onto: 'main'})
        const {ok, findings, merges: [merge] = []} = checks[0] as HeadsCheck
        const collided = merge?.pairs?.filter(({verdict}) => verdict === 'collide')
        expect(collided?.map(({ours, theirs}) => `${ours} ${theirs}`)).to.deep.equal(pairs)
        expect([ok, merge?.status]).to.deep.equal([status === 'ok', status])
        expect(findings.filter(({code}) => code === 'REVISIONS_COLLIDE')).to.have.length(pairs.length)
      })

    for (const [format, pattern] of Object.entries(formats))
      it(`and printed as ${format}`, async () => {
        const repo = branches({heads: 'many', collisions: 'error'}, collision.ours, collision.theirs)
        repo.git('rebase', '-q', 'main')
        const {stdout, status} = await repo.mig(`check heads --onto main --format ${format}`)
        expect(stdout).to.match(pattern)
        expect(status).to.equal(1)
      })

    it('without --onto, as long as there are several heads', async () => {
      const repo = branches({heads: 'many', collisions: 'error'}, collision.ours, collision.theirs)
      repo.git('rebase', '-q', 'main')
      const found = await repo.mig('check heads')
      expect(found.stdout).to.match(/^error: Revisions .* collide\./m)
      expect(found.status).to.equal(1)
      repo.revisions('eeee:bbbb,cccc')
      expect((await repo.mig('check heads')).status).to.equal(0)
    })

    it('with lines that the branch had already only if they are certain', async () => {
      const repo = branches({heads: 'many'}, {}, {})
      const line = (id: string, down: string, code: string): string =>
        `export const revision = '${id}'\nexport const downRevision = [${down}]\nexport async function upgrade(op) {\n${code}\n}\n`
      repo.git('switch', '-q', 'main')
      repo.write({
        'migrations/versions/xxxx.ts': line('xxxx', '', 'helper(op)'),
        'migrations/versions/yyyy.ts': line('yyyy', "'xxxx'", "op.execute('create index on users (age)')"),
      })
      repo.commit('line')
      repo.git('switch', '-q', 'work')
      repo.git('reset', '-q', '--hard', 'main')
      repo.write({'migrations/versions/bbbb.sql': sqlRevision('bbbb', 'aaaa', collision.ours.bbbb)}).commit('ours')
      const {checks} = await check({cwd: repo.path, names: ['heads'], onto: 'main'})
      const found = (checks[0] as HeadsCheck).merges?.[0]?.pairs ?? []
      expect(found.map(({ours, theirs, verdict}) => `${ours} ${theirs} ${verdict}`)).to.deep.equal([
        'bbbb yyyy collide',
      ])
    })
  })

  describe('have advice that', () => {
    const merged = async (sides: Case['sides']): Promise<string> => {
      const repo = branches({heads: 'many'}, sides.ours, sides.theirs)
      repo.git('merge', '-q', 'main')
      return (await repo.mig('merge bbbb cccc -m join')).stderr
    }
    const order = 'list cccc in the `dependsOn` of bbbb'
    for (const [name, sides, says, next] of [
      [
        'orders revisions that work in one order',
        collision,
        `As bbbb works only after cccc, ${order}`,
        'mig edit bbbb',
      ],
      ['orders revisions that work in both', different, `If bbbb must run after cccc, ${order}`, 'mig edit bbbb'],
      [
        'does not advise an order that fails',
        oursFirst,
        'Change bbbb so that it works after cccc. With cccc in its `dependsOn`, it would always fail.\nnext',
        'mig edit bbbb',
      ],
      [
        'does not advise an order where both fail',
        neither,
        'Change bbbb so that it works after cccc. As they are, neither works after the other.\nnext',
        'mig edit bbbb',
      ],
      ['asks to read what is unknown', unknown, `Read both. If the order matters, ${order}`, 'mig upgrade'],
      ['is not needed where either may go first', harmless, '; either may go first.\nnext', 'mig upgrade'],
    ] as const)
      it(name, async () => {
        expect(await merged(sides))
          .to.contain(says)
          .and.to.contain(`next: ${next}\n`)
      })

    const joined = async (
      sides: Case['sides'],
      targets: string,
      publish: (repo: GitFolder) => void,
    ): Promise<string> => {
      const repo = branches({heads: 'many'}, sides.ours, sides.theirs)
      repo.git('remote', 'add', 'origin', repo.path)
      publish(repo)
      repo.git('fetch', '-q', 'origin')
      repo.git('branch', '-q', '--set-upstream-to=origin/main', 'work')
      repo.git('merge', '-q', 'main')
      return (await repo.mig(`merge ${targets} -m join --rev-id dddd`)).stderr
    }
    const merge = (repo: GitFolder): void => {
      repo.git('switch', '-q', 'main')
      repo.git('merge', '-q', 'work')
      repo.git('switch', '-q', 'work')
    }
    for (const [name, sides, targets, publish, says, next] of [
      ['names the revision that is not published', oursFirst, 'bbbb cccc', () => {}, 'Change bbbb so', 'mig edit bbbb'],
      [
        'names the revision that is not published, though it comes second',
        oursFirst,
        'cccc bbbb',
        () => {},
        'Change bbbb so',
        'mig edit bbbb',
      ],
      [
        'orders the revision that is not published, though it comes second',
        collision,
        'cccc bbbb',
        () => {},
        `As bbbb works only after cccc, ${order}`,
        'mig edit bbbb',
      ],
      [
        'keeps revisions that are both published, and makes their results equal where they are joined',
        different,
        'bbbb cccc',
        merge,
        'Write what makes the results of both orders equal in dddd',
        'mig edit dddd',
      ],
      [
        'keeps revisions that are both published, and runs them in the order that works',
        oursFirst,
        'bbbb cccc',
        merge,
        'run `mig upgrade bbbb` before `mig upgrade heads`',
        'mig upgrade bbbb',
      ],
      [
        'keeps revisions that are both published, and replaces one where neither works after the other',
        neither,
        'bbbb cccc',
        merge,
        'replace one of them by a new revision',
        'mig revision -m "..."',
      ],
    ] as const)
      it(name, async () => {
        expect(await joined(sides, targets, publish))
          .to.contain(says)
          .and.to.contain(`next: ${next}\n`)
      })

    for (const [name, header] of [
      ['depends on the other', '-- depends on: cccc\n-- revises: aaaa'],
      ['continues from the other', '-- revises: cccc'],
    ] as const)
      it(`is checked: a revision that ${name} and fails there collides`, async () => {
        const repo = branches({heads: 'many', collisions: 'error'}, oursFirst.ours, oursFirst.theirs)
        repo.git('merge', '-q', 'main')
        const text = sqlRevision('bbbb', 'aaaa', oursFirst.ours.bbbb).replace('-- revises: aaaa', header)
        repo.write({'migrations/versions/bbbb.sql': text}).commit('ordered')
        const [found] = (await check({cwd: repo.path, names: ['heads'], onto: 'main'})).checks
        expect(found?.findings.map(({code, message, hint}) => ({code, message, hint}))).to.deep.equal([
          {
            code: 'REVISIONS_COLLIDE',
            message:
              'Revisions bbbb and cccc collide. bbbb comes after cccc, and fails there: column users.age does not exist.',
            hint: 'Change bbbb so that it works after cccc, or remove that order.',
          },
        ])
      })

    it('works: the collision is gone', async () => {
      const repo = branches({heads: 'many', collisions: 'error'}, collision.ours, collision.theirs)
      repo.git('merge', '-q', 'main')
      const [before] = (await check({cwd: repo.path, names: ['heads'], onto: 'main'})).checks
      expect(before?.findings[0]?.hint).to.contain(order)
      const text = sqlRevision('bbbb', 'aaaa', collision.ours.bbbb).replace('revises:', 'depends on: cccc\n-- revises:')
      repo.write({'migrations/versions/bbbb.sql': text}).commit('ordered')
      const [after] = (await check({cwd: repo.path, names: ['heads'], onto: 'main'})).checks
      expect(after?.findings).to.deep.equal([])
    })
  })

  it('are judged for each pair, after the revisions before it on both sides', async () => {
    const ours = {bbbb: 'create table notes (id integer)', bbbc: 'alter table notes add column text text'}
    const theirs = {cccc: 'create table tags (id integer)', cccd: 'alter table users add column text text'}
    const {checks} = await check({cwd: branches({}, ours, theirs).path, names: ['heads'], onto: 'main'})
    const [merge] = (checks[0] as HeadsCheck).merges ?? []
    expect(merge?.pairs?.map((pair) => `${pair.ours} ${pair.theirs} ${pair.verdict}`)).to.deep.equal([
      'bbbb cccc independent',
      'bbbb cccd independent',
      'bbbc cccc independent',
      'bbbc cccd independent',
    ])
  })

  describe('are printed', () => {
    let repo: GitFolder
    before(() => {
      repo = branches(
        {heads: 'many'},
        {
          bbbb: 'alter table users drop column age',
          bbbc: "op.execute('create index on users (name)')",
          bbbd: 'helper(op)',
        },
        {cccc: 'create index on users (age)'},
      )
      repo.git('update-ref', 'refs/pull/1/head', 'work')
      repo.git('update-ref', 'refs/pull/2/head', 'main')
    })
    for (const command of [
      'check heads --onto main',
      'check heads --onto main --format github',
      'check heads --onto main --format markdown',
      'check heads --onto main --format sarif',
      'check heads --onto main --json',
      'check heads --onto main --refs refs/pull/*/head',
      'check heads --onto main --refs refs/pull/*/head --format markdown',
    ])
      it(`by ${command}`, async () => {
        const {stdout, stderr, status} = await repo.mig(command)
        const name = command.replaceAll(/[^a-z0-9]+/g, '-')
        expectGolden(
          `git/collisions/${name}.txt`,
          withoutChance(`$ mig ${command}\n${stdout}${stderr}--- exit ${status}\n`),
        )
      })

    it('with exit status 1 where the policy says so', async () => {
      repo.git('switch', '-q', 'main')
      repo.write({'mig.config.js': configOf({heads: 'many', collisions: 'error'})}).commit('policy')
      const {stdout, status} = await repo.mig('check heads --onto main --refs refs/pull/1/head')
      expect(stdout).to.contain('collision').and.to.contain('bbbb and cccc collide.')
      expect(status).to.equal(1)
    })
  })
})
