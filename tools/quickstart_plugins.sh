# Sourced by tools/quickstart: a running city is joined by the plugins recruitment and metrics. The recruitment platform is
# the one of the tests (tests/platform), with people of its own.
# shellcheck shell=bash disable=SC2034,SC2154

plugin_packages=(python3 openssl)
plugin_targets=(volunteerd-plugin recruitment metrics)
platform=
platform_people=200

# Their enrolments and hours lie in the last weeks of the simulated year: with clock = "events" a later time would take the
# whole city there.
start_platform() {
    local token=$1 secret=$2
    python3 -B "$root/tests/platform/serve.py" --database "$home/platform.db" --certificates "$home/platform" \
        --people "$platform_people" --until 2018-12-01 --token "$token" --webhook-secret "$secret" \
        >"$home/platform.json" 2>"$home/platform.log" &
    platform=$!
    until [ -s "$home/platform.json" ]; do
        if ! kill -0 "$platform" 2>/dev/null; then
            cat "$home/platform.log" >&2
            say "the recruitment platform did not start (above: its log)"
            platform=
            return 1
        fi
        sleep 0.05
    done
}

stop_platform() {
    [ -z "$platform" ] || kill -TERM "$platform" 2>/dev/null || true
    platform=
}

platform_says() {
    sed -n "s/.*\"$1\": \"\\([^\"]*\\)\".*/\\1/p" "$home/platform.json"
}

# 9464 as the manual says, or another one where it is taken.
metrics_port() {
    python3 -c 'import socket
for port in (9464, 0):
    with socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind(("127.0.0.1", port))
        except OSError:
            continue
        print(one.getsockname()[1])
        break'
}

# Two groups at the end of the configuration; secrets stand in files that nobody else may read.
write_plugins() {
    local secret token
    token=$(python3 -c 'import secrets; print(secrets.token_urlsafe(24))')
    secret=whsec_$(python3 -c 'import base64, os; print(base64.b64encode(os.urandom(24)).decode())')
    (
        umask 077
        echo "$token" >"$home/token"
        echo "$secret" >"$home/webhook_secret"
    )
    start_platform "$token" "$secret"
    metrics=127.0.0.1:$(metrics_port)
    cat >>"$home/volunteerd.conf" <<CONF
plugins: (
    { name = "recruitment"; url = "$(platform_says url)"; ca = "$(platform_says ca)"; token = "file:$home/token";
      webhook_secret = "file:$home/webhook_secret"; mapping = "$root/scripts/mappings/recruitment.lua";
      prefix = "zhaomu"; poll_ms = 1000; },
    { name = "metrics"; listen = "$metrics"; }
);
CONF
}

# Everything there is has come, and everything decided has gone back.
is_settled() {
    "$bin/volunteerctl" --json plugin call recruitment status 2>/dev/null | python3 -c 'import json, sys
people = int(sys.argv[1])
status = json.load(sys.stdin)
rest = [status["outbox"][state] for state in ("waiting", "sending", "failed")]
rest += [one["waiting"] for one in status["resources"].values()]
came = status["resources"]["registrations"]["live"] == people and status["resources"]["attendance"]["live"] > 0
sys.exit(not (came and status["state"] == "idle" and not any(rest)))' "$platform_people" 2>/dev/null
}

join_plugins() {
    write_plugins
    say "the recruitment platform joins with $platform_people people of its own, and metrics: SIGHUP, while the city serves"
    kill -HUP "$daemon"
    local tries=0
    until is_settled; do
        tries=$((tries + 1))
        if [ "$tries" -gt 300 ]; then
            "$bin/volunteerctl" plugin list
            "$bin/volunteerctl" plugin log recruitment
            say "the plugin recruitment did not come to an end (above: what it says)"
            return 1
        fi
        sleep 0.1
    done
    "$bin/volunteerctl" plugin list
    echo
    "$bin/volunteerctl" plugin call recruitment reconcile
    echo
    say "the same numbers that an operator watches, for Prometheus: http://$metrics/metrics"
    python3 -c 'import sys, urllib.request
for line in urllib.request.urlopen(sys.argv[1], timeout=10).read().decode().splitlines():
    if line.startswith(("volunteerd_up", "volunteerd_journal_head", "volunteerd_ledger")):
        print(line)' "http://$metrics/metrics"
}
