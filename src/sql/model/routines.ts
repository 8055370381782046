import {child, isTree, items, nameParts, textIn} from '../effects/tree.ts'
import type {Tree} from '../effects/tree.ts'
import {parsePostgres} from '../../dialects/split/postgres.ts'
import {findNamed, findOrAssumeNamed, schemaFor} from './lookup.ts'
import {refuseConstantOf, refuseWidth} from './constants.ts'
import {Refusal} from './items.ts'
import type {Item} from './items.ts'
import type {SchemaModel} from './schema-model.ts'
import {functionsNamed, touchOverloads} from './function-names.ts'
import {expressionReferences, queryReferences} from './references.ts'
import {textOfTree} from './text.ts'
import {needs, typeReferences, typeText} from './types.ts'

/** Creates or replaces a function or procedure. Overloads are told apart by the types of their parameters. */
export function createRoutine(model: SchemaModel, node: Tree): void {
  const [name = '', schema] = nameParts(node['funcname']).toReversed()
  const owner = schemaFor(model, schema)
  const parameters = items(node, 'parameters').map((item) => child(item, 'FunctionParameter'))
  const types = parameters.filter(isIdentifying).map((parameter) => typeText(child(parameter, 'argType')))
  const signature = `${name}(${types.join(', ')})`
  const options = new Map(
    items(node, 'options').map((item) => {
      const option = child(item, 'DefElem')
      return [textIn(option, 'defname'), option['arg']] as const
    }),
  )
  const references = new Set(
    [...parameters.map((parameter) => child(parameter, 'argType')), child(node, 'returnType')].flatMap((type) =>
      typeReferences(model, type),
    ),
  )
  for (const parameter of parameters)
    for (const id of typeReferences(model, child(parameter, 'argType'))) {
      const type = model.get(id)
      if (type !== undefined) refuseConstantOf(model, type, parameter['defexpr'])
    }
  for (const parameter of parameters)
    for (const id of expressionReferences(model, parameter['defexpr'])) references.add(id)
  if (isTree(node['sql_body']))
    for (const id of queryReferences(model, node['sql_body'], true).references) references.add(id)
  if (textOfTree(options.get('language')).includes('"sql"'))
    checkBody(model, options.get('as'), child(node, 'returnType'))
  const returns = textOfTree(node['returnType'])
  const properties = {
    parameters: textOfTree(parameters),
    returns,
    body: textOfTree(node['sql_body']),
    ...Object.fromEntries([...options].map(([key, value]) => [`option ${key}`, textOfTree(value)])),
  }
  const existing = node['replace'] === true ? model.find('function', owner.id, signature) : undefined
  touchOverloads(model, nameParts(node['funcname']), existing === undefined)
  if (existing === undefined) {
    model.create({kind: 'function', name: signature, parent: owner.id, properties, references: needs(references)})
    return
  }
  const former = existing.properties['returns']
  if (former !== undefined && former !== returns) throw new Refusal(`function ${name} returns another type`)
  model.replace(existing, {properties, references: needs(references)})
}

function isIdentifying(parameter: Tree): boolean {
  return !['FUNC_PARAM_OUT', 'FUNC_PARAM_TABLE'].includes(textIn(parameter, 'mode'))
}

/** The body of a function in SQL is checked when the function is created; nothing depends on it afterwards. */
function checkBody(model: SchemaModel, body: unknown, returnType: Tree): void {
  const [text] = isTree(body) ? nameParts(body) : []
  const statements = text === undefined ? undefined : parsePostgres(text)
  const results = (statements ?? []).map((statement) => queryReferences(model, statement, true).columns)
  const width = results.at(-1)?.length ?? 1
  if (width === 1) return
  for (const id of typeReferences(model, returnType)) {
    const type = model.get(id)
    if (type !== undefined) refuseWidth(model, type, width)
  }
}

/** Returns the function that DROP, ALTER or COMMENT names, with or without the types of its parameters. */
export function routineNamed(model: SchemaModel, object: Tree, isGuarded = false): Item | undefined {
  const parts = nameParts(object['objname'])
  if (object['args_unspecified'] === true) {
    touchOverloads(model, parts, true)
    const found = functionsNamed(model, parts)
    const known = found.filter(({name}) => !name.endsWith(`(${anyTypes})`))
    if (known.length > 1) throw new Refusal(`function ${parts.join('.')} is not unique`)
    const [one] = [...known, ...found]
    return one ?? (isGuarded ? undefined : findOrAssumeNamed(model, 'function', withTypes(parts, anyTypes)))
  }
  const types = items(object, 'objargs').map((item) => typeText(child(item, 'TypeName')))
  const named = withTypes(parts, types.join(', '))
  if (!isGuarded) return findOrAssumeNamed(model, 'function', named)
  const found = findNamed(model, 'function', named) ?? withoutTypes(model, parts)
  // A call may mean this function, if it exists.
  const isCalled = model.find('object', undefined, `function ${parts.at(-1) ?? ''}`) !== undefined
  if (found === undefined && isCalled) touchOverloads(model, parts, true)
  return found
}

/** Stands for the types of the parameters of an assumed function that is named without them. */
const anyTypes = '?'

const withTypes = (parts: readonly string[], types: string): readonly string[] => [
  ...parts.slice(0, -1),
  `${parts.at(-1) ?? ''}(${types})`,
]

/** Returns an assumed function of which the types of the parameters are not known, if there is one. */
function withoutTypes(model: SchemaModel, parts: readonly string[]): Item | undefined {
  const [signature, schema] = withTypes(parts, anyTypes).toReversed()
  const owners = (schema === undefined ? model.searchPath : [schema]).flatMap(
    (place) => model.find('schema', undefined, place) ?? [],
  )
  return owners.flatMap((owner) => model.within(owner, 'function')).find(({name}) => name === signature)
}

/** Returns the function of a trigger, which has no parameters. */
export function triggerFunction(model: SchemaModel, parts: readonly string[]): Item {
  const named = withTypes(parts, '')
  const known = findNamed(model, 'function', named) ?? withoutTypes(model, parts)
  const found = known ?? findOrAssumeNamed(model, 'function', named)
  if (found === undefined) throw new Refusal(`function ${parts.join('.')} does not exist`)
  model.touch(found, false)
  model.noteForeign(found)
  return found
}
