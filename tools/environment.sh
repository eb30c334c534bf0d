#!/bin/sh
# Make .venv hold the locked packages and this project, installed in place:  tools/environment.sh run|dev
# `dev` contains `run`, so it is added to a `run` environment; when a lock file or the project's folder has changed since,
# the environment is made anew. Failing that: one line on standard error, exit code 3.
set -u
cd "$(dirname "$0")/.." || exit 3
unset PYTHONPATH PYTHONHOME
layer=$1
log=.venv/install.log

fail() {
    printf 'migsim: %s\n' "$1" >&2
    exit 3
}

fingerprint() {
    case $1 in
        project) cksum <pyproject.toml ;;
        *) { pwd; cat "requirements/$1.txt"; } | cksum ;;
    esac
}

is_current() { [ "$(cat ".venv/$1.installed" 2>/dev/null)" = "$(fingerprint "$1")" ]; }

record() { fingerprint "$1" >".venv/$1.installed"; }

is_usable() {
    is_current run && .venv/bin/python -c '' 2>/dev/null || return 1
    [ ! -e .venv/dev.installed ] || is_current dev
}

pip_install() {
    what=$1
    shift
    .venv/bin/python -m pip install --disable-pip-version-check --no-input "$@" >"$log" 2>&1 </dev/null && return
    reason=$(grep '^ERROR' "$log" | tail -n 1)
    if grep -qE 'NewConnectionError|NameResolutionError|ConnectTimeout|ProxyError|Network is unreachable' "$log"; then
        reason='the package index could not be reached'
    fi
    fail "$what could not be installed (${reason:-pip failed}): check the network and pip's settings, then run this again; pip's output is in $log"
}

if ! is_usable; then
    python=$(sh tools/python.sh) || exit 3
    echo "Setting up .venv with $("$python" --version): a few minutes at most."
    said=$("$python" -m venv --clear .venv 2>&1 </dev/null) ||
        fail "$python could not make the virtual environment .venv ($(printf '%s\n' "$said" | tail -n 1)): mend that, or name another Python with PYTHON=/path/to/python, then run this again"
fi
if ! is_current "$layer"; then
    echo "Installing the packages of requirements/$layer.txt."
    pip_install "requirements/$layer.txt" --require-hashes --only-binary :all: -r "requirements/$layer.txt"
    record run
    [ "$layer" = run ] || record "$layer"
fi
if ! is_current project; then
    pip_install migsim --no-deps --no-build-isolation --editable .
    record project
fi
