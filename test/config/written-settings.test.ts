import {expect} from 'chai'
import {writtenSettings} from '../../src/config/written-settings.ts'

interface Case {
  readonly text: string
  readonly environment?: string
  readonly policy?: object | 'unknown'
}

const one = {heads: 'one'}

const cases: Readonly<Record<string, Case>> = {
  'an object': {text: "export default {policy: {heads: 'one'}}", policy: one},
  'no policy': {text: 'export default {orm: createOrm({a: [1, 2]}), scriptDirectory}'},
  'comments, quotes and a trailing comma': {
    text: '/* policy */ export default {\n  // {\n  "policy": {"heads": `one`,},\n}',
    policy: one,
  },
  'lists and truth values': {
    text: "export default {policy: {labels: ['a', 'b'], recursive: true, unknown: undefined}}",
    policy: {labels: ['a', 'b'], recursive: true, unknown: undefined},
  },
  'code in other keys': {
    text: "export default {orm: process.env.X ?? `a${b({c})}`, re: /[{,]}/, async beforeRun() { return {} }, get x() { return 1 }, policy: {heads: 'one'}}",
    policy: one,
  },
  'a call of defineConfig': {
    text: "import {defineConfig} from 'migdag'\nexport default defineConfig({policy: {heads: 'one'}})",
    policy: one,
  },
  'an arrow function': {
    text: "export default async ({environment}) => ({policy: {heads: 'one'}, orm: environment})",
    policy: one,
  },
  'a constant': {
    text: "const settings: Config = {policy: {heads: 'one'}}\nexport default settings satisfies Config",
    policy: one,
  },
  'an environment': {
    text: "export default {policy: {heads: 'many'}, environments: {ci: {policy: {heads: 'one'}}}}",
    environment: 'ci',
    policy: one,
  },
  'an environment that inherits': {
    text: "export default {policy: {heads: 'one'}, environments: {ci: {orm: x()}}}",
    environment: 'ci',
    policy: one,
  },
  'an environment that it does not have': {
    text: "export default {policy: {heads: 'one'}, environments: {}}",
    environment: 'ci',
    policy: one,
  },
  'a spread before': {text: "export default {...base, policy: {heads: 'one'}, scriptDirectory: 'x'}", policy: one},
  'a spread after': {text: "export default {policy: {heads: 'one'}, ...base}", policy: 'unknown'},
  'a computed key': {text: "export default {[key]: {heads: 'one'}}", policy: 'unknown'},
  'a policy that is computed': {text: 'export default {policy: policyOf(1)}', policy: 'unknown'},
  'a value that is computed': {text: "export default {policy: {heads: x ? 'one' : 'many'}}", policy: 'unknown'},
  'a value that begins as a literal': {text: "export default {policy: {heads: 'one' + x}}", policy: 'unknown'},
  'a shorthand': {text: 'export default {policy}', policy: 'unknown'},
  'a getter': {text: "export default {get policy() { return {heads: 'one'} }}", policy: 'unknown'},
  'a constant that is changed': {
    text: "const settings = {policy: {heads: 'one'}}\nsettings.policy = x\nexport default settings",
    policy: 'unknown',
  },
  'another function': {text: "export default configure({policy: {heads: 'one'}})", policy: 'unknown'},
  'a function with a body': {text: "export default () => { return {policy: {heads: 'one'}} }", policy: 'unknown'},
  'an environment that is computed': {
    text: "export default {policy: {heads: 'one'}, environments: {ci: ci()}}",
    environment: 'ci',
    policy: 'unknown',
  },
  'no export': {text: 'module.exports = {}', policy: 'unknown'},
  'a function of another module': {
    text: "import {defineConfig} from './ours.js'\nexport default defineConfig({policy: {heads: 'one'}})",
    policy: 'unknown',
  },
  'an object that is a part of an expression': {
    text: "export default {policy: {heads: 'one'}}.inner",
    policy: 'unknown',
  },
  'an object that does not end': {text: "export default {policy: {heads: 'one'}", policy: 'unknown'},
}

describe('config/written-settings', () => {
  for (const [name, {text, environment, policy}] of Object.entries(cases))
    it(`reads ${policy === 'unknown' ? 'nothing' : 'the policy'} from ${name}`, () => {
      const found = writtenSettings(text, ['policy'], environment)
      expect(found).to.deep.equal(policy === 'unknown' ? undefined : policy === undefined ? {} : {policy})
    })
})
