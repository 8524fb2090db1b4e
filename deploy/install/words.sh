# shellcheck shell=sh
# How the installer speaks, and what stops it.

say() { printf '%s\n' "$*"; }

# Something was changed on this board.
did() {
    changed=yes
    say "$*"
}

fail() {
    say "install.sh: $*" >&2
    exit 1
}

wrong_usage() {
    say "install.sh: $*" >&2
    usage >&2
    exit 2
}

need_root() {
    [ "$(id -u)" -eq 0 ] || fail "this needs root: sudo $0 ..."
}

# Root's alone, and in a place of root's: whoever may open it could hold it, and anybody may put things into /run/lock.
only_one_at_a_time() {
    umask 077
    exec 9>/run/edged-install.lock
    umask 022
    flock --nonblock 9 || fail "another install.sh is at work."
}
