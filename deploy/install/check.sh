# shellcheck shell=sh
# What this board must have. Everything is looked at and said before anything is changed.

# On /opt: two releases, for an upgrade, and their wheels. On /var/lib: models and journal. On /usr: Debian's packages.
NEEDED_MIB_OPT=150
NEEDED_MIB_VAR=150
NEEDED_MIB_USR=200
# 10231, as /proc/net/tcp writes it.
PORT_HEX=27F7

# Exit code 1 if something is missing.
check_board() {
    lacking=
    say "What edged needs, and what is here:"
    check_sources
    check_architecture
    check_system
    check_python
    check_space
    check_package
    check_port
    check_earlier
    check_kernel
    if [ -n "$lacking" ]; then
        say "edged cannot be installed here as it is: see what is MISSING above."
        return 1
    fi
}

ok() { say "  ok       $*"; }
note() { say "  note     $*"; }
lacks() {
    lacking=yes
    say "  MISSING  $*"
}

check_sources() {
    for name in edged systemd/edged.service pyproject.toml README.md deploy/edged.toml deploy/requirements.lock; do
        [ -e "$SOURCE/$name" ] || lacks "$SOURCE/$name: take the whole archive or checkout"
    done
}

# Of the system's programs: a 64-bit kernel may run a 32-bit system.
check_architecture() {
    architecture=$(dpkg --print-architecture 2>/dev/null || uname -m)
    case $architecture:$(uname -m) in
    *:armv[1-6]*) lacks "an ARM processor of version 7 or newer: there is no TensorFlow Lite runtime for this one" ;;
    armhf:* | arm64:* | amd64:*) ok "architecture $architecture" ;;
    *) lacks "a TensorFlow Lite runtime for $architecture: there are wheels for armhf, arm64 and amd64. Nothing can be
           measured here" ;;
    esac
}

check_system() {
    if command -v apt-get >/dev/null && command -v dpkg-query >/dev/null; then
        wanted=$(missing_packages)
        if [ -n "$wanted" ]; then
            note "Debian packages, which apt will install:$wanted"
        else
            ok "Debian packages"
        fi
    else
        lacks "apt: this is for Debian 12 and what is made from it, such as Armbian Bookworm"
    fi
    if [ -d /run/systemd/system ]; then
        ok "systemd"
    else
        lacks "systemd as the first process: edged is installed as its service"
    fi
}

check_python() {
    version=$(python_version)
    case $version:$(. /etc/os-release && say "${VERSION_CODENAME:-}") in
    3.11:*) ok "Python 3.11" ;;
    :bookworm) ok "Python 3.11 comes with the Debian packages" ;;
    *) lacks "Python 3.11 as /usr/bin/python3, as in Debian 12 (here: ${version:-none}). tflite-runtime has wheels for
           no newer one. On arm64 and amd64 a newer one takes ai-edge-litert: pip install '.[engine,models,meters]'
           in an environment of its own, without this service; on armhf there is nothing newer" ;;
    esac
}

python_version() {
    /usr/bin/python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null || true
}

# On each file system, for all that it holds of these.
check_space() {
    usr=0
    [ -z "$(missing_packages)" ] || usr=$NEEDED_MIB_USR
    while read -r place needed free; do
        if [ "$free" -ge "$needed" ]; then
            ok "$free MiB free on $place"
        else
            lacks "$needed MiB free on $place (here: $free)"
        fi
    done <<END
$(df -Pk /opt /var/lib /usr | awk -v sizes="$NEEDED_MIB_OPT $NEEDED_MIB_VAR $usr" '
    BEGIN { split(sizes, size) }
    NR > 1 { needed[$6] += size[NR - 1]; free[$6] = int($4 / 1024) }
    END { for (place in needed) print place, needed[place], free[place] }')
END
}

package_is_installed() {
    [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

check_package() {
    ! package_is_installed edged ||
        lacks "only one way of installing: the Debian package edged is installed. Upgrade that, or remove it:
           apt-get remove edged"
}

check_port() {
    if systemctl --quiet is-active edged.socket edged.service 2>/dev/null; then
        ok "port 10231 is edged's"
    elif awk -v port=":$PORT_HEX\$" '$4 == "0A" && $2 ~ port { found = 1 } END { exit !found }' \
        /proc/net/tcp* 2>/dev/null; then
        lacks "port 10231: another process listens there, such as \`edged run\` by hand. See: ss -ltnp sport = :10231"
    else
        ok "port 10231 is free"
    fi
}

check_earlier() {
    [ -L "$IN_USE" ] || [ ! -e "$IN_USE" ] ||
        lacks "$IN_USE as a place of its own: what is there was not made by install.sh. Move it away"
}
