import {nameParts, walk} from '../effects/tree.ts'
import type {Tree} from '../effects/tree.ts'
import {isBuiltInFunction} from './built-in-functions.ts'
import {Unclear} from './items.ts'
import type {SchemaModel} from './schema-model.ts'
import {functionsNamed} from './function-names.ts'

/** @throws Unclear if a statement calls a function of the project, which may do anything */
export function refuseCalls(model: SchemaModel, statement: unknown): void {
  walk(statement, (type, node: Tree) => {
    const parts = type === 'FuncCall' ? nameParts(node['funcname']) : []
    const name = parts.at(-1)
    if (name === undefined || parts[0] === 'pg_catalog') return
    if (parts.length > 1 || !isBuiltInFunction(name) || functionsNamed(model, parts).length > 0)
      throw new Unclear(`a call of the function ${parts.join('.')}`, {isAnywhere: true})
  })
}
