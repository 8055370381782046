import {child, items, nameParts, textIn} from '../effects/tree.ts'
import type {Tree} from '../effects/tree.ts'
import type {Item, ItemId} from './items.ts'
import type {SchemaModel} from './schema-model.ts'
import {familyOf} from './type-families.ts'

/**
 * Returns the object that a name stands for that neither PostgreSQL nor a revision defines: an extension may provide it.
 *
 * @param what the kind and name, as in `operator class gin_trgm_ops`
 */
export function foreignNamed(model: SchemaModel, what: string): readonly ItemId[] {
  const item = model.findOrAssume('object', undefined, what)
  if (item === undefined) return []
  model.noteForeign(item)
  return [item.id]
}

const accessMethods: ReadonlySet<string> = new Set(['', 'btree', 'hash', 'gist', 'gin', 'spgist', 'brin'])

/** Access methods that have no operator class for plain values, except in extensions. */
const ofContainers: ReadonlySet<string> = new Set(['gist', 'gin'])
const plain: ReadonlySet<string> = new Set(['number', 'text', 'time', 'bool', 'uuid', 'bytea', 'interval'])

const ownOperatorClass = new RegExp(
  `^(?:${
    'aclitem array bit bool box bpchar bytea char cid cidr circle date enum float4 float8 inet int2 int4 int8 interval ' +
    'jsonb kd_point macaddr macaddr8 money multirange name numeric oid oidvector pg_lsn point poly quad_point range record ' +
    'record_image text tid time timestamp timestamptz timetz tsquery tsvector uuid varbit varchar xid xid8'
  })(?:_(?:bloom|minmax|minmax_multi|inclusion|pattern|path))?_ops$`.replaceAll(' ', '|'),
)

/** Returns the access method and operator classes of an index or exclusion constraint that are not PostgreSQL's own. */
export function foreignParts(
  model: SchemaModel,
  table: Item,
  method: string,
  elements: readonly Tree[],
): readonly ItemId[] {
  if (!accessMethods.has(method)) return foreignNamed(model, `access method ${method}`)
  return elements.flatMap((element) => {
    const operatorClass = nameParts(element['opclass']).at(-1)
    if (operatorClass !== undefined)
      return ownOperatorClass.test(operatorClass) ? [] : foreignNamed(model, `operator class ${operatorClass}`)
    const name = textIn(element, 'name')
    const type = name === '' ? undefined : model.find('column', table.id, name)?.properties['type']
    if (type === undefined || !ofContainers.has(method) || !plain.has(familyOf(type))) return []
    return foreignNamed(model, `operator class for ${type} of ${method}`)
  })
}

const names = (text: string): ReadonlySet<string> => new Set(text.split(' '))

/** PostgreSQL's operators for any values, and those whose left side is of a family. */
const operators: ReadonlySet<string> = names(
  '!! !~ !~* !~~ !~~* # ## #- #> #>> % & && &< &<| &> * *< *<= *<> *= *> *>= + - -> ->> -|- / < << <<= <<| <= <> <@ <^ = > ' +
    '>= >> >>= >^ ? ?# ?& ?- ?-| ?| ?|| @ @-@ @> @? @@ @@@ ^ ^@ | |&> |/ |>> || ||/ ~ ~* ~<=~ ~<~ ~= ~>=~ ~>~ ~~ ~~*',
)
const comparisons = '< <= <> = > >= || <@'
const operatorsOf: Readonly<Record<string, ReadonlySet<string>>> = {
  text: names(`${comparisons} !~ !~* !~~ !~~* @@ ^@ ~ ~* ~<=~ ~<~ ~>=~ ~>~ ~~ ~~*`),
  number: names(`${comparisons} # % & * + - / << >> ^ | |/ ||/ @ ~`),
  time: names(`${comparisons} + -`),
  bool: names(comparisons),
  uuid: names(comparisons),
}
/** Operators that mean the same with their sides exchanged. */
const symmetric: ReadonlySet<string> = new Set(['%', '<->'])

/** Returns an operator that is not PostgreSQL's own for the families of its sides, as far as they are known. */
export function foreignOperator(
  model: SchemaModel,
  node: Tree,
  [left, right]: readonly (string | undefined)[],
): readonly ItemId[] {
  const name = nameParts(node['name']).at(-1) ?? ''
  const family = left ?? (symmetric.has(name) ? right : undefined)
  const known = (family === undefined ? undefined : operatorsOf[family]) ?? operators
  return known.has(name) || /^[\w ]*$/.test(name) ? [] : foreignNamed(model, `operator ${name}`)
}

/** Extensions that others require. */
const requirements: Readonly<Record<string, readonly string[]>> = {
  earthdistance: ['cube'],
  pgrouting: ['postgis'],
  postgis_raster: ['postgis'],
  postgis_sfcgal: ['postgis'],
  postgis_tiger_geocoder: ['postgis', 'fuzzystrmatch'],
  postgis_topology: ['postgis'],
}

/** Applies CREATE EXTENSION. With CASCADE, it creates the extensions that it requires. */
export function createExtension(model: SchemaModel, name: string, options: Tree): void {
  const all = items(options, 'options').map((item) => child(item, 'DefElem'))
  const isCascading = all.some(({defname}) => defname === 'cascade')
  for (const required of requirements[name] ?? []) {
    if (model.find('extension', undefined, required) !== undefined) continue
    if (isCascading) createExtension(model, required, options)
    else foreignNamed(model, `extension ${required}`)
  }
  const schema = all.find(({defname}) => defname === 'schema')
  const owner = schema === undefined ? undefined : model.require('schema', undefined, nameParts(schema['arg'])[0] ?? '')
  const settings = all.filter(({defname}) => defname === 'new_version')
  model.create({
    kind: 'extension',
    name,
    parent: undefined,
    properties: {options: JSON.stringify(settings.map(({arg}) => arg)), schema: owner?.name ?? ''},
    references: owner === undefined ? [] : [{to: owner.id, how: 'needs'}],
  })
}
