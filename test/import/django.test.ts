import {join} from 'node:path'
import {expect} from 'chai'
import {mig} from '../support/cli.ts'
import {createDatabase} from '../support/databases.ts'
import {Folder} from '../support/folder.ts'
import {pythonPrograms} from './support/python.ts'
import {describeHistory, runTool} from './support/tool.ts'

const settings = `import os
from urllib.parse import urlparse
url = urlparse(os.environ['MIG_DATABASE_URL'])
SECRET_KEY = 'x'
USE_TZ = True
DEFAULT_AUTO_FIELD = 'django.db.models.BigAutoField'
INSTALLED_APPS = ['people', 'shop']
print('settings are loaded')
DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': url.path} if url.scheme == 'sqlite' else {
    'ENGINE': 'django.db.backends.postgresql', 'HOST': url.hostname, 'PORT': url.port, 'USER': url.username, 'PASSWORD': url.password, 'NAME': url.path[1:]}}
`
const manage = `import os, sys
from django.core.management import execute_from_command_line
os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'settings')
execute_from_command_line(sys.argv)
`

const migration = (
  dependencies: string,
  operations: string,
  more = '',
): string => `from django.db import migrations, models
import django.db.models.deletion

class Migration(migrations.Migration):
    dependencies = [${dependencies}]
${more}    operations = [
        ${operations}
    ]
`
const id = "('id', models.BigAutoField(primary_key=True, serialize=False))"

const files = {
  'manage.py': manage,
  'settings.py': settings,
  'people/__init__.py': '',
  'people/migrations/__init__.py': '',
  'people/migrations/0001_initial.py': migration(
    '',
    `migrations.CreateModel(name='Person', fields=[${id}, ('name', models.CharField(max_length=20))])`,
    '    initial = True\n',
  ),
  'people/migrations/0002_email.py': migration(
    "('people', '0001_initial')",
    "migrations.AddField('person', 'email', models.EmailField(null=True)), migrations.RunPython(migrations.RunPython.noop, migrations.RunPython.noop)",
  ),
  'shop/__init__.py': '',
  'shop/migrations/__init__.py': '',
  'shop/migrations/0001_initial.py': migration(
    "('people', '0001_initial')",
    `migrations.CreateModel(name='Order', fields=[${id}, ('buyer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='people.person'))])`,
    '    initial = True\n',
  ),
  'shop/migrations/0002_a.py': migration(
    "('shop', '0001_initial')",
    "migrations.AddField('order', 'paid', models.BooleanField(default=False))",
  ),
  'shop/migrations/0002_b.py': migration(
    "('shop', '0001_initial')",
    "migrations.AddIndex('order', models.Index(fields=['id'], name='order_ids'))",
  ),
  'shop/migrations/0003_merge.py': migration("('shop', '0002_a'), ('shop', '0002_b')", ''),
}
const ids = [
  'people.0001_initial',
  'people.0002_email',
  'shop.0001_initial',
  'shop.0002_a',
  'shop.0002_b',
  'shop.0003_merge',
]
const programs = pythonPrograms('django', ['django==5.2.17', 'psycopg[binary]==3.3.6'])

if (programs !== undefined) {
  const migrate = async (folder: Folder, url: string, ...target: readonly string[]): Promise<void> =>
    runTool(folder, join(programs, 'python'), ['manage.py', 'migrate', ...target], {MIG_DATABASE_URL: url})

  describeHistory({
    tool: 'django',
    kinds: ['postgresql'],
    programs,
    folder: '.',
    ids,
    files,
    async apply(folder, {url}, count) {
      for (const name of ids.slice(0, count)) await migrate(folder, url, ...name.split('.'))
    },
    isReversible: true,
    own: /django_migrations/,
  })

  describe('mig import django', () => {
    const importInto = async (folder: Folder, url: string): ReturnType<typeof mig> =>
      mig('import django . --stamp', {
        cwd: folder.path,
        env: {MIG_DATABASE_URL: url, PATH: `${programs}:${process.env['PATH']}`},
      })
    const project = (more: Readonly<Record<string, string>>): Folder =>
      new Folder().write({'mig.config.js': 'export default {}\n', 'migrations/.gitkeep': '', ...files, ...more})

    it('stamps a squashed migration whose parts were applied', async () => {
      const database = await createDatabase('sqlite')
      const folder = project({})
      await migrate(folder, database.url)
      for (const name of ['0002_a', '0002_b', '0003_merge']) folder.remove(`shop/migrations/${name}.py`)
      folder.write({
        'shop/migrations/0002_squashed.py': migration(
          "('shop', '0001_initial')",
          "migrations.AddField('order', 'paid', models.BooleanField(default=False)), migrations.AddIndex('order', models.Index(fields=['id'], name='order_ids'))",
          "    replaces = [('shop', '0002_a'), ('shop', '0002_b'), ('shop', '0003_merge')]\n",
        ),
      })
      const {stdout, stderr} = await importInto(folder, database.url)
      expect(stdout + stderr).to.contain('The database is at people.0002_email and shop.0002_squashed')
      await database.drop()
    })

    it('leaves Python open, and says so', async () => {
      const database = await createDatabase('sqlite')
      const folder = project({
        'people/migrations/0003_fill.py': migration(
          "('people', '0002_email')",
          'migrations.RunPython(lambda apps, editor: None)',
        ),
      })
      await migrate(folder, database.url)
      const {stderr} = await importInto(folder, database.url)
      expect(stderr).to.contain('people.0003_fill.ts: part of it is Python that Django cannot write as SQL.')
      await database.drop()
    })

    const refused: {name: string; more: Record<string, string>; says: string}[] = [
      {
        name: 'a project that does not run',
        more: {'people/migrations/0003_broken.py': 'import nothing_of_this_name\n'},
        says: "error: ./manage.py cannot be imported: Django does not run: ModuleNotFoundError: No module named 'nothing_of_this_name'.\n",
      },
      {
        name: 'a parent that is missing',
        more: {'people/migrations/0003_lost.py': migration("('people', '0002_gone')", '')},
        says: 'error: ./manage.py cannot be imported: Django does not run: ',
      },
    ]
    for (const {name, more, says} of refused)
      it(`refuses ${name}, and writes nothing`, async () => {
        const database = await createDatabase('sqlite')
        const folder = project(more)
        const {stderr, status} = await importInto(folder, database.url)
        expect([status, stderr.slice(0, says.length)]).to.deep.equal([1, says])
        expect(folder.list('migrations')).to.deep.equal(['migrations/.gitkeep'])
        await database.drop()
      })
  })
}
