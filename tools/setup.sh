# Sourced by tools/quickstart and tools/test: what a bare Debian 12 lacks is installed, then a preset is built.
# Nothing here is asked of the person who runs it.
# shellcheck shell=bash disable=SC2034

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# What the programs are built from and run with. The reason for each library stands in core/README.md
# and in the README of the folder that uses it.
build_packages=(
    gcc g++ cmake ninja-build pkg-config
    libsodium-dev liblmdb-dev libzmq3-dev liblua5.4-dev libconfig-dev libjansson-dev libzstd-dev libsimdjson-dev
    libisal-dev libsmartcols-dev libcsv-dev libedit-dev libical-dev libcairo2-dev libpango1.0-dev
    libqrencode-dev libzip-dev libexpat1-dev libxlsxwriter-dev fonts-noto-cjk tzdata
    libcurl4-openssl-dev libseccomp-dev libmicrohttpd-dev libsqlite3-dev
    gettext scdoc
)
# What only the tests need.
test_packages=(libcmocka-dev python3 python3-zmq python3-icalendar python3-openpyxl lua-check shellcheck man-db zsh strace faketime e2fsprogs
    poppler-utils zbar-tools
    clang-14 libclang-rt-14-dev
    # Clients of the engines that volunteer-bench measures beside the daemon: so that their drivers are built.
    libhiredis-dev libpq-dev
    # The metrics are judged by promtool; certificates of the test platform.
    prometheus openssl python3-jsonschema)

say() {
    if [ -t 2 ]; then printf '\033[1m%s\033[0m\n' "$*" >&2; else printf '%s\n' "$*" >&2; fi
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        say "cannot install packages: not root, and there is no sudo. As root, run: $*"
        return 1
    fi
}

# install_packages NAME...: those of them that are missing.
install_packages() {
    local missing=() package
    for package in "$@"; do
        [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
    done
    [ ${#missing[@]} = 0 ] && return 0
    say "installing ${#missing[@]} packages: ${missing[*]}"
    local log
    log=$(mktemp)
    if ! { as_root apt-get update -q &&
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}"; } \
        >"$log" 2>&1; then
        tail -n 20 "$log" >&2
        rm -f "$log"
        say "the packages could not be installed (above: what apt said)"
        return 1
    fi
    rm -f "$log"
}

# build_preset NAME [TARGET...]: configured and built into build/NAME; quiet unless it fails.
build_preset() {
    local preset=$1 log
    shift
    log=$(mktemp)
    say "building $preset"
    if ! { cmake -S "$root" --preset "$preset" && cmake --build "$root/build/$preset" ${1:+--target "$@"}; } \
        >"$log" 2>&1; then
        tail -n 60 "$log" >&2
        rm -f "$log"
        say "the build of $preset failed"
        return 1
    fi
    rm -f "$log"
}
