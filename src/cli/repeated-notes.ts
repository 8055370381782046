import type {WriteOptions} from '../engine/databases.ts'

/** Returns options for a plan and its run, which then does not repeat the notes of the plan. */
export function withoutRepeatedNotes<Options extends WriteOptions>(options: Options): Options {
  const {onEvent} = options
  const seen = new Set<string>()
  return {
    ...options,
    onEvent: (event) => {
      if (event.kind === 'note' && seen.has(event.text)) return
      if (event.kind === 'note') seen.add(event.text)
      onEvent?.(event)
    },
  }
}
