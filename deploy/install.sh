#!/bin/sh
# deploy/install.sh: edged as a service of this board, out of the directory that this file lies in; see --help.
# One part for each idea, below install/. Nothing that is downloaded is run unverified: apt checks signatures, pip
# the hashes of requirements.lock, and edged itself is built from this directory without an index.
set -eu
umask 022
export LC_ALL=C.UTF-8 PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
unset PYTHONPATH PYTHONHOME PYTHONSTARTUP
SOURCE=$(cd -- "$(dirname -- "$0")/.." && pwd -P)
cd /
# Whether anything was changed, and whether it was the release; what to remove, and what to go back to, if it ends now.
changed='' switched='' scratch='' unfinished='' fallback=''

# shellcheck source=deploy/install/words.sh
. "$SOURCE/deploy/install/words.sh"
# shellcheck source=deploy/install/check.sh
. "$SOURCE/deploy/install/check.sh"
# shellcheck source=deploy/install/kernel.sh
. "$SOURCE/deploy/install/kernel.sh"
# shellcheck source=deploy/install/release.sh
. "$SOURCE/deploy/install/release.sh"
# shellcheck source=deploy/install/system.sh
. "$SOURCE/deploy/install/system.sh"
# shellcheck source=deploy/install/service.sh
. "$SOURCE/deploy/install/service.sh"
# shellcheck source=deploy/install/uninstall.sh
. "$SOURCE/deploy/install/uninstall.sh"

usage() {
    cat <<'END'
Usage: deploy/install.sh [--check | --uninstall [--purge]]

Install edged as a service of this board, or upgrade it to what lies in this directory. A second run changes nothing.
An upgrade that does not become ready is taken back. Configuration and results are kept.

  --check      only say what this board has and lacks for it, and change nothing
  --uninstall  remove edged; its configuration and its results stay
  --purge      with --uninstall: remove those too
  -h, --help   show this

Exit codes: 0 done, 1 failed or something is missing, 2 wrong options.
END
}

install_edged() {
    need_root
    only_one_at_a_time
    check_board || fail "nothing was changed."
    trap finish EXIT
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 143' TERM
    install_packages
    release=$(release_of_source)
    before=$(release_in_use)
    build_release "$release"
    make_user "$release"
    keep_or_make_config "$release"
    if [ "$release" != "$before" ] || ! is_proven "$release"; then
        config_must_be_good "$release"
        build_models "$release"
        fallback=$(proven_before "$release" "$before")
        switch_to "$release" "$fallback"
        switched=yes
    fi
    place_system_files "$release"
    prove "$release"
    previous=$fallback fallback=''
    [ -z "$switched" ] || remove_old_releases "$release" "$previous"
    tell_what_next "$release"
}

# However the installation ends: nothing half done stays.
finish() {
    code=$?
    trap '' HUP INT TERM
    trap - EXIT
    rm -rf "$scratch" "$unfinished"
    [ -z "$fallback" ] || roll_back "$fallback" "$release" || true
    exit "$code"
}

action=install
purge=''
for option; do
    case $option in
    --check) action=check ;;
    --uninstall) action=uninstall ;;
    --purge) purge=yes ;;
    -h | --help) usage && exit 0 ;;
    *) wrong_usage "there is no option $option" ;;
    esac
done
case $action:$purge:$# in
check::1) check_board && say "edged can be installed here." ;;
install::0) install_edged ;;
uninstall::1 | uninstall:yes:2) uninstall ;;
*) wrong_usage "these options do not go together: $*" ;;
esac
