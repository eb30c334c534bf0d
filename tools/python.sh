#!/bin/sh
# Print the path of a Python that can build this project's environment: 3.12 or newer, able to make virtual environments.
# $PYTHON, where set, is the only one considered. Otherwise the commands below are looked up in every folder of PATH, since
# a version manager's shim may exist and yet not run; then the versions pyenv holds.
# Failing that: one line on standard error, exit code 3.
set -uf
cd "${0%/*}/.." || exit 3

probe='import sys
try:
    import ensurepip, venv
    able = "able"
except ImportError:
    able = "unable"
sys.stdout.write("%d %d %d %s %s\n" % (tuple(sys.version_info[:3]) + (able, sys.executable)))'

newest='' newest_minor=-1 without_venv=''

# Print the interpreter and leave if this one will do; otherwise remember why not.
consider() {
    found=$("$1" -c "$probe" 2>/dev/null </dev/null) || return 0
    read -r major minor micro able path <<END
$found
END
    case "$major$minor" in '' | *[!0-9]*) return 0 ;; esac
    if [ "$major" -eq 3 ] && [ "$minor" -ge 12 ]; then
        if [ "$able" = able ]; then
            printf '%s\n' "${path:-$1}"
            exit 0
        fi
        [ -n "$without_venv" ] || without_venv="Python $major.$minor.$micro ($1)" version_without_venv=$major.$minor
    elif [ "$major" -eq 3 ] && [ "$minor" -gt "$newest_minor" ]; then
        newest="Python $major.$minor.$micro ($1)" newest_minor=$minor
    elif [ -z "$newest" ]; then
        newest="Python $major.$minor.$micro ($1)"
    fi
}

fail() {
    printf 'migsim: %s\n' "$1" >&2
    exit 3
}

if [ -n "${PYTHON:-}" ]; then
    consider "$PYTHON"
else
    for name in python3.12 python3.13 python3.14 python3 python; do
        IFS=:
        for folder in $PATH; do
            unset IFS
            if [ -f "${folder:-.}/$name" ] && [ -x "${folder:-.}/$name" ]; then consider "${folder:-.}/$name"; fi
        done
        unset IFS
    done
    if command -v pyenv >/dev/null 2>&1; then
        for version in $(pyenv versions --bare 2>/dev/null); do
            consider "$(pyenv root 2>/dev/null)/versions/$version/bin/python"
        done
    fi
fi

remedy='install one with the system package manager or pyenv, or name one with PYTHON=/path/to/python'
if [ -n "$without_venv" ]; then
    fail "found $without_venv, which cannot make virtual environments (its venv or ensurepip module is missing): install them (on Debian and Ubuntu: apt install python$version_without_venv-venv), then run this again"
elif [ -n "$newest" ]; then
    fail "found $newest, but Python 3.12 or newer is needed: $remedy, then run this again"
elif [ -n "${PYTHON:-}" ]; then
    fail "PYTHON is set to $PYTHON, which does not run as a Python, and Python 3.12 or newer is needed: $remedy, then run this again"
fi
fail "found no Python on PATH, but Python 3.12 or newer is needed: $remedy, then run this again"
