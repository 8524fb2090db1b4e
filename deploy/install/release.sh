# shellcheck shell=sh
# A release is all of one version in a directory of its own: the environment, edged, and the system's files.
# The one in use is where the link /opt/edged leads. To replace that link is one step of the file system, so that a
# power cut leaves either release and never a mixture. An environment cannot be moved: it is made where it stays.

RELEASES=/opt/edged-releases
IN_USE=/opt/edged
# What pip downloaded, for upgrades without a network.
WHEELS=$RELEASES/wheels
# What a release is made of.
PARTS='edged systemd/edged.service systemd/edged.socket systemd/edged.sysusers.conf systemd/edged.tmpfiles.conf
    systemd/60-edged.rules pyproject.toml README.md deploy/edged.toml deploy/requirements.lock'

# VERSION-HASH of what lies in this directory.
release_of_source() {
    version=$(sed -n 's/^version = "\(.*\)"$/\1/p' "$SOURCE/pyproject.toml")
    # shellcheck disable=SC2086 # a list of names is meant
    hash=$(cd "$SOURCE" && find $PARTS -type f ! -path '*/__pycache__/*' -print0 | sort -z | xargs -0 sha256sum |
        sha256sum | cut -c1-12)
    say "$version-$hash"
}

release_in_use() {
    [ ! -L "$IN_USE" ] || basename "$(readlink "$IN_USE")"
}

# Whether it was ready once.
is_proven() { [ -e "$RELEASES/$1/.proven" ]; }

# What to go back to from release $1, if it is not proven; nothing at the first installation. It is $2, the one in use,
# or what that one took the place of, where the power failed before it was proven.
proven_before() {
    other=$2
    [ -z "$other" ] || is_proven "$other" || other=$(cat "$RELEASES/$other/.before" 2>/dev/null || true)
    [ "$other" = "$1" ] || say "$other"
}

build_release() {
    directory=$RELEASES/$1
    [ ! -e "$directory/.whole" ] || return 0
    did "building edged $1 in $directory"
    rm -rf "$directory"
    unfinished=$directory
    mkdir -p "$directory/system"
    # Debian's pip fills it: none of its own is needed.
    /usr/bin/python3 -m venv --system-site-packages --without-pip "$directory"
    install_locked "$directory"
    install_wheel "$directory"
    cp "$SOURCE"/systemd/*edged.* "$SOURCE/deploy/edged.toml" "$SOURCE/README.md" "$directory/system"
    "$directory/bin/edged" --version >/dev/null
    sync -f "$directory"
    touch "$directory/.whole"
    unfinished=''
}

quiet_pip() { /usr/bin/python3 -m pip --quiet --disable-pip-version-check --no-cache-dir "$@"; }

# What Debian lacks or has too old, each file checked by its sha256; out of the wheels at hand where they are all there.
install_locked() {
    install_from_wheels "$1" 2>/dev/null && return
    rm -rf "$WHEELS"
    quiet_pip download --dest "$WHEELS" --no-deps --only-binary=:all: --require-hashes \
        --requirement "$SOURCE/deploy/requirements.lock" ||
        fail "pip could not have what deploy/requirements.lock names. Is there a network? Nothing was put to use."
    install_from_wheels "$1"
}

install_from_wheels() {
    quiet_pip --python "$1/bin/python3" install --no-index --find-links "$WHEELS" --no-deps --only-binary=:all: \
        --require-hashes --requirement "$SOURCE/deploy/requirements.lock"
}

# Built in a copy, for a build leaves files beside what it builds; with Debian's setuptools, and no index.
install_wheel() {
    scratch=$(mktemp -d)
    mkdir "$scratch/source"
    cp -r "$SOURCE/edged" "$SOURCE/pyproject.toml" "$SOURCE/README.md" "$scratch/source"
    quiet_pip wheel --no-index --no-deps --no-build-isolation --wheel-dir "$scratch" "$scratch/source"
    quiet_pip --python "$1/bin/python3" install --no-index --no-deps "$scratch"/*.whl
    rm -rf "$scratch"
}

# From here on release $1 is what starts; $2 is the one to go back to.
switch_to() {
    [ "$(release_in_use)" != "$1" ] || return 0
    [ -z "$2" ] || say "$2" >"$RELEASES/$1/.before"
    ln -sfn "$RELEASES/$1" "$IN_USE.new"
    sync -f "$RELEASES"
    mv -T "$IN_USE.new" "$IN_USE"
    sync -f "$RELEASES"
    did "in use: edged $1"
}

# All but this one and the one to go back to.
remove_old_releases() {
    for directory in "$RELEASES"/*-*; do
        case ${directory##*/} in
        "$1" | "$2") ;;
        *) rm -rf "$directory" ;;
        esac
    done
}
