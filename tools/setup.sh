#!/bin/sh
# Makes .venv beside this checkout and installs the named lock files into it, each with its hashes checked.
# What is already there stays: a second call with the same locks takes well under a second.
#   sh tools/setup.sh requirements.lock [requirements-dev.lock …]
set -eu
cd "$(dirname "$0")/.."
root=$(pwd -P)
oldest='import sys; sys.exit(sys.version_info < (3, 11))'

stop() {
    echo "setup: $1" >&2
    exit 1
}

find_python() {
    for name in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
        if command -v "$name" >/dev/null 2>&1 && "$name" -c "$oldest" >/dev/null 2>&1; then
            command -v "$name"
            return
        fi
    done
    stop "Fieldvisit needs Python 3.11 or newer: install the package python3 (Debian 12, Ubuntu 24.04 or newer), or name one, as in: make setup PYTHON=/opt/python/bin/python3"
}

# Debian splits venv off into a package of its own; without it `python -m venv` stops half-way.
require_venv() {
    "$1" -c 'import ensurepip, venv' >/dev/null 2>&1 && return
    package="python$("$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv"
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        echo "setup: installing $package"
        apt-get update -qq
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$package" >/dev/null
    fi
    "$1" -c 'import ensurepip, venv' >/dev/null 2>&1 ||
        stop "this Python has no venv module: install the package python3-venv (here: $package), then repeat the command."
}

if ! .venv/bin/python -c "$oldest" >/dev/null 2>&1; then
    python=$(find_python)
    require_venv "$python"
    echo "setup: making .venv with $python"
    "$python" -m venv --clear .venv
fi

# `import core` works from any folder: the environment knows where its checkout is.
site=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
echo "$root" >"$site/fieldvisit.pth"

python_version=$(.venv/bin/python -VV)
for lock in "$@"; do
    stamp=".venv/installed-$lock"
    wanted="$python_version $(sha256sum <"$lock")"
    if [ "$(cat "$stamp" 2>/dev/null || true)" != "$wanted" ]; then
        echo "setup: installing $lock"
        .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input \
            --only-binary :all: --require-hashes -r "$lock" ||
            stop "not everything in $lock could be installed: the lines above say why; repeating the command goes on where it stopped."
        echo "$wanted" >"$stamp"
    fi
done
