const {stdout, stderr} = process
const write = stdout.write.bind(stdout)

/** Prints to stdout, which other code cannot reach once it is reserved. */
export function print(text: string): void {
  write(text)
}

/** Sends to stderr what other code prints to stdout: the project's `console.log`, MikroORM's logger, drivers. */
export function reserveStdout(): void {
  stdout.write = stderr.write.bind(stderr)
  stdout.end = (last?: unknown) => {
    if (typeof last === 'string' || last instanceof Uint8Array) stderr.write(last)
    return stdout
  }
}
