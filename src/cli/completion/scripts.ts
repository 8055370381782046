/** The shells that mig can be completed in. */
export const shells = ['bash', 'zsh', 'fish'] as const

export type Shell = (typeof shells)[number]

/**
 * Startup script per shell. All of them call `mig complete` for every word, so revisions, labels and environments are
 * those of the current project.
 */
export const completionScripts: Readonly<Record<Shell, string>> = {
  bash: `_mig_complete() {
  local line="\${COMP_LINE:0:COMP_POINT}" words typed prefix name IFS=$' \\t\\n'
  read -r -a words <<< "$line"
  [[ "$line" == *[[:space:]] ]] && words+=('')
  typed="\${words[\${#words[@]}-1]}"
  # bash takes : and @ for the ends of words: what stands before the last of them must not be in the answers.
  prefix=''
  [[ "$typed" == *[@:]* ]] && prefix="\${typed%"\${typed##*[@:]}"}"
  COMPREPLY=()
  while IFS= read -r name; do
    printf -v name %q "\${name#"$prefix"}"
    COMPREPLY+=("$name")
  done < <(mig complete -- "\${words[@]:1}" 2>/dev/null | cut -f1)
}
complete -o default -F _mig_complete mig
`,
  zsh: `#compdef mig
_mig() {
  local -a lines candidates
  lines=("\${(@f)$(mig complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  for line in $lines; do
    candidates+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done
  if (( \${#candidates} )); then _describe mig candidates; else _files; fi
}
compdef _mig mig
`,
  fish: `complete -c mig -f -a '(mig complete -- (commandline -opc)[2..] (commandline -ct) 2>/dev/null)'
`,
}
