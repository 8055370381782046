import {join, relative, sep} from 'node:path'
import {createFilesMatcher, getTsconfig} from 'get-tsconfig'

/** Returns `rootDir` of the tsconfig.json that takes in a configuration at the top, which must not be outside of it. */
export function rootDirOf(cwd: string): string | undefined {
  const project = getTsconfig(cwd)
  const rootDir = project?.config.compilerOptions?.rootDir
  if (project === null || rootDir === undefined) return undefined
  const file = join(cwd, 'mig.config.ts')
  const path = relative(cwd, join(project.path, '..', rootDir))
    .split(sep)
    .join('/')
  const isInside = path === '' || path.startsWith('..')
  return isInside || createFilesMatcher(project)(file) === undefined ? undefined : path
}
