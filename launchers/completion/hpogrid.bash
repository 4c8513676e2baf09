# Completion of hpogrid and hpogrid-submit for bash: the program itself says what may follow.
_hpogrid() {
    local words=("${COMP_WORDS[@]:1:COMP_CWORD}")
    [[ $1 == *hpogrid-submit ]] && words=(run "${words[@]}")
    mapfile -t COMPREPLY < <("${1/%-submit/}" complete -- "${words[@]}" 2>/dev/null)
}
complete -o default -F _hpogrid hpogrid hpogrid-submit
