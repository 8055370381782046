import {templateSets} from '../../script/template.ts'

/** Returns the template sets available to `init`. */
export function templates(): {readonly templates: readonly {readonly name: string; readonly description: string}[]} {
  return {templates: templateSets()}
}
