/** The global flags that take a value. */
export const flagsWithValue: readonly string[] = ['-c', '--config', '-n', '--name', '-x']
export const flagsWithoutValue: readonly string[] = ['-q', '--quiet', '--json', '--no-color', '--debug']
export const helpFlags: readonly string[] = ['-h', '--help']
export const versionFlags: readonly string[] = ['-V', '--version']
