import {expect} from 'chai'
import {readLiteralConfig} from '../../src/config/literal-config.ts'

describe('a configuration that is read without running it', () => {
  const read: Readonly<Record<string, readonly [text: string, settings: object]>> = {
    'an object': [`export default {policy: {heads: 'one'}}`, {policy: {heads: 'one'}}],
    'an empty object': [`export default {}\n`, {}],
    'an object with a type': [
      `import type {Config} from 'mig'\n\n// ours\nexport default {\n  versionLocations: ["a", \`b\`],\n} satisfies Config;\n`,
      {versionLocations: ['a', 'b']},
    ],
    'an object that is constant': [
      `export default {lockRetries: -1_000.5e1, recordDowngrade: false} as const`,
      {lockRetries: -10005, recordDowngrade: false},
    ],
    'a call of defineConfig': [
      `import {defineConfig} from 'mig'\nexport default defineConfig({'gitHooks': {skip: ['graph', 'heads'], database: true}, })`,
      {gitHooks: {skip: ['graph', 'heads'], database: true}},
    ],
    'a constant': [
      `import type {Config} from 'mig'\nconst config: Config = {scriptDirectory: 'db', policy: {labels: []}}\n\nexport default config\n`,
      {scriptDirectory: 'db', policy: {labels: []}},
    ],
    'an object with code that hooks do not need': [
      `import {users} from './users.js'\nconst url = process.env.URL ?? /}"/.source\nexport default {orm: {clientUrl: url, entities: [users]}, policy: {heads: 'many'}, beforeRun() { fail(',') }, tenants: async () => [{}, 1], url}`,
      {policy: {heads: 'many'}},
    ],
    'a key that stands twice': [
      `export default {timezone: 'UTC', timezone: 'Europe/Berlin'}`,
      {timezone: 'Europe/Berlin'},
    ],
  }
  for (const [name, [text, settings]] of Object.entries(read))
    it(`is ${name}`, () => expect(readLiteralConfig(text, false)).to.deep.equal(settings))

  const code: Readonly<Record<string, string>> = {
    'a policy that is computed': `export default {policy: {heads: process.env.HEADS}}`,
    'a policy from a function': `export default {policy: policyOf('us')}`,
    'a policy after a literal': `export default {policy: {heads: 'one'} && other}`,
    'a getter': `export default {get policy() { return {} }}`,
    'a method': `export default {gitHooks() {}}`,
    'a spread': `export default {...base}`,
    'a shorthand': `const policy = {}\nexport default {policy}`,
    'a computed key': `export default {['policy']: {}}`,
    'a prototype': `export default {__proto__: base}`,
    'a template with an expression': 'export default {scriptDirectory: `${root}/db`}',
    'an escape': String.raw`export default {scriptDirectory: '\x61'}`,
    'custom operations': `export default {operations: [grant]}`,
    'a function': `export default () => ({})`,
    'an object of which more is taken': `export default {}.policy`,
    'an object with more after it': `export default {}\nObject.prototype.policy = {}`,
    'a constant that is changed': `const config = {}\nconfig.policy = {heads: 'many'}\nexport default config`,
    'a constant of which more is taken': `const config = {policy: {}}\n  .policy\nexport default config`,
    'another defineConfig': `import {defineConfig} from './mine.js'\nexport default defineConfig({})`,
    'no default export': `export const config = {}`,
    'an object without an end': `export default {policy: {heads: 'one'}`,
    'no text': '',
  }
  for (const [name, text] of Object.entries(code))
    it(`is not ${name}`, () => expect(readLiteralConfig(text, false)).to.equal(undefined))

  it('needs literal environments only where one is selected', () => {
    const text = `export default {environments: {live: {orm: process.env.URL}}}`
    expect(readLiteralConfig(text, false)).to.deep.equal({})
    expect(readLiteralConfig(text, true)).to.equal(undefined)
  })
})
