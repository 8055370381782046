import {expect} from 'chai'
import {inverseOf} from '../../src/operations/inverse.ts'
import type {Operation} from '../../src/operations/operation.ts'
import {createRegistry} from '../../src/operations/registry.ts'
import {operationRegistry, recorded} from '../support/operations.ts'
import {operationCases} from './cases.ts'

const reasons: Readonly<Record<string, string>> = {
  ifNotExists: 'with `ifNotExists`, it may have existed before',
  ifExists: 'with `ifExists`, it may not have existed before',
}

/** An operation of each kind, with its inverses: an inverse of a drop has `was`, and so has its own inverse. */
const samples: readonly Operation[] = operationCases.flatMap(({run}) => {
  const operations = recorded('postgresql', run)
  const inverse = inverseOf(operations, operationRegistry)
  return [...operations, ...('operations' in inverse ? inverse.operations : [])]
})

const cases = operationRegistry.kinds.flatMap((kind) => {
  const fields: Readonly<Record<string, unknown>> = operationRegistry.definitionOf({kind}).fields
  return Object.keys(reasons)
    .filter((option) => Object.hasOwn(fields, option))
    .map((option) => ({kind, option, hasTable: Object.hasOwn(fields, 'table')}))
})

describe('an automatic downgrade', () => {
  for (const {kind, option, hasTable} of cases) {
    const made = (): Operation => {
      const found = samples.findLast((operation) => operation.kind === kind)
      if (found === undefined) throw new Error(`No case has op.${kind}.`)
      return {...found, [option]: true}
    }

    it(`is refused for op.${kind} with ${option}`, () => {
      expect(inverseOf([made()], operationRegistry)).to.have.property('irreversible', reasons[option])
    })

    if (hasTable)
      it(`is refused for op.${kind} with ${option} in a batch`, () => {
        const batch: Operation = {kind: 'batchAlterTable', table: 't', operations: [made()]}
        expect(inverseOf([batch], operationRegistry)).to.have.property('irreversible', reasons[option])
      })
  }

  it('is refused for a custom operation with ifNotExists', () => {
    const registry = createRegistry([
      {kind: 'addAudit', parameters: ['table'], options: ['ifNotExists'], sql: () => [], inverse: () => []},
    ])
    const operation = {kind: 'addAudit', table: 't', ifNotExists: true} as unknown as Operation
    expect(inverseOf([operation], registry)).to.have.property('irreversible', reasons['ifNotExists'])
  })

  it('knows of many such kinds', () => expect(cases.length).to.be.greaterThan(20))
})
