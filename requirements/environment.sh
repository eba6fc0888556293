#!/bin/sh
# Builds .venv from the locked requirements: sh requirements/environment.sh run|dev
#
# Needs nothing but a Python >= 3.11 (its own pip comes along); uses uv where it is there.
# Which package index is asked is the machine's own setting (pip's or uv's); nothing here
# names one. PYTHON=/path/to/python chooses the interpreter.
set -eu
cd "$(dirname "$0")/.."
lock="requirements/$1.txt"

# A name on the path proves nothing: version managers leave names that refuse to run.
runs() {
    "$1" -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

find_python() {
    for name in ${PYTHON:-python3.13 python3.12 python3.11 python3 python3.14 python}; do
        if runs "$name"; then
            "$name" -c 'import sys; print(sys.executable)'
            return
        fi
    done
    echo "zhiban needs Python 3.11 or newer; none of the names tried here runs." >&2
    echo "Install one, or say where it is: make PYTHON=/path/to/python3" >&2
    return 1
}

with_uv() {
    command -v uv >/dev/null 2>&1 || return 1
    uv venv --quiet --allow-existing --python "$python" .venv &&
        uv pip install --quiet --python .venv/bin/python --require-hashes -r "$lock" &&
        uv pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation -e .
}

with_pip() {
    if ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
        "$python" -m venv --clear .venv || {
            echo "Python's venv does not work here; on Debian: apt install python3-venv" >&2
            return 1
        }
    fi
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes \
        -r "$lock"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps \
        --no-build-isolation -e .
}

python=$(find_python)
if [ -e .venv ] && ! runs .venv/bin/python; then
    rm -rf .venv
fi
echo "zhiban: building .venv ($1) with $python" >&2
# uv may be set up for another index than pip is: then pip gets its turn.
with_uv || with_pip
touch .venv/.run
if [ "$1" = dev ]; then
    touch .venv/.dev
fi
