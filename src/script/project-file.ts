import {readRegularFile} from '../util/regular-file.ts'
import {FileAccessError} from './errors.ts'

/**
 * Returns the text of a file of the project.
 *
 * @param shown the name of the file in messages
 * @throws MigError FILE_UNREADABLE
 */
export function readProjectFile(path: string, shown = path): string {
  try {
    return readRegularFile(path)
  } catch (error) {
    throw new FileAccessError('FILE_UNREADABLE', shown, error)
  }
}
