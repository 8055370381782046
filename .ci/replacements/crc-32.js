// Node has CRC-32; isomorphic-git brings its own for browsers.
import {crc32} from 'node:zlib'

export default {buf: (bytes) => crc32(bytes) | 0}
