/** The text that the script prints before the history: settings and applications may print, too. */
export const startOfHistory = '\u0001mig-history\u0001'

/**
 * Prints the migrations of a Django project in order, with the SQL that `manage.py sqlmigrate` would show.
 *
 * Operations that do nothing in a direction (`RunPython.noop`) are left out, because Django cannot tell that they need no
 * SQL; extensions are created whether or not the database at hand has them.
 */
export const historyScript = String.raw`
import copy, inspect, json, os
from django.db import connection
from django.db.migrations import RunPython
from django.db.migrations.loader import MigrationLoader

loader = MigrationLoader(None)
loader.connection = connection
name_of = lambda key: '.'.join(key)

def without_noops(migration, backwards):
    def is_noop(operation):
        code = getattr(operation, 'reverse_code' if backwards else 'code', None)
        return isinstance(operation, RunPython) and code is RunPython.noop
    same = copy.copy(migration)
    same.operations = [operation for operation in migration.operations if not is_noop(operation)]
    return same

def sql_of(migration, backwards):
    try:
        import django.contrib.postgres.operations as postgres
        postgres.PostgreSQLOperation
        postgres.CreateExtension.extension_exists = lambda self, editor, name: backwards
    except Exception:
        pass
    try:
        sql = '\n'.join(loader.collect_sql([(without_noops(migration, backwards), backwards)]))
    except Exception as error:
        return {'reason': 'Django cannot write its SQL: ' + str(error).strip().rstrip('.').split('\n')[0]}
    if 'CANNOT BE WRITTEN AS SQL' in sql:
        return {'reason': 'part of it is Python that Django cannot write as SQL'}
    return {'sql': sql}

def described(key):
    migration = loader.graph.nodes[key]
    path = inspect.getfile(type(migration))
    with open(path, encoding='utf-8') as file:
        source = file.read()
    before = [parent.key for parent in loader.graph.node_map[key].parents]
    relative = os.path.relpath(path)
    return {
        'app': key[0],
        'name': key[1],
        'parents': sorted(name_of(parent) for parent in before if parent[0] == key[0]),
        'dependsOn': sorted(name_of(parent) for parent in before if parent[0] != key[0]),
        'replaces': [name_of(replaced) for replaced in migration.replaces],
        'isAtomic': migration.atomic,
        'file': os.path.join('site-packages', key[0], key[1] + '.py') if relative.startswith('..') or 'site-packages' in relative else relative,
        'source': source,
        'up': sql_of(migration, False),
        'down': sql_of(migration, True),
    }

ordered = []
for leaf in sorted(loader.graph.leaf_nodes()):
    for key in loader.graph.forwards_plan(leaf):
        if key not in ordered:
            ordered.append(key)
print('${startOfHistory}' + json.dumps([described(key) for key in ordered]))
`
