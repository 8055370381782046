import type {HookName} from './hook-script.ts'

/**
 * The condition in which a hook starts mig, as a command of a shell. git is asked what changed, which takes a tenth of
 * the time; whatever is not known starts mig.
 */
const conditions: Readonly<Record<HookName, string>> = {
  'pre-commit': 'mig_changed diff-index --cached --quiet HEAD --',
  'post-merge': `if [ "$1" = 1 ]; then
    mig_changed diff-index --cached --quiet HEAD --
  else
    mig_changed diff-tree -r --quiet ORIG_HEAD HEAD --
  fi`,
  'post-rewrite': '[ "$1" != amend ] || mig_changed diff-tree -r --quiet "HEAD@{1}" HEAD --',
  // `pre-commit` has checked what `git commit` commits, unless it ends a merge or a cherry-pick.
  'post-commit': `mig_reason=$(tail -n 1 "$mig_git/logs/HEAD" 2>/dev/null)
  case \${mig_reason#*\t} in
  "commit: "* | "commit (initial): "* | "commit (amend): "*) return 1 ;;
  esac
  [ -d "$mig_git/sequencer" ] || mig_changed diff-tree -r --quiet HEAD~1 HEAD --`,
  'post-applypatch': ':',
  'post-checkout': '[ "$3" = 1 ] && [ "$1" != "$2" ] && mig_changed',
  'pre-push': ':',
}

/** Returns the shell functions by which a hook finds out whether to start mig: `mig_concerned PROJECT CONFIG ARGUMENTS`. */
export function hookFilter(hook: HookName): string {
  const change = `# Whether git reports a change of files that concern mig; also if that is not known.
mig_changed() {
  mig_record=$mig_git/mig/watched/$mig_project/files
  [ -f "$mig_record" ] || return 0
  mig_database=no
  while read -r mig_word mig_value; do
    case $mig_word in
    chosen) [ "$mig_value" = "\${mig_config:-\${MIG_CONFIG-}}" ] || return 0 ;;
    environment) [ "$mig_value" = "\${MIG_ENVIRONMENT-}" ] || return 0 ;;
    config) [ "$(git hash-object --no-filters -- "\${mig_value#* }" 2>/dev/null)" = "\${mig_value%% *}" ] || return 0 ;;
    path) [ $# = 0 ] || set -- "$@" ":(top,literal)$mig_value" ;;
    database) mig_database=yes ;;
    esac
  done <"$mig_record"
  if [ $# = 0 ]; then
    [ $mig_database = yes ]
  else
    ! git -c core.fsmonitor=false "$@" >/dev/null 2>&1
  fi
}
`
  return `${conditions[hook].includes('mig_changed') ? change : ''}mig_concerned() {
  mig_project=$1
  mig_config=$2
  shift 2
  # Most often known without git, which takes as long as the rest.
  mig_git=\${GIT_DIR:-.git}
  [ -d "$mig_git" ] || mig_git=$(git rev-parse --git-dir)
  ${conditions[hook]}
}`
}
