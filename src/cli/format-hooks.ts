import {readFileSync} from 'node:fs'
import type {HookName, HooksResult} from '../api/git/installed-hooks.ts'
import type {HookResult} from '../api/git/hook-result.ts'
import type {Divergence} from '../engine/divergence.ts'
import {plural} from '../util/text.ts'
import {formatFinding} from './checks/text.ts'
import {formatDivergence} from './format-divergence.ts'
import {text} from '../render/safe/text.ts'
import type {SafeText} from '../render/safe/text.ts'
import type {Paint} from './style.ts'

/** The commands by which hook managers write the hooks of git. */
const activations = {lefthook: 'npx lefthook install', 'simple-git-hooks': 'npx simple-git-hooks'} as const

/** Returns the line about the runner of the hooks, unless it is git. */
function managerLines({manager, isActive}: HooksResult): SafeText[] {
  if (manager === 'git') return []
  if (manager === 'husky' || isActive) return [text`They are run by ${manager}.`]
  return [text`Run \`${activations[manager]}\` to activate them.`]
}

/** Returns which hooks are installed, one on a line. */
export function formatHooks(result: HooksResult): SafeText[] {
  const {manager, hooks, program, programExists} = result
  const runs =
    program === null
      ? text`They do nothing: no mig is recorded in this clone. Run \`npx --no-install mig hooks install\`.`
      : programExists
        ? text`They run ${program}.`
        : text`They do nothing: ${program} is gone. Run \`npx --no-install mig hooks install\`.`
  const width = Math.max(...hooks.map(({hook}) => hook.length))
  return [
    ...hooks.map(({hook, state, chained, file}) => {
      const also = !chained ? '' : manager === 'husky' ? ', before the other commands' : ', after the previous hook'
      return text`${hook.padEnd(width)}  ${state}${also}  ${file}`
    }),
    ...(hooks.some(({state}) => state === 'installed') ? [runs, ...managerLines(result)] : []),
  ]
}

/** Returns the report of a hook; usually empty. */
export function formatHookResult(
  {findings, divergence, isAllowed = false, next = [], ok, unchecked}: HookResult,
  hook: HookName,
  paint: Paint,
  now: Date,
): SafeText[] {
  const told = [
    ...(unchecked === undefined ? [] : [text`${paint('strong', 'mig:')} ${unchecked}`]),
    ...(divergence === undefined
      ? []
      : [
          text`${paint('strong', 'mig:')} ${isAllowed ? 'revisions that came in have objects in common with those that were here' : countOf(divergence)}:`,
          ...formatDivergence(divergence, paint, now),
          ...nextSteps(divergence, next),
        ]),
    ...findings.flatMap((finding) => formatFinding(finding, paint)),
  ]
  if (ok || told.length === 0) return told
  return [
    ...told,
    paint('dim', `mig stopped this ${hook.slice(4)}; \`git ${hook.slice(4)} --no-verify\` does it anyway.`),
  ]
}

function countOf({heads, before}: Divergence): string {
  const previously = before > 0 ? `, where there ${before === 1 ? 'was' : 'were'} ${before}` : ''
  return `there are now ${plural(heads.length, 'head')}${previously}`
}

/** @param next the commands to run; none if the policy allows the heads */
function nextSteps({verdict}: Divergence, next: readonly string[]): SafeText[] {
  const change =
    'Change the colliding revision that is yours, so that it works after theirs. If it must run after theirs, list that one in its `dependsOn`.'
  if (next.length === 0) return verdict === 'collide' ? [text`${change}`] : []
  return [
    text`${verdict === 'collide' ? `${change} Then join them` : 'To join them'} and update the local database:`,
    ...next.map((command) => text`  ${command}`),
  ]
}

/** Reads the stdin of a hook, without waiting on a terminal. */
export function hookInput(hook: HookName): string {
  if (!['pre-push', 'post-rewrite'].includes(hook) || process.stdin.isTTY) return ''
  try {
    return readFileSync(0, 'utf8')
  } catch {
    return ''
  }
}
