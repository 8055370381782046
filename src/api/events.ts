export {describeBlocker, describeHolder, executedOf, oneLine} from '../runner/describe.ts'
export type {LockHolder, RunEvent} from '../runner/events.ts'
