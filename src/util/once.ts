/** Returns a function that runs `work` on the first call only. */
export function once<Result>(work: () => Promise<Result>): () => Promise<Result> {
  let result: Promise<Result> | undefined
  return async () => (result ??= work())
}
