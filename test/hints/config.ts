import type {Project, Situation} from './situation.ts'

/** Situations of the command line, the configuration and files. */
export const situations: readonly Situation[] = [
  {
    name: 'a second init',
    code: 'FILE_EXISTS',
    arrange: (project) => project.graph('a'),
    args: 'init',
    hint: 'mig is set up here already: `mig status` shows what is next. Existing files are never overwritten.',
  },
  {
    name: 'a misspelt command',
    code: 'UNKNOWN_COMMAND',
    arrange: (project) => project.graph('a'),
    args: 'upgrad',
    hint: 'Did you mean `mig upgrade`?',
  },
  {
    name: 'a command that resembles no other',
    code: 'UNKNOWN_COMMAND',
    arrange: (project) => project.graph('a'),
    args: 'zzzzzzzz',
    hint: '`mig --help` lists the commands.',
  },
  {
    name: 'the name that a command has in other tools',
    code: 'UNKNOWN_COMMAND',
    arrange: (project) => project.graph('a'),
    args: 'migrate',
    hint: 'Did you mean `mig upgrade`?',
  },
  {
    name: 'a message without -m',
    code: 'USAGE',
    arrange: (project) => project.graph('a'),
    args: 'revision add users',
    hint: 'The message follows -m, in quotes: `mig revision -m "add users"`.',
  },
  {
    name: 'a missing argument',
    code: 'USAGE',
    arrange: (project) => project.graph('a'),
    args: 'downgrade',
    hint: '`mig downgrade --help` shows the usage.',
  },
  {
    name: 'a misspelt flag',
    code: 'USAGE',
    arrange: (project) => project.graph('a'),
    args: 'upgrade --dry-rum',
    hint: 'Did you mean --dry-run? `mig upgrade --help` shows the usage.',
    ways: {'--dry-run': {run: 'mig upgrade --dry-run'}},
  },
  {
    name: 'a folder without a configuration',
    code: 'CONFIG_NOT_FOUND',
    arrange: () => {},
    args: 'heads',
    hint: 'Create one with `mig init`, or pass `-c FILE`.',
    ways: {
      'mig init': {cures: true},
      '-c FILE': {
        prepare: (project) =>
          project.write({'other.config.js': 'export default {}\n', 'migrations/versions/.gitkeep': ''}),
        run: 'mig heads -c other.config.js',
      },
    },
  },
  {
    name: 'a configuration file that does not exist',
    code: 'CONFIG_NOT_FOUND',
    arrange: (project) => project.graph('a'),
    args: 'heads -c nowhere.js',
    hint: 'Pass the path of the configuration with `-c FILE`, or set MIG_CONFIG.',
    ways: {'-c FILE': {run: 'mig heads -c mig.config.js'}},
  },
  {
    name: 'a configuration that fails',
    code: 'CONFIG_FAILED',
    arrange: (project) => project.write({'mig.config.js': "throw new Error('no luck')\n"}),
    args: 'heads',
    hint: 'Use `--debug` for the full stack trace.',
    ways: {'--debug': {status: 2}},
  },
  {
    name: 'a configuration without the script directory that it names',
    code: 'SCRIPT_DIRECTORY_MISSING',
    arrange: (project) => project.configure({scriptDirectory: 'db/changes'}),
    args: 'revision -m first',
    hint: 'Create the folder, or correct `scriptDirectory` in the configuration.',
    ways: {
      'Create the folder': {run: 'mkdir -p db/changes', cures: true},
      'correct `scriptDirectory`': {
        prepare: (project) => {
          project.write({'migrations/versions/.gitkeep': ''})
          project.configure({scriptDirectory: 'migrations'})
        },
        run: 'mig heads',
        cures: true,
      },
    },
  },
  {
    name: 'version locations that do not exist',
    code: 'VERSION_LOCATION_MISSING',
    arrange: (project) => {
      project.write({'migrations/.gitkeep': ''})
      project.configure({versionLocations: ['one', 'two']})
    },
    args: 'history',
    hint: 'Create the folder, or correct `versionLocations` in the configuration.',
    ways: {'Create the folder': {run: 'mkdir one', cures: true}},
  },
  {
    name: 'several folders for a new revision',
    code: 'VERSION_PATH_UNKNOWN',
    arrange: (project) => {
      project.write({'one/.gitkeep': '', 'two/.gitkeep': '', 'migrations/.gitkeep': ''})
      project.configure({versionLocations: ['one', 'two']})
    },
    args: 'revision -m first',
    hint: 'Use `--version-path` with one of one or two.',
    ways: {
      '--version-path': {run: 'mig revision -m first --version-path one'},
      two: {run: 'mig revision -m first --version-path two'},
    },
  },
  {
    name: 'an unknown template',
    code: 'UNKNOWN_TEMPLATE',
    arrange: () => {},
    args: 'init --template sqll',
    hint: 'Did you mean sql?',
    ways: {sql: {run: 'mig init --template sql'}},
  },
  {
    name: 'an unknown check',
    code: 'UNKNOWN_CHECK',
    arrange: (project) => project.graph('a'),
    args: 'check head',
    hint: 'Did you mean heads?',
    ways: {heads: {run: 'mig check heads'}},
  },
  {
    name: 'MikroORM options that are rejected',
    code: 'ORM_FAILED',
    arrange: (project: Project) => {
      project.graph('a')
      project.configure({orm: {dbName: 'x'}})
    },
    args: 'current',
    hint: 'Check that the configuration works in your application; `--debug` shows the stack trace.',
    ways: {'--debug': {status: 2}},
  },
]
