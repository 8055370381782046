import {spawnSync} from 'node:child_process'
import {hash} from 'node:crypto'
import {existsSync, mkdirSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {noteMissing} from '../../support/requirements.ts'

/**
 * Returns the folder of the programs of a tool in Python, which is installed once on a machine; undefined where that cannot be
 * done, which the end of the run says.
 */
export function pythonPrograms(tool: 'alembic' | 'django', packages: readonly string[]): string | undefined {
  const home = join(tmpdir(), `mig-test-python-${hash('sha256', packages.join(' ')).slice(0, 12)}`)
  const programs = join(home, 'bin')
  const isComplete = join(home, 'complete')
  if (existsSync(isComplete)) return programs
  rmSync(home, {recursive: true, force: true})
  mkdirSync(home)
  const steps = [
    ['python3', '-m', 'venv', home],
    [join(programs, 'pip'), 'install', '--quiet', '--disable-pip-version-check', '--retries', '1', ...packages],
  ]
  for (const [command = '', ...args] of steps) {
    const {status, error, stderr} = spawnSync(command, args, {encoding: 'utf8'})
    if (status !== 0) {
      const reason = error?.message ?? stderr.trim().split('\n').at(-1)
      noteMissing(tool, `${tool} cannot be installed (${reason}); its import is not tested`)
      return undefined
    }
  }
  writeFileSync(isComplete, '')
  return programs
}
