// What oclif needs for plugins, commands without a manifest, settings outside of package.json, and spinners: mig has none.
const unused = (name) => () => {
  throw new Error(`${name} is not in the bundle`)
}

export const glob = unused('tinyglobby')
export const lilconfig = unused('lilconfig')
export const minimatch = unused('minimatch')
export default {}
