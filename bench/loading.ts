/**
 * `npm run bench:loading [-- ENTITIES…]` prints what it takes to load an application's TypeScript, for mig and for MikroORM's
 * own command line with swc, with more entities each time. Both load the same files, and connect to its database.
 *
 * The application is `nestjs-swc` of the fixtures; what it needs is installed in `bench/loading` first.
 */
import {spawnSync} from 'node:child_process'
import {cpSync, mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {loadavg} from 'node:os'
import {join, resolve} from 'node:path'

const rounds = 11
const asked = process.argv.slice(2).map(Number)
const counts = asked.length > 0 ? asked : [0, 50, 200]
const here = resolve(import.meta.dirname, 'loading')
const application = join(here, 'application')
const programs = {
  mikroOrm: [join(here, 'node_modules/@mikro-orm/cli/cli.js'), 'debug'],
  mig: [resolve(import.meta.dirname, '../bin/mig.js'), 'current'],
}

function say(...[name, ...cells]: readonly string[]): void {
  process.stdout.write(`${name?.padEnd(20)}${cells.map((cell) => cell.padStart(12)).join('')}\n`)
}

/** Writes the application with some entities more, each of which refers to the one before it. */
function writeApplication(count: number): void {
  rmSync(application, {recursive: true, force: true})
  cpSync(resolve(import.meta.dirname, '../fixtures/projects/nestjs-swc'), application, {recursive: true})
  const more = Array.from({length: count}, (_, i) => i)
  for (const i of more) writeFileSync(join(application, `src/more${i}.entity.ts`), entity(i))
  const path = join(application, 'src/mikro-orm.config.ts')
  const imports = more.map((i) => `import {More${i}} from './more${i}.entity'\n`).join('')
  const config = readFileSync(path, 'utf8').replace('Tag]', `Tag, ${more.map((i) => `More${i}`).join(', ')}]`)
  writeFileSync(path, imports + config)
  const manifest = JSON.parse(readFileSync(join(application, 'package.json'), 'utf8')) as object
  const dependencies = {'@mikro-orm/cli': '*', '@mikro-orm/sqlite': '*'}
  writeFileSync(
    join(application, 'package.json'),
    JSON.stringify({...manifest, dependencies, 'mikro-orm': {preferTs: true, tsLoader: 'swc'}}),
  )
  mkdirSync(join(application, 'migrations/versions'), {recursive: true})
  writeFileSync(join(application, 'mig.config.js'), 'export default {}\n')
}

function entity(i: number): string {
  const before = Math.max(0, i - 1)
  return `import {type Rel} from '@mikro-orm/core'
import {Entity, ManyToOne, PrimaryKey, Property} from '@mikro-orm/decorators/legacy'
import {More${before} as Before} from './more${before}.entity'
import {Named} from './catalogue/named'

@Entity()
export class More${i} implements Named {
  @PrimaryKey()
  id!: number

  @Property()
  name!: string

  @Property({nullable: true})
  seen?: Date

  @ManyToOne(() => Before, {nullable: true})
  before?: Rel<Before>
}
`
}

function seconds(args: readonly string[]): number {
  const start = performance.now()
  const {status, stderr} = spawnSync(process.execPath, args, {cwd: application})
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}: ${stderr.toString()}`)
  return (performance.now() - start) / 1000
}

function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[times.length >> 1] ?? 0
}

spawnSync('npm', ['install', '--no-audit', '--no-fund', '--no-package-lock'], {cwd: here, stdio: 'inherit'})
try {
  process.stdout.write(`load of the machine: ${loadavg()[0]?.toFixed(1)}\n`)
  say('', 'MikroORM', 'mig', 'ratio')
  for (const count of counts) {
    writeApplication(count)
    const times = {mikroOrm: [] as number[], mig: [] as number[]}
    for (const args of Object.values(programs)) seconds(args)
    for (let round = 0; round < rounds; round++) {
      times.mikroOrm.push(seconds(programs.mikroOrm))
      times.mig.push(seconds(programs.mig))
    }
    const [theirs, ours] = [median(times.mikroOrm), median(times.mig)]
    say(`${count} entities more`, `${theirs.toFixed(3)} s`, `${ours.toFixed(3)} s`, (ours / theirs).toFixed(2))
  }
} finally {
  rmSync(application, {recursive: true, force: true})
}
