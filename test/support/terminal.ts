import {spawnSync} from 'node:child_process'
import {resolve} from 'node:path'
import {stripVTControlCharacters} from 'node:util'
import {run} from './cli.ts'
import type {CliOptions} from './cli.ts'
import {noteMissing} from './requirements.ts'

const program = resolve('bin/mig.js')

/** Whether this machine has what makes terminals: the `script` of util-linux. */
export const hasTerminals = spawnSync('script', ['--version']).stdout?.toString().includes('util-linux') ?? false
if (!hasTerminals) noteMissing('terminal', 'script, of util-linux, is not installed')

/**
 * Runs `mig` on a terminal of its own, and types an answer when it has asked.
 *
 * @param answers what is typed, each when the text before it has been printed
 */
export async function migOnTerminal(
  args: string,
  answers: readonly (readonly [question: string, answer: string])[],
  options: CliOptions,
): Promise<{readonly output: string; readonly status: number | string}> {
  const command = `"${process.execPath}" "${program}" ${args}`
  const open = [...answers]
  let heard = ''
  const {stdout, status} = await run('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
    ...options,
    onStart: (child) => {
      child.stdout?.on('data', (chunk: Buffer) => {
        heard += stripVTControlCharacters(chunk.toString())
        const [next] = open
        if (next === undefined || !heard.includes(next[0])) return
        heard = heard.slice(heard.indexOf(next[0]) + next[0].length)
        open.shift()
        child.stdin?.write(next[1])
      })
    },
  })
  return {output: stripVTControlCharacters(stdout).replaceAll('\r\n', '\n'), status}
}
