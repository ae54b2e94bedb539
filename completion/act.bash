# SPDX-License-Identifier: Apache-2.0
# Completion for bash: source this file, or put it where bash-completion looks, as `act`.

# The names that an expression of Act prints; nothing if it fails.
_act_names() {
    act eval "$1, halt(0)" 2>/dev/null </dev/null
}

# A module, or behind `MODULE:` its functions (bash takes the colon for a word).
_act_doc() {
    local module= word=$1
    if [ "$word" = : ]; then
        module=$2 word=
    elif [ "$2" = : ]; then
        module=$3
    fi
    if [[ $module =~ ^[a-z][A-Za-z0-9_@]*$ ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$(_act_names "[io:format(\"~tw~n\", [F]) || {F, _} <- $module:module_info(exports)]" | sort -u)" -- "$word")
    else
        mapfile -t COMPREPLY < <(compgen -W "$(_act_names '[io:format("~tw~n", [M]) || M <- act_code:embedded()]')" -- "$word")
    fi
}

_act() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]}
    local commands options=
    if [ "$COMP_CWORD" -eq 1 ]; then
        commands=$(act help 2>/dev/null | sed -n 's/^  \([a-z][a-z]*\) .*/\1/p')
        mapfile -t COMPREPLY < <(compgen -W "$commands --help --version" -- "$word"; compgen -f -- "$word")
        return
    fi
    case $before in
        -pa | -I | -o)
            mapfile -t COMPREPLY < <(compgen -d -- "$word")
            return ;;
        --seed | --schedulers | --filter | -D)
            return ;;
    esac
    if [ "$command" = help ]; then
        commands=$(act help 2>/dev/null | sed -n 's/^  \([a-z][a-z]*\) .*/\1/p')
        mapfile -t COMPREPLY < <(compgen -W "$commands" -- "$word")
        return
    fi
    case $word in
        -*) # the options stand at the beginnings of lines of the command's help
            options=$(act help "$command" 2>/dev/null | sed -n 's/^  \(-[-A-Za-z0-9]*\).*/\1/p')
            mapfile -t COMPREPLY < <(compgen -W "$options --help" -- "$word") ;;
        *)
            if [ "$command" = doc ]; then
                _act_doc "$word" "$before" "${COMP_WORDS[COMP_CWORD - 2]}"
            else
                mapfile -t COMPREPLY < <(compgen -f -- "$word")
            fi ;;
    esac
}
complete -o filenames -F _act act
