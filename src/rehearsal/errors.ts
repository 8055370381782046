import {MigError} from '../errors.ts'
import type {RevisionId} from '../graph/revision.ts'
import {listOf} from '../util/text.ts'

/** Thrown when the database to compare is not at the heads of the files. */
export class NotAtHeadsError extends MigError {
  constructor(database: string, pending: readonly RevisionId[], unknown: readonly RevisionId[]) {
    const why =
      unknown.length > 0
        ? `it has ${listOf(unknown, 3)}, missing from the files`
        : `${listOf(pending, 3)} ${pending.length === 1 ? 'is' : 'are'} not applied`
    super('DATABASE_NOT_AT_HEADS', `${database} is not at the heads of the files: ${why}.`, {
      hint: `${unknown.length > 0 ? 'Run `mig status` for details' : 'Run `mig upgrade heads` first'}, or compare with a temporary database: \`--scratch\`.`,
      data: {pending, unknown},
    })
  }
}

/** Thrown when the MikroORM configuration has no entities. */
export class NoEntitiesError extends MigError {
  constructor() {
    super('NO_ENTITIES', 'The MikroORM configuration has no entities.', {
      hint: 'Set `orm` in mig.config.ts to the MikroORM configuration, and list the entities in its `entities`.',
    })
  }
}
