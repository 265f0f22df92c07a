#!/bin/bash
# Makes the virtual environment "$1" with "$PYTHON". Debian splits ensurepip off into a package of
# its own; as root we fetch it, otherwise we say what to ask for.
set -euo pipefail
venv=$1
[ -x "$venv/bin/python" ] && "$venv/bin/python" -m pip --version >/dev/null 2>&1 && exit 0
log=$(mktemp)
trap 'rm -f "$log"' EXIT
"$PYTHON" -m venv "$venv" >"$log" 2>&1 && exit 0
rm -rf "$venv"
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq >/dev/null
  apt-get install -y -qq python3-venv >/dev/null
  "$PYTHON" -m venv "$venv"
else
  cat "$log" >&2
  echo "Python's venv module is incomplete: ask for the package python3-venv." >&2
  exit 1
fi
