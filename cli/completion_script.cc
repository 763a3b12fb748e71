// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/completion_script.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace sluice {
namespace {

// Bash takes "=" for the end of a word; the line is cut at blanks instead, and
// what bash has of the word already is taken off the candidates.
constexpr char kBash[] = R"(# bash completion for sluice
_sluice() {
  local line=${COMP_LINE:0:COMP_POINT} typed=${COMP_WORDS[COMP_CWORD]}
  local words word head text rest
  read -ra words <<<"$line"
  [[ $line == *[[:space:]] ]] && words+=("")
  word=${words[${#words[@]}-1]}
  [[ $typed == = ]] && typed=
  head=${word%"$typed"}
  COMPREPLY=()
  while IFS=$'\t' read -r text rest; do
    case $text in
      :files) mapfile -t COMPREPLY < <(compgen -f -- "$typed") ;;
      :dirs) mapfile -t COMPREPLY < <(compgen -d -- "$typed") ;;
      ?*) COMPREPLY+=("${text#"$head"}") ;;
    esac
  done < <("${words[0]}" __complete "${words[@]:1}" 2>/dev/null)
}
complete -F _sluice sluice
)";

constexpr char kZsh[] = R"(#compdef sluice
_sluice() {
  local line
  local -a candidates
  for line in "${(@f)$("${words[1]}" __complete "${(@)words[2,CURRENT]}" \
      2>/dev/null)}"; do
    case $line in
      :files) _files; return ;;
      :dirs) _files -/; return ;;
      ?*) candidates+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}") ;;
    esac
  done
  _describe sluice candidates
}
compdef _sluice sluice
)";

constexpr char kFish[] = R"(# fish completion for sluice
function __sluice_complete
  set -l words (commandline -opc)
  set -l typed (commandline -ct)
  test -n "$typed"; or set typed ''
  set -l found ($words[1] __complete $words[2..-1] $typed 2>/dev/null)
  switch "$found[1]"
    case ':files'
      __fish_complete_path $typed
    case ':dirs'
      __fish_complete_directories $typed
    case '*'
      printf '%s\n' $found
  end
end
complete -c sluice -f -a '(__sluice_complete)'
)";

}  // namespace

absl::StatusOr<std::string> CompletionScript(absl::string_view shell) {
  if (shell == "bash") return std::string(kBash);
  if (shell == "zsh") return std::string(kZsh);
  if (shell == "fish") return std::string(kFish);
  return absl::InvalidArgumentError(
      absl::StrCat("\"", shell, "\" is not bash, zsh or fish"));
}

}  // namespace sluice
