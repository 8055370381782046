import {existsSync, lstatSync, readdirSync, readFileSync, readlinkSync, statSync} from 'node:fs'
import type {PromiseFsClient} from 'isomorphic-git'

const missing = Object.assign(new Error('there is no such file'), {code: 'ENOENT'})

async function refuse(): Promise<never> {
  throw new Error('the repository is read-only')
}

/**
 * Read-only file system for isomorphic-git.
 *
 * Reads synchronously, which is three times as fast for thousands of small objects, and checks that a file exists
 * before reading it, because most objects are looked up in two places and errors are slow to create.
 */
export const readOnlyFs: PromiseFsClient = {
  promises: {
    readFile: async (path: string, options?: BufferEncoding) => {
      // isomorphic-git calls it without a path to see whether it returns a promise.
      if (typeof path !== 'string' || !existsSync(path)) throw missing
      return options === undefined ? readFileSync(path) : readFileSync(path, options)
    },
    readdir: async (path: string) => readdirSync(path),
    stat: async (path: string) => statSync(path),
    lstat: async (path: string) => lstatSync(path),
    readlink: async (path: string) => readlinkSync(path),
    writeFile: refuse,
    unlink: refuse,
    mkdir: refuse,
    rmdir: refuse,
    symlink: refuse,
    chmod: refuse,
  },
}
