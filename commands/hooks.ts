import * as Args from '@oclif/core/args'
import {BaseCommand} from '../src/cli/base-command.ts'
import type {CommandResults} from '../src/cli/json-output.ts'
import {listOf} from '../src/util/text.ts'
import {leaveWasmUnoptimized} from '../src/cli/v8-flags.ts'

export default class Hooks extends BaseCommand {
  static override summary = 'Install or remove the git hooks that report new heads after a pull'
  static override description = `After a pull, merge, rebase, cherry-pick, revert or patch the hooks report if there are more heads than before; before a commit or a push they check the revisions. They only read: no database is changed and no revision is run. Existing hooks keep running; \`uninstall\` restores them. The installed hooks call \`run HOOK\`.`
  static override examples = [
    'mig hooks install',
    'mig hooks install pre-commit pre-push',
    'mig hooks status',
    'mig hooks run pre-commit',
    'mig hooks uninstall',
  ]
  static override strict = false
  static override args = {
    action: Args.string({
      ignoreStdin: true,
      description: 'install, uninstall, status or run',
      required: true,
      options: ['install', 'uninstall', 'status', 'run'],
    }),
    hook: Args.string({
      ignoreStdin: true,
      description:
        'Hooks to install or uninstall (default: all), or the hook to run: post-merge, post-rewrite, post-commit, post-applypatch, post-checkout, pre-commit, pre-push',
    }),
  }

  override async run(): Promise<CommandResults['hooks']> {
    const {args, argv, flags} = await this.parse(Hooks)
    const options = this.common(flags)
    const {gitHooks, hookNamed, installGitHooks, uninstallGitHooks} = await import('../src/api/git/installed-hooks.ts')
    const {formatHookResult, formatHooks, hookInput} = await import('../src/cli/format-hooks.ts')
    const names = argv.slice(1).map(String)
    if (args.action === 'run') {
      leaveWasmUnoptimized()
      const {runHook} = await import('../src/api/git/handle-hook.ts')
      const hook = hookNamed(args.hook ?? '')
      const result = await runHook({...options, hook, args: names.slice(1), input: hookInput(hook)})
      this.printLines(formatHookResult(result, hook, this.paint, new Date()))
      if (!result.ok) process.exitCode = 1
      return result
    }
    if (args.action === 'status' && names.length > 0)
      this.error(`\`mig hooks status\` takes no hook names, but received ${listOf(names)}`, {exit: 2})
    const act = {install: installGitHooks, uninstall: uninstallGitHooks, status: gitHooks}[args.action]
    const result = await (act ?? gitHooks)({...options, ...(names.length > 0 && {hooks: names})})
    this.printLines(formatHooks(result))
    return result
  }
}
