import {contentIdOf} from './content-id.ts'

const imports =
  /(?<before>\b(?:from\s*|import\s*\(?\s*|require\s*\(\s*|declare\s+module\s+)(?<quote>['"]))(?:mig|migdag)(?=\k<quote>)/g

/** Returns the text of a file that imports this package by its name, where that is the one it had before it was published. */
export function withCurrentImports(text: string): string {
  return text.replace(imports, '$<before>migdag')
}

/** Whether a text has a content id, be it with the former name of this package in its imports. */
export function hasContentId(text: string, contentId: string): boolean {
  return contentIdOf(text) === contentId || contentIdOf(text.replace(imports, '$<before>mig')) === contentId
}
