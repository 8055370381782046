import {expect} from 'chai'
import {detectedBy} from '../../src/autogenerate/describe.ts'
import type {Operation} from '../../src/operations/operation.ts'
import {operationRegistry} from '../support/operations.ts'

describe('what autogenerate says that it found', () => {
  const cases: Readonly<Record<string, {operations: readonly Operation[]; says: readonly string[]}>> = {
    'that a check has changed, when it is dropped and recreated': {
      operations: [
        {kind: 'dropConstraint', table: 't', name: 'k', was: {type: 'check', expression: 'a > 0'}},
        {kind: 'addColumn', table: 't', column: 'c', definition: {type: 'int', nullable: true}},
        {kind: 'createCheckConstraint', table: 't', name: 'k', expression: 'a > 1'},
      ],
      says: ["Detected added column 't.c'", "Detected changed check 't.k'"],
    },
    'that an index came and another one went': {
      operations: [
        {kind: 'dropIndex', table: 't', name: 'i'},
        {kind: 'createIndex', table: 't', name: 'j', columns: ['a']},
      ],
      says: ["Detected removed index 't.i'", "Detected added index 't.j'"],
    },
    'that things were renamed': {
      operations: [
        {kind: 'renameTable', table: 't', to: 'u'},
        {kind: 'renameColumn', table: 'u', column: 'a', to: 'b'},
      ],
      says: ["Detected table 't' renamed to 'u'", "Detected column 'u.a' renamed to 'b'"],
    },
  }
  for (const [what, {operations, says}] of Object.entries(cases))
    it(`says ${what}`, () =>
      expect(detectedBy(operations, operationRegistry).map(({text}) => text)).to.deep.equal(says))
})
