import {MigError} from '../errors.ts'
import type {RevisionId} from '../graph/revision.ts'
import {listOf} from '../util/text.ts'

/** What is compared with is not what the files have. */
export class NotAtHeadsError extends MigError {
  constructor(database: string, pending: readonly RevisionId[], unknown: readonly RevisionId[]) {
    const why =
      unknown.length > 0
        ? `it has ${listOf(unknown, 3)}, which no file has`
        : `${listOf(pending, 3)} ${pending.length === 1 ? 'is' : 'are'} not applied`
    super('DATABASE_NOT_AT_HEADS', `${database} is not where the files are: ${why}.`, {
      hint: `${unknown.length > 0 ? '`mig status` says more' : 'Run `mig upgrade heads` first'}; \`--scratch\` compares without it.`,
      data: {pending, unknown},
    })
  }
}

/** There is nothing to compare with. */
export class NoEntitiesError extends MigError {
  constructor() {
    super('NO_ENTITIES', 'The configuration of MikroORM has no entities.', {
      hint: 'Name it in `orm` of mig.config.ts, and the entities in its `entities`.',
    })
  }
}
