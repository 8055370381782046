import {MigError} from '../errors.ts'
import type {RevisionId} from '../graph/revision.ts'
import {listOf, uncapitalized} from '../util/text.ts'
import {refusal} from './server-guard.ts'

/** Thrown when the database to compare is not at the heads of the files. */
export class NotAtHeadsError extends MigError {
  /** @param isAmendable whether the only pending revision can be generated again */
  constructor(database: string, pending: readonly RevisionId[], unknown: readonly RevisionId[], isAmendable: boolean) {
    const why =
      unknown.length > 0
        ? `it has ${listOf(unknown, 3)}, missing from the files`
        : `${listOf(pending, 3)} ${pending.length === 1 ? 'is' : 'are'} not applied`
    const next = unknown.length > 0 ? 'Run `mig status` for details' : 'Run `mig upgrade heads` first'
    const amend = isAmendable ? ', generate the revision again with `mig revision --autogenerate --amend`' : ''
    super('DATABASE_NOT_AT_HEADS', `${database} is not at the heads of the files: ${why}.`, {
      hint: `${next}${amend}, or compare with a temporary database: \`--scratch\`.`,
      data: {pending, unknown},
    })
  }
}

/** Thrown when the revision to amend is applied. */
export class AmendAppliedError extends MigError {
  constructor(revision: RevisionId, database: string) {
    super('AMEND_APPLIED', `Revision ${revision} is applied to ${database}.`, {
      hint: 'Downgrade it first, or write another revision without `--amend`.',
      data: {revision, database},
    })
  }
}

/** Thrown when all entities belong to tenants, and there are none. */
export class OnlyTenantEntitiesError extends MigError {
  constructor() {
    super('NO_ENTITIES', 'All entities have the schema `*`: they belong to tenants, and no tenants are configured.', {
      hint: 'Set `tenants` in mig.config.ts, or give the entities a schema.',
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

/** Revisions would run in a workflow with secrets, which may have checked out code that nobody has reviewed. */
export class ForeignCodeError extends MigError {
  constructor(event: string) {
    super('UNTRUSTED_CODE', `Revisions are not tried out in a workflow for \`${event}\`, which has secrets.`, {
      hint: 'Do it in a workflow for `pull_request`, with a token that can only read.',
      data: {event},
    })
  }
}

/** A revision would change more than the temporary database on which it is tried out. */
export class OutsideError extends MigError {
  constructor(revision: RevisionId, outside: string) {
    super('REVISION_FAILED', `Revision ${revision} is not tried out: ${uncapitalized(refusal(outside))}`, {
      hint: 'Leave the statement out with `if (!op.rehearsing)`, or name a server without data as `scratch` in the configuration.',
      data: {revision, reason: refusal(outside)},
    })
  }
}
