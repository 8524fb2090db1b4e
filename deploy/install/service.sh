# shellcheck shell=sh
# The service: started, proven to be ready, and taken back where it is not.

# The slowest boards take a minute; systemd itself would give it 20.
START_LIMIT_S=300

property() { systemctl show "$1" --property="$2" --value; }

# Have the service run this release, and wait until it is ready. What runs as it should is left alone, and so is a
# service that somebody has disabled.
prove() {
    if [ -z "$fallback" ] && ! is_proven "$1"; then
        systemctl daemon-reload
        systemctl --quiet enable edged.socket edged.service
    elif ! systemctl --quiet is-enabled edged.service && ! systemctl --quiet is-active edged.service; then
        url=''
        return
    elif is_up_to_date && runs "$1" && url=$(ready_url); then
        is_proven "$1" || touch "$RELEASES/$1/.proven"
        return
    fi
    cursor=$(journalctl --quiet --lines=0 --show-cursor | sed -n 's/^-- cursor: //p')
    did "starting edged.service"
    start_service || not_ready "$1"
    touch "$RELEASES/$1/.proven"
}

is_up_to_date() {
    [ "$(property edged.service NeedDaemonReload)$(property edged.socket NeedDaemonReload)" = nono ]
}

start_service() {
    systemctl daemon-reload
    systemctl --quiet stop edged.service
    case $placed in *edged.socket*) systemctl stop edged.socket ;; esac
    systemctl reset-failed edged.service edged.socket 2>/dev/null || true
    ! systemctl --quiet is-enabled edged.socket || systemctl start edged.socket || return 1
    systemctl start --no-block edged.service
    deadline=$(($(uptime_s) + START_LIMIT_S))
    until [ "$(property edged.service ActiveState)" = active ] && url=$(ready_url); do
        ! has_failed || return 1
        [ "$(uptime_s)" -lt "$deadline" ] || return 1
        sleep 1
    done
}

# It is started anew again and again otherwise.
has_failed() {
    [ "$(property edged.service ActiveState)" = failed ] || [ "$(property edged.service NRestarts)" -gt 0 ] ||
        [ "$(property edged.service SubState)" = auto-restart ]
}

uptime_s() { cut -d. -f1 /proc/uptime; }

# Whether the process that serves is of this release, and not of one that was replaced under it.
runs() {
    [ "$(property edged.service ActiveState)" = active ] &&
        grep -qsF "$RELEASES/$1/" "/proc/$(property edged.service MainPID)/cmdline"
}

# The address of the metrics if the service answers that it is ready. Where it wants a password or a client's
# certificate it says no more than that it serves; systemd has it as ready by then. Whoever has no certificate is told
# so, or finds the connection closed without a word.
ready_url() {
    "$IN_USE/bin/edged" status --json 2>/dev/null | "$IN_USE/bin/python3" -c '
import json, ssl, sys, urllib.error
from urllib.request import HTTPSHandler, ProxyHandler, build_opener

url = json.load(sys.stdin)["metrics"]
client = build_opener(ProxyHandler({}), HTTPSHandler(context=ssl._create_unverified_context()))
try:
    client.open(url.removesuffix("/metrics") + "/-/ready", timeout=10)
except urllib.error.HTTPError as error:
    if error.code != 401:
        sys.exit(1)
except OSError as error:
    if isinstance(error, urllib.error.URLError):
        error = error.reason
    closed = isinstance(error, ConnectionError) and not isinstance(error, ConnectionRefusedError)
    if not isinstance(error, ssl.SSLError) and not (closed and url.startswith("https:")):
        sys.exit(1)
print(url)
' 2>/dev/null
}

not_ready() {
    say "edged $1 does not become ready. The end of its log:" >&2
    journalctl --quiet --no-pager --unit=edged.service --unit=edged.socket --lines=20 --output=cat \
        ${cursor:+--after-cursor="$cursor"} | sed 's/^/    /' >&2
    [ -n "$fallback" ] || say "It stays installed: mend what the log says, and run this again." >&2
    exit 1
}

# The release before, with its units, in place of one that was not proven.
roll_back() {
    say "going back to edged $1" >&2
    switch_to "$1" ""
    place_system_files "$1"
    if start_service; then
        say "edged $1 runs again and is ready: $url" >&2
    else
        say "edged $1 does not become ready either: journalctl -u edged" >&2
    fi
    rm -rf "${RELEASES:?}/$2"
}

tell_what_next() {
    if [ -z "$url" ]; then
        say "edged $1 is installed. It was not started, for edged.service is disabled."
        return
    fi
    if [ -z "$changed" ]; then
        say "edged $1 is installed and ready at $url: nothing was changed."
        return
    fi
    cat <<END
edged $1 is ready: $url

  edged status                 what it measures, what comes next, and why it waits
  edged board                  what this board has, what it lacks and what would bring it
  /etc/edged/edged.toml        its configuration; then: systemctl reload edged

To let Prometheus in from the network, see "Who may read it" in /usr/share/doc/edged/README.md first. Then, as root:

    mkdir -p /etc/systemd/system/edged.socket.d
    printf '%s\\n' '[Socket]' ListenStream= ListenStream=10231 >/etc/systemd/system/edged.socket.d/listen.conf
    systemctl daemon-reload
    systemctl stop edged.socket edged.service
    systemctl start edged.socket edged.service
END
}
