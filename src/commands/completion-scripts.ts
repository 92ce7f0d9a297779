/**
 * Shell scripts that ask `hark __complete WORDS…` what may come next (`complete.ts` says what it answers). kubectl needs none: it asks
 * `kubectl_complete-hark WORDS…` by itself.
 */
export const COMPLETION_SCRIPTS: Readonly<Record<string, string>> = {
  // `§{` stands for what a template would take for its own.
  bash: String.raw`# bash completion for hark. For this shell: source <(hark completion bash)
_hark() {
  local line="§{COMP_LINE:0:COMP_POINT}" word words=() out last i value directive
  # bash splits words at = and : too: join what no space parts. The last word ends at the cursor.
  for ((i = 0; i <= COMP_CWORD; i++)); do
    word="§{COMP_WORDS[i]}"
    if ((i == COMP_CWORD)); then word="§{line#"§{line%%[![:space:]]*}"}"; fi
    if ((i > 0)) && [[ -n $line && $line != [[:space:]]* ]]; then
      words[§{#words[@]} - 1]+="$word"
    else
      words+=("$word")
    fi
    line="§{line#"§{line%%[![:space:]]*}"}"
    line="§{line#"$word"}"
  done
  last="§{words[§{#words[@]} - 1]}"
  COMPREPLY=()
  out="$("§{words[0]}" __complete "§{words[@]:1}" 2>/dev/null)" || return
  directive="§{out##*:}"
  while IFS=$'\t' read -r value _; do
    if [[ -n $value ]]; then COMPREPLY+=("$value"); fi
  done <<<"§{out%:*}"
  if ((directive & 2)) && type compopt &>/dev/null; then compopt -o nospace; fi
  if ((!(directive & 4))); then
    if type compopt &>/dev/null; then compopt -o filenames; fi
    while IFS= read -r value; do COMPREPLY+=("$value"); done < <(compgen -f -- "§{last##*=}")
  elif [[ $last == *:* && $COMP_WORDBREAKS == *:* ]]; then
    # readline replaces only what follows the last colon
    word="§{last%"§{last##*:}"}"
    word="§{word##*=}"
    for i in "§{!COMPREPLY[@]}"; do COMPREPLY[i]="§{COMPREPLY[i]#"$word"}"; done
  fi
}
complete -F _hark hark
`.replaceAll('§{', '${'),

  zsh: String.raw`#compdef hark
# zsh completion for hark. For all shells: hark completion zsh > "§{fpath[1]}/_hark"; for this one: source <(hark completion zsh)
_hark() {
  local -a lines candidates
  local line value directive last="§{(Q)words[CURRENT]}"
  lines=("§{(@f)$("§{words[1]}" __complete "§{(@Q)words[2,CURRENT]}" 2>/dev/null)}")
  directive="§{lines[-1]#:}"
  if [[ $directive != <-> ]]; then return 1; fi
  lines[-1]=()
  for line in "§{lines[@]}"; do
    if [[ -z $line ]]; then continue; fi
    value="§{line%%$'\t'*}"
    value="§{value//:/\\:}"
    if [[ $line == *$'\t'* ]]; then value+=":§{line#*$'\t'}"; fi
    candidates+=("$value")
  done
  if [[ $last == --*=* ]]; then compset -P '*='; fi
  if ((!(directive & 4))); then
    _files
  elif ((directive & 2)); then
    _describe -V hark candidates -S ''
  else
    _describe -V hark candidates
  fi
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then _hark "$@"; else compdef _hark hark; fi
`.replaceAll('§{', '${'),

  fish: `# fish completion for hark. For all shells: hark completion fish > ~/.config/fish/completions/hark.fish
function __hark_complete
    set -l words (commandline -opc)
    set -l last (commandline -ct)
    set -l program $words[1]
    set -e words[1]
    set -l lines ($program __complete $words "$last" 2>/dev/null)
    or return
    set -l directive (string sub -s 2 -- $lines[-1])
    set -e lines[-1]
    set -l flag (string match -r -- '^--[^=]*=' $last)
    for line in $lines
        echo "$flag$line"
    end
    if test (math "bitand($directive, 4)") -eq 0
        for path in (__fish_complete_path (string replace -r -- '^--[^=]*=' '' $last))
            echo "$flag$path"
        end
    end
end
complete -c hark -f -k -a '(__hark_complete)'
`,
};
