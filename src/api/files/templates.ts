import {templateSets} from '../../script/template.ts'

/** Returns the sets of templates that `init` can write. */
export function templates(): {readonly templates: readonly {readonly name: string; readonly description: string}[]} {
  return {templates: templateSets()}
}
