import {expect} from 'chai'
import {loadOrmConfig} from '../../src/config/load-orm.ts'
import {Folder} from '../support/folder.ts'
import {linkPackages} from '../support/packages.ts'

const reflect = `
export const types: Record<string, unknown> = {}
Object.assign(Reflect, {metadata: (key: string, type: unknown) => (_: object, name = 'constructor') => void (types[name + ' ' + key.slice(7)] = type)})
export const Prop = (..._: unknown[]): void => {}
`
const library =
  'export class Value {}\nexport type Type<T> = T\nexport interface Other {}\nexport default class Main {}'

const cases: {name: string; text: string; types: Record<string, string>}[] = [
  {
    name: 'types',
    text: `import {Value, Type, Other as Renamed} from './library.js'
/** A Type in a comment. */
class A { @Prop a!: Value; @Prop b!: Type<A>; @Prop c?: Renamed; @Prop d!: Type<A>[] }`,
    types: {'a type': 'Value', 'b type': 'Object', 'c type': 'Object', 'd type': 'Array'},
  },
  {
    name: 'types among values',
    text: `import Main, {Value, type Type} from './library.js'
class A { @Prop a!: Value; @Prop b!: Type<A>; @Prop c!: Main; v = ['https://a/*', new Value()] }`,
    types: {'a type': 'Value', 'b type': 'Object', 'c type': 'Main'},
  },
  {
    name: 'types of a constructor',
    text: `import {Value, Type} from './library.js'
import {Other} from './library.js'
@Prop
class A { constructor(a: Value, b: Type<number>, c: Other) {} }`,
    types: {'constructor paramtypes': 'Value,Object,Object'},
  },
]

describe('config/typescript: types in the metadata of ES modules', () => {
  for (const {name, text, types} of cases)
    for (const compiler of ['@oxc-node/core', '@swc/core', 'typescript'])
      it(`are ${name}, with ${compiler}`, async () => {
        const folder = new Folder().write({
          'package.json': '{"type": "module"}',
          'tsconfig.json': JSON.stringify({
            compilerOptions: {
              module: 'nodenext',
              target: 'es2022',
              experimentalDecorators: true,
              emitDecoratorMetadata: true,
            },
          }),
          'reflect.ts': reflect,
          'library.ts': library,
          'orm.ts': `import {Prop, types} from './reflect.js'\n${text}\nvoid A\nexport default {types}`,
        })
        linkPackages(folder.path, {only: compiler, from: compiler === 'typescript' ? 'typescript5' : compiler})
        const options = await loadOrmConfig(`${folder.path}/orm.ts`, folder.path, undefined, {})
        const found = Object.entries(options['types'] as Record<string, Function | readonly Function[]>)
        const names = found.map(([key, type]) => [
          key,
          [type]
            .flat()
            .map((one) => one.name)
            .join(','),
        ])
        expect(Object.fromEntries(names)).to.deep.include(types)
      })
})
