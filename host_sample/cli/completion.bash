# Completion of cockpit-host for bash: source <(cockpit-host completion bash)
# What there is to complete is asked of the program itself, which asks the plugins that are there now.
_cockpit_host() {
  local program=${COMP_WORDS[0]} word=${COMP_WORDS[COMP_CWORD]} line=${COMP_LINE:0:COMP_POINT}
  local words=() i command='' name='' before='' found=() flags=()
  # bash takes words apart at = and :, which names and filters may hold.
  read -ra words <<<"$line"
  case $line in *[[:space:]]) words+=('') ;; esac
  word=${words[${#words[@]} - 1]}
  before=${words[${#words[@]} - 2]}
  for ((i = 1; i < ${#words[@]} - 1; i++)); do
    case ${words[i]} in
      --plugins | --config | --state | --engine) flags+=("${words[i]}" "${words[i + 1]}"); ((++i)) ;;
      --*) case ${words[i]} in --on | --filter | --sort | --first | --size | --until | --timeout | --param | --in | --of | --group) ((++i)) ;; esac ;;
      *) if [ -z "$command" ]; then command=${words[i]}; elif [ -z "$name" ]; then name=${words[i]}; fi ;;
    esac
  done
  _cockpit_host_names() { mapfile -t found < <("$program" "${flags[@]}" names "$@" 2>/dev/null </dev/null); }
  compopt +o nospace 2>/dev/null
  case $before in
    --plugins | --config | --state | --audit | --token-file)
      mapfile -t COMPREPLY < <(compgen -f -- "$word")
      return ;;
    --log-level) found=(debug info warning error) ;;
    --on) _cockpit_host_names engines ;;
    --in) _cockpit_host_names view ;;
    --filter) _cockpit_host_names filters "$name"; found=("${found[@]/%/=}"); compopt -o nospace 2>/dev/null ;;
    --sort) _cockpit_host_names sorts "$name" ;;
    --param) _cockpit_host_names params "$name"; found=("${found[@]/%/=}"); compopt -o nospace 2>/dev/null ;;
    *)
      case $command:$word in
        :-* | serve:-* | plugins:-* | view:-* | do:-* | completion:-*) _cockpit_host_names options ${command:+"$command"} ;;
        :*) found=(serve plugins view 'do' completion) ;;
        view:*) if [ -z "$name" ]; then _cockpit_host_names view; fi ;;
        do:*) if [ -z "$name" ]; then _cockpit_host_names 'do'; fi ;;
        completion:*) found=(bash) ;;
      esac ;;
  esac
  mapfile -t COMPREPLY < <(compgen -W "${found[*]}" -- "$word")
}
complete -F _cockpit_host cockpit-host
