#!/bin/sh
# Writes the three lock files from pyproject.toml; `check` instead proves that they install from wheels alone
# on every Python we promise beyond the one that the tests run on.
#   sh tools/lock.sh [check]
set -eu
cd "$(dirname "$0")/.."
if [ -x .venv/bin/uv ]; then
    uv=.venv/bin/uv
else
    uv=$(command -v uv) || {
        echo "lock: uv is missing: install it with .venv/bin/python -m pip install uv" >&2
        exit 1
    }
fi

# A lock names versions and hashes and nothing of the machine that wrote it: no package host, no folder.
compile() {
    lock=$1
    shift
    echo "lock: $lock"
    "$uv" pip compile --quiet --universal --fork-strategy fewest --generate-hashes --python-version 3.11 --only-binary :all: \
        --no-emit-index-url --no-emit-find-links --no-emit-build-options --no-header --no-annotate \
        --output-file "$lock" "$@" pyproject.toml >/dev/null
}

# Tests and benchmarks run on the very versions that the product runs on: each lock contains the one before.
write() {
    compile requirements.lock
    compile requirements-dev.lock --extra dev --constraints requirements.lock
    compile requirements-peers.lock --extra peers --constraints requirements.lock --constraints requirements-dev.lock
}

check() {
    target=$(mktemp -d)
    trap 'rm -rf "$target"' EXIT
    for version in 3.12 3.13 3.14; do
        for lock in requirements.lock requirements-dev.lock requirements-peers.lock; do
            echo "lock: $lock on Python $version"
            "$uv" pip install --quiet --dry-run --target "$target" --python .venv/bin/python --python-version "$version" \
                --only-binary :all: --require-hashes -r "$lock"
        done
    done
}

case ${1:-write} in
write) write ;;
check) check ;;
*)
    echo "usage: sh tools/lock.sh [check]" >&2
    exit 2
    ;;
esac
