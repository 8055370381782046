import {join, relative, sep} from 'node:path'
import {findOrmConfig} from '../../config/find-orm.ts'
import {rootDirOf} from '../../config/typescript/root-dir.ts'
import {readProjectFile} from '../../script/project-file.ts'
import {hasPackage} from '../../runner/connection/project-packages.ts'
import {packageManagerOf} from '../../util/package-manager.ts'
import type {PackageManager} from '../../util/package-manager.ts'
import {namesIn} from './other-tools.ts'

/** The contents of a folder that matter for setting mig up in it. */
export interface Surroundings {
  readonly isEsm: boolean
  /** The MikroORM configuration that commands will find, relative to the folder. */
  readonly orm: string | undefined
  readonly packageManager: PackageManager
  /** The packages that are missing for the first commands. */
  readonly missing: readonly string[]
  /** The folder that the project's compiler takes files from, if it would refuse TypeScript outside of it. */
  readonly rootDir: string | undefined
}

/** Looks at a folder, without running any of its code. */
export function lookAround(cwd: string, environment: Readonly<Record<string, string | undefined>>): Surroundings {
  const orm = findOrmConfig(cwd, environment)
  // With a configuration, the application has its driver.
  const driver = orm === undefined && !environment['MIG_DATABASE_URL'] ? ['@mikro-orm/pglite'] : []
  return {
    isEsm: readManifest(cwd).type === 'module',
    orm: orm === undefined ? undefined : `./${relative(cwd, orm).split(sep).join('/')}`,
    packageManager: packageManagerOf(cwd),
    missing: ['migdag', ...driver].filter((name) => !hasPackage(cwd, name)),
    rootDir: rootDirOf(cwd),
  }
}

/** Whether a folder has migrations of MikroORM. */
export function hasMikroOrmMigrations(folder: string): boolean {
  return namesIn(folder).some((name) => /^Migration\d+\w*\.[cm]?[jt]s$/.test(name))
}

interface Manifest {
  readonly type?: string
}

function readManifest(cwd: string): Manifest {
  try {
    return JSON.parse(readProjectFile(join(cwd, 'package.json'))) as Manifest
  } catch {
    return {}
  }
}
