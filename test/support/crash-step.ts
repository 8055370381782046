/**
 * How many writes lie between two at which a process is killed. `npm run test:faults` takes a sample, which is the same every
 * time; `npm run test:crash` takes every write.
 */
export const crashStep = Number(process.env['MIG_TEST_CRASH_STEP'] ?? 24)

/** Says in the name of a test what is taken. */
export const sampled = crashStep === 1 ? 'at every write' : `at every ${crashStep}th write`
