/** `npm run manifest` writes oclif.manifest.json, which lets the command line start without loading every command. */
import {writeFileSync} from 'node:fs'
import {Plugin} from '@oclif/core'

export async function commandManifest(): Promise<string> {
  const plugin = new Plugin({ignoreManifest: true, root: process.cwd(), type: 'core', respectNoCacheDefault: true})
  await plugin.load()
  return `${JSON.stringify(plugin.manifest, null, 2)}\n`
}

if (import.meta.main) writeFileSync('oclif.manifest.json', await commandManifest())
