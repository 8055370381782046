export {describeBlocker, describeHolder} from '../runner/describe.ts'
export type {LockHolder, RunEvent} from '../runner/events.ts'
