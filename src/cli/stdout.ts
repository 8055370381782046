import {printed} from '../render/safe/text.ts'
import type {Format, SafeText} from '../render/safe/text.ts'

const {stdout, stderr} = process
const write = stdout.write.bind(stdout)

/** Prints a line or several to stdout, which other code cannot reach once it is reserved. */
export function print(text: SafeText<Format>): void {
  write(`${printed(text)}\n`)
}

/** Prints a line or several to stderr. */
export function printNote(text: SafeText): void {
  stderr.write(`${printed(text)}\n`)
}

/** Resolves when everything printed so far is written. */
export async function flushed(): Promise<void> {
  await new Promise((done) => write('', done))
  await new Promise((done) => stderr.write('', done))
}

/** Sends to stderr what other code prints to stdout: the project's `console.log`, MikroORM's logger, drivers. */
export function reserveStdout(): void {
  stdout.write = stderr.write.bind(stderr)
  stdout.end = (last?: unknown) => {
    if (typeof last === 'string' || last instanceof Uint8Array) stderr.write(last)
    return stdout
  }
}
