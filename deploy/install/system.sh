# shellcheck shell=sh
# What edged has outside of its release: Debian's packages, its user, its configuration, its units and rules.

# PyPI has no 32-bit ARM wheels of numpy, psutil and systemd-python; of the rest, Debian's are good enough.
PACKAGES='python3 python3-pip python3-cheroot python3-click python3-numpy python3-pil python3-prometheus-client
    python3-psutil python3-pyudev python3-rich python3-serial python3-systemd libstdc++6 udev'
APT_OPTIONS='--yes --no-install-recommends --option DPkg::Lock::Timeout=600'
CONFIG=/etc/edged/edged.toml

missing_packages() {
    for package in $PACKAGES; do
        package_is_installed "$package" || printf ' %s' "$package"
    done
}

install_packages() {
    wanted=$(missing_packages)
    [ -n "$wanted" ] || return 0
    did "installing Debian packages:$wanted"
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086 # a list of packages is meant
    { apt-get -qq update && apt-get -qq $APT_OPTIONS install $wanted >/dev/null; } ||
        fail "apt could not install them: see above. Is there a network? Nothing else was changed."
    [ "$(python_version)" = 3.11 ] || fail "these packages brought Python $(python_version), and 3.11 is needed."
}

make_user() {
    id -u edged >/dev/null 2>&1 || did "making the user edged"
    systemd-sysusers "$RELEASES/$1/system/edged.sysusers.conf"
    systemd-tmpfiles --create "$RELEASES/$1/system/edged.tmpfiles.conf"
}

keep_or_make_config() {
    [ ! -e "$CONFIG" ] || return 0
    did "writing $CONFIG"
    install -m 640 -o root -g edged "$RELEASES/$1/system/edged.toml" "$CONFIG"
}

as_edged() {
    env -i PATH="$PATH" LC_ALL="$LC_ALL" HOME=/var/lib/edged \
        setpriv --reuid=edged --regid=edged --init-groups --no-new-privs "$@"
}

config_must_be_good() {
    as_edged "$RELEASES/$1/bin/edged" config check >/dev/null ||
        fail "edged $1 cannot use $CONFIG, and was not put to use."
}

# So that the first start is a short one.
build_models() {
    say "building the models"
    (umask 027 && as_edged "$RELEASES/$1/bin/edged" models build >/dev/null) ||
        fail "the models could not be built, and edged $1 was not put to use."
}

# The files of a release and where they go.
each_system_file() {
    cat <<'END'
edged.sysusers.conf /usr/lib/sysusers.d/edged.conf
edged.tmpfiles.conf /usr/lib/tmpfiles.d/edged.conf
60-edged.rules /usr/lib/udev/rules.d/60-edged.rules
edged.socket /usr/lib/systemd/system/edged.socket
edged.service /usr/lib/systemd/system/edged.service
README.md /usr/share/doc/edged/README.md
END
}

place_system_files() {
    placed=''
    while read -r name target; do
        ! cmp -s "$RELEASES/$1/system/$name" "$target" || continue
        mkdir -p "$(dirname "$target")"
        install -m 644 "$RELEASES/$1/system/$name" "$target.new"
        mv "$target.new" "$target"
        placed="$placed $target"
    done <<END
$(each_system_file)
END
    [ "$(readlink /usr/bin/edged)" = "$IN_USE/bin/edged" ] || ln -sfn "$IN_USE/bin/edged" /usr/bin/edged
    [ -z "$placed" ] || did "written:$placed"
    case $placed in *.rules*) apply_rules ;; esac
}

apply_rules() {
    [ -S /run/udev/control ] || return 0
    udevadm control --reload
    udevadm trigger --subsystem-match=hwmon --subsystem-match=iio --subsystem-match=powercap --subsystem-match=tty
}
