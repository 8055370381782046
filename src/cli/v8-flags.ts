import {setFlagsFromString} from 'node:v8'

/**
 * Leaves WebAssembly as it is first compiled, for the rest of the process. V8 would optimize the SQL parser in the background,
 * which takes half a gigabyte and more time than is saved by it; so would PGlite for a few queries. Must be called before
 * any is loaded.
 */
export function leaveWasmUnoptimized(): void {
  setFlagsFromString('--no-wasm-tier-up')
  setFlagsFromString('--no-wasm-dynamic-tiering')
}

/**
 * Keeps the memory for young objects as small as it is at the start, for the rest of the process. Where much is read and
 * little is kept, V8 would let it grow to a hundred megabytes, and be no faster.
 */
export function keepYoungGenerationSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1')
}
