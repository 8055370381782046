/**
 * The order of operations in a revision: objects are created after their dependencies and dropped after their
 * dependents.
 */
export const stages = [
  ...['createSchema', 'createExtension', 'createSequence', 'createEnum'],
  // SQL in their definitions has the names before a rename; all that follows is named as after it.
  ...['dropView', 'dropTrigger', 'dropPolicy', 'dropRoutine', 'renameTable', 'renameColumn'],
  ...['dropForeignKey', 'dropCheck', 'dropIndex', 'dropPrimaryKey', 'dropTable', 'dropColumn', 'alterEnum'],
  ...['createTable', 'addColumn', 'alterColumn', 'comment'],
  ...['createPrimaryKey', 'createIndex', 'createCheck', 'createForeignKey'],
  ...['createRoutine', 'createView', 'createTrigger', 'createPolicy', 'custom'],
  ...['dropEnum', 'dropSequence', 'dropExtension', 'dropSchema'],
] as const

export type Stage = (typeof stages)[number]
