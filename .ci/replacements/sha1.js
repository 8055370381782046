// Node has SHA-1; isomorphic-git brings its own for browsers.
import {createHash} from 'node:crypto'

export default function Sha1() {
  return createHash('sha1')
}
