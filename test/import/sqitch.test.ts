import {hash} from 'node:crypto'
import {describeHistory, hasProgram, runTool} from './support/tool.ts'

const change = (name: string): string => hash('sha256', `sqitch\n${name}`).slice(0, 12)
const script = (sql: string): string => `-- Deploy\n\nBEGIN;\n\n${sql}\n\nCOMMIT;\n`

if (hasProgram('sqitch'))
  describeHistory({
    tool: 'sqitch',
    kinds: ['postgresql'],
    folder: 'db',
    ids: ['users', change('names@v1'), 'orders', 'names'],
    files: {
      'db/sqitch.conf': '[core]\n\tengine = pg\n[user]\n\tname = A\n\temail = a@b.c\n',
      'db/sqitch.plan': `%syntax-version=1.0.0
%project=app

users 2026-01-01T10:00:00Z A <a@b.c> # Add users.
names [users] 2026-01-02T10:00:00Z A <a@b.c> # A view
@v1 2026-01-03T10:00:00Z A <a@b.c> # First.

orders [users] 2026-01-04T10:00:00Z A <a@b.c>
names [names@v1] 2026-01-05T10:00:00Z A <a@b.c> # All names
`,
      'db/deploy/users.sql': script('create table users (id int primary key, name text);'),
      'db/revert/users.sql': script('drop table users;'),
      'db/deploy/names@v1.sql': script('create view names as select name from users;'),
      'db/revert/names@v1.sql': script('drop view names;'),
      'db/deploy/orders.sql': script('create table orders (id int);'),
      'db/revert/orders.sql': script('drop table orders;'),
      'db/deploy/names.sql': script('create or replace view names as select name, id from users;'),
      'db/revert/names.sql': script('drop view names;\ncreate view names as select name from users;'),
    },
    async apply(folder, {url}, count) {
      const target = ['users', 'names@v1', 'orders', 'names@HEAD'][count - 1]!
      const address = url.replace('postgresql:', 'db:pg:')
      await runTool(folder, 'sqitch', ['--chdir', 'db', 'deploy', address, '--to', target])
    },
    isReversible: true,
    own: /\bsqitch\b/,
  })
