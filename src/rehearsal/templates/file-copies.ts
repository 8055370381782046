import type {OrmOptions} from '../../dialects/driver.ts'
import type {Connection} from '../../runner/connection/connect.ts'

/** The ways to copy databases in memory, by the kind of their copies. */
export const fileCopies: Readonly<Record<'database' | 'file' | 'folder', FileCopies | undefined>> = {
  database: undefined,
  file: {
    options: (bytes) => ({dbName: bytes}),
    bytesOf: async ({em}) => {
      const client = (await nativeClient(em)) as {serialize(): Buffer}
      return client.serialize()
    },
  },
  folder: {
    // MikroORM copies options, which a Blob does not survive.
    options: (bytes) => ({loadDataDir: {arrayBuffer: async () => bufferOf(bytes)}}),
    bytesOf: async ({em}) => {
      const client = (await nativeClient(em)) as EmbeddedServer
      // Without it, each copy would have to recover what was written since the last one.
      await client.exec('checkpoint')
      return Buffer.from(await (await client.dumpDataDir('none')).arrayBuffer())
    },
  },
}

/** A part of PGlite. */
interface EmbeddedServer {
  exec(sql: string): Promise<unknown>
  dumpDataDir(compression: 'none'): Promise<Blob>
}

interface FileCopies {
  readonly options: (bytes: Buffer) => OrmOptions
  readonly bytesOf: (connection: Connection) => Promise<Buffer>
}

/** Returns the buffer of bytes, which a large file has for itself. */
function bufferOf({buffer, byteOffset, byteLength}: Buffer): ArrayBufferLike {
  return byteLength === buffer.byteLength ? buffer : buffer.slice(byteOffset, byteOffset + byteLength)
}

async function nativeClient(em: Connection['em']): Promise<unknown> {
  const connection = em.getDriver().getConnection() as unknown as {getNativeClient(): Promise<unknown>}
  return connection.getNativeClient()
}
