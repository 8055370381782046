import {join} from 'node:path'
import {pythonPrograms} from './support/python.ts'
import {describeHistory, runTool} from './support/tool.ts'

interface Declared {
  readonly id: string
  readonly down: string
  readonly up: string
  readonly back: string
  readonly more?: string
}

const revision = ({
  id,
  down,
  up,
  back,
  more = 'branch_labels = None\ndepends_on = None',
}: Declared): string => `"""revision ${id}

Revision ID: ${id}
"""
from alembic import op
import sqlalchemy as sa

revision: str = '${id}'
down_revision = ${down}
${more}


def upgrade() -> None:
    ${up}


def downgrade() -> None:
    ${back}
`

const env = `import os
from alembic import context
from sqlalchemy import create_engine, pool
if context.is_offline_mode():
    context.configure(dialect_name='postgresql', literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
else:
    with create_engine(os.environ['URL'], poolclass=pool.NullPool).connect() as connection:
        context.configure(connection=connection)
        with context.begin_transaction():
            context.run_migrations()
`

const ids = ['aaaa1111', 'bbbb1111', 'bbbb2222', 'cccc1111']

const programs = pythonPrograms('alembic', ['alembic==1.20.0', 'sqlalchemy==2.1.1', 'psycopg[binary]==3.3.6'])

if (programs !== undefined)
  describeHistory({
    tool: 'alembic',
    programs,
    kinds: ['postgresql'],
    folder: 'alembic/versions',
    ids,
    files: {
      'alembic.ini': '[alembic]\nscript_location = alembic\n',
      'alembic/env.py': env,
      'alembic/versions/aaaa1111_users.py': revision({
        id: 'aaaa1111',
        down: 'None',
        up: "op.create_table('users', sa.Column('id', sa.Integer, primary_key=True), sa.Column('name', sa.String(20), server_default=\"it's; so\"))",
        back: "op.drop_table('users')",
      }),
      'alembic/versions/bbbb1111_a.py': revision({
        id: 'bbbb1111',
        down: "'aaaa1111'",
        up: "op.add_column('users', sa.Column('email', sa.Text))",
        back: "op.drop_column('users', 'email')",
        more: "branch_labels = ('mail',)\ndepends_on = None",
      }),
      'alembic/versions/bbbb2222_b.py': revision({
        id: 'bbbb2222',
        down: "'aaaa1111'",
        up: "op.create_index('users_name', 'users', ['name'])",
        back: "op.drop_index('users_name', 'users')",
        more: "branch_labels = None\ndepends_on = ('mail',)",
      }),
      'alembic/versions/cccc1111_merge.py': revision({
        id: 'cccc1111',
        down: "('bbbb1111', 'bbbb2222')",
        up: 'pass',
        back: 'pass',
      }),
    },
    async apply(folder, {url}, count) {
      await runTool(folder, join(programs, 'alembic'), ['upgrade', ids[count - 1]!], {
        URL: url.replace(/^postgres(?:ql)?:/, 'postgresql+psycopg:'),
      })
    },
    isReversible: true,
    own: /alembic_version/,
  })
