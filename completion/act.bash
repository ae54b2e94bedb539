# SPDX-License-Identifier: Apache-2.0
# Completion for bash: source this file, or put it where bash-completion looks, as `act`.
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
            mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
    esac
}
complete -o filenames -F _act act
