import {readFileSync} from 'node:fs'
import {expect} from 'chai'
import type {Change, Setting} from './support/changes.ts'
import {settings} from './support/changes.ts'
import {measuredPairs} from './support/measured.ts'
import {judging, scoreOf, ways} from './support/verdicts.ts'
import type {MeasuredPair, Score} from './support/verdicts.ts'

type Line = {readonly parent: string} | ({readonly change: string} & Change) | MeasuredPair

/** Returns settings whose changes are in the fixture, with the pairs that were measured. */
function recordedSettings(): readonly {readonly setting: Setting; readonly pairs: readonly MeasuredPair[]}[] {
  const found: {setting: {parent: string; changes: Record<string, Change>}; pairs: MeasuredPair[]}[] = []
  for (const text of readFileSync('fixtures/conflicts/pairs.jsonl', 'utf8').trim().split('\n')) {
    const line = JSON.parse(text) as Line

    if ('parent' in line) found.push({setting: {parent: line.parent, changes: {}}, pairs: []})
    else if ('change' in line) found.at(-1)!.setting.changes[line.change] = line
    else found.at(-1)!.pairs.push(line)
  }
  return found
}

function total(scores: readonly Score[]): Score {
  const all = (name: 'missed' | 'falselyColliding' | 'unknown'): readonly string[] =>
    scores.flatMap((score) => score[name])
  const sum = (name: 'collisions' | 'commuting'): number => scores.reduce((count, score) => count + score[name], 0)
  return {
    ...{collisions: sum('collisions'), commuting: sum('commuting')},
    ...{missed: all('missed'), falselyColliding: all('falselyColliding'), unknown: all('unknown')},
  }
}

function expectGood({collisions, commuting, missed, falselyColliding, unknown}: Score, mostUnknown = 0.05): void {
  expect(missed, 'missed').to.deep.equal([])
  expect(falselyColliding.length / commuting, falselyColliding.join('\n')).to.be.at.most(0.08)
  expect(unknown.length / (collisions + commuting), unknown.join('\n')).to.be.at.most(mostUnknown)
}

describe('conflicts/commute', () => {
  for (const way of ways)
    it(`finds each collision of recorded pairs, written as ${way.join(' and ')}`, async () => {
      const scores: Score[] = []
      for (const {setting, pairs} of recordedSettings()) scores.push(scoreOf(pairs, await judging(setting, way)))
      expectGood(total(scores))
    })

  for (const [name, setting] of Object.entries(settings))
    for (const way of ways)
      it(`finds each collision of the setting ${name}, written as ${way.join(' and ')}`, async () => {
        expectGood(scoreOf(measuredPairs(name), await judging(setting, way)), setting.mostUnknown)
      })
})
