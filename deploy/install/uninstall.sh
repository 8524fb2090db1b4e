# shellcheck shell=sh
# Removes what install.sh put here. What was measured and written by people leaves only with --purge.

uninstall() {
    need_root
    only_one_at_a_time
    if package_is_installed edged; then
        # The package's own files lie where install.sh puts them too, and its service goes on.
        rm -rf "$IN_USE" "$RELEASES"
        say "removed $IN_USE and $RELEASES; the rest belongs to the Debian package: apt-get remove edged"
        return
    fi
    [ ! -d "$IN_USE" ] || [ -L "$IN_USE" ] || fail "$IN_USE was not made by install.sh, and stays: nothing was changed."
    if exists "$RELEASES" || exists /usr/lib/systemd/system/edged.service; then
        remove_service
        rm -rf "$IN_USE" "$IN_USE.new" "$RELEASES"
        say "removed edged, its units and its rules"
        say "left: the Debian packages that it needed; others may need them too"
    else
        say "edged is not installed"
    fi
    [ -z "$purge" ] || remove_data
    tell_what_is_left
}

remove_service() {
    for unit in edged.service edged.socket; do
        [ ! -e "/usr/lib/systemd/system/$unit" ] || systemctl --quiet disable --now "$unit"
    done
    each_system_file | while read -r _ target; do
        rm -f "$target" "$target.new"
    done
    rm -f /usr/bin/edged
    rmdir /usr/share/doc/edged 2>/dev/null || true
    systemctl daemon-reload
    systemctl reset-failed edged.service edged.socket 2>/dev/null || true
    [ ! -S /run/udev/control ] || udevadm control --reload
}

# The last of these is what the Ansible role goes back to, with a copy of /etc/edged.
DATA='/etc/edged /var/lib/edged /etc/systemd/system/edged.service.d /etc/systemd/system/edged.socket.d /var/cache/edged'

remove_data() {
    # shellcheck disable=SC2086 # a list of places is meant
    rm -rf $DATA
    systemctl daemon-reload
    ! id -u edged >/dev/null 2>&1 || userdel edged
    say "removed its configuration, its results and its user; files that the configuration had elsewhere stay"
}

tell_what_is_left() {
    for place in $DATA; do
        [ ! -e "$place" ] || say "left: $place"
    done
    ! id -u edged >/dev/null 2>&1 ||
        say "left: the user edged, whose files these are (--uninstall --purge removes all of it)"
}
