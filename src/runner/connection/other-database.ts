import type {OptionsSource} from './orm-options.ts'

/** Returns a source for another database on the same server. */
export function onDatabase(source: OptionsSource, name: string): OptionsSource {
  const renamed = (url: string): string => {
    const changed = new URL(url)
    changed.pathname = name
    return changed.href
  }
  const {clientUrl, driverOptions} = source.options
  return {
    ...source,
    ...(source.url !== undefined && {url: renamed(source.url)}),
    options: {
      ...source.options,
      dbName: name,
      ...(typeof clientUrl === 'string' && {clientUrl: renamed(clientUrl)}),
      ...(hasConnectionString(driverOptions) && {
        driverOptions: {...driverOptions, connectionString: renamed(driverOptions.connectionString)},
      }),
    },
  }
}

function hasConnectionString(options: unknown): options is {readonly connectionString: string} {
  return typeof options === 'object' && options !== null && typeof Object(options).connectionString === 'string'
}
