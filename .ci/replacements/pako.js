// Node has zlib; isomorphic-git brings its own for browsers, which throws texts.
import {deflateSync, inflateSync} from 'node:zlib'

export default {
  deflate: deflateSync,
  inflate(bytes) {
    try {
      return inflateSync(bytes)
    } catch (error) {
      throw error.message
    }
  },
}
