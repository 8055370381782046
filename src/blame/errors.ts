import {MigError} from '../errors.ts'
import {shellCommand} from '../util/shell.ts'
import {didYouMean} from '../util/text.ts'

export class UnknownTableError extends MigError {
  /**
   * @param tables the tables and views that a revision is known to create or name
   * @param isPart whether the name is that of a part of a table
   */
  constructor(name: string, tables: readonly string[], isPart = false) {
    const part = `\`${shellCommand`mig blame ${name}`}\` shows the last change of a part of a table.`
    const otherwise = `\`${shellCommand`mig history --touches ${name}`}\` lists the revisions that touch it.`
    super('UNKNOWN_TABLE', `No revision is known to create the table or view ${name}.`, {
      hint: isPart ? part : didYouMean(name, tables, otherwise),
      data: {name, tables},
    })
  }
}

export class UnknownTablePartError extends MigError {
  /** @param parts the parts that the table has or had */
  constructor(table: string, name: string, parts: readonly string[]) {
    super('UNKNOWN_TABLE_PART', `No revision is known to create ${name} in ${table}.`, {
      hint: didYouMean(name, parts, `\`${shellCommand`mig blame ${table}`}\` lists the parts of ${table}.`),
      data: {table, name, parts},
    })
  }
}
