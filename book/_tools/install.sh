#!/bin/sh
# Have .venv with what requirements.lock names and lrcore itself; do nothing when it has.
set -eu
cd "$(dirname "$0")/../.."
python=.venv/bin/python
stamp=.venv/installed-from

fail() {
    echo "$1" >&2
    exit 1
}

wanted() {
    pwd
    cat requirements.lock pyproject.toml
}

new_enough() {
    "$1" -c 'import sys; raise SystemExit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
    for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11 python}; do
        if new_enough "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    fail "The book needs Python 3.11 or newer, and none was found: install one, or name it, as in  make PYTHON=/path/to/python3.11"
}

make_venv() {
    found=$(find_python)
    "$found" -c 'import ensurepip, venv' 2>/dev/null ||
        fail "$found cannot make a virtual environment: install its venv module (on Debian and Ubuntu:  sudo apt install python3-venv)."
    echo "Making .venv with $("$found" --version) ..."
    "$found" -m venv --clear .venv
}

if [ -f "$stamp" ] && wanted | cmp -s - "$stamp" && new_enough $python; then
    exit 0
fi
if ! new_enough $python || ! $python -m pip --version >/dev/null 2>&1; then
    make_venv
fi
echo "Installing the pinned packages into .venv ..."
$python -m pip install --disable-pip-version-check --no-compile --require-hashes -r requirements.lock ||
    fail "The packages of requirements.lock could not be installed (see above); check the network and try again."
# On all cores, where pip would take one; a file for another Python is none for this one.
$python -m compileall -q -j 0 -x '/tests?/' .venv/lib >/dev/null 2>&1 || true
said=$($python -m pip install --disable-pip-version-check --no-build-isolation --no-deps --editable . 2>&1) ||
    fail "$said
lrcore could not be installed into .venv (see above)."
wanted >"$stamp"
