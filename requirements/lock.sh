#!/bin/sh
# Resolves the requirements anew and writes the locks: sh requirements/lock.sh [--upgrade]
#
# Every file of every package by its hash, for every platform, and no index address.
set -eu
cd "$(dirname "$0")/.."
uv=$(command -v uv || true)
if [ -z "$uv" ]; then
    aside=$(mktemp -d)
    trap 'rm -rf "$aside"' EXIT
    .venv/bin/python -m venv "$aside"
    "$aside/bin/python" -m pip install --quiet --disable-pip-version-check uv
    uv="$aside/bin/uv"
fi
lock() {
    "$uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" "$@"
}
lock pyproject.toml --extra dev requirements/build.in -o requirements/dev.txt "$@"
# What runs is what was tested: the same versions.
lock pyproject.toml --extra postgres --extra gateway --extra mqtt --extra images --extra docx --extra excel requirements/build.in -c requirements/dev.txt \
    -o requirements/run.txt
if grep -nE '^ *--(index-url|extra-index-url|find-links)|://' requirements/*.txt; then
    echo "an address got into a lock file" >&2
    exit 1
fi
