#!/bin/bash
# What tests need from the system: Chromium, a Chinese font, Redis, ogrinfo. PostgreSQL comes from PyPI; the
# tests start both themselves. What cannot be had is reported by the tests that miss it, at their end.
set -euo pipefail
missing=()
command -v chromium >/dev/null || command -v chromium-browser >/dev/null ||
  command -v google-chrome >/dev/null || missing+=(chromium)
# Any Chinese font will do; a machine without fontconfig has no fc-list, but perhaps the font.
[ -n "$(fc-list :lang=zh-cn family 2>/dev/null | head -n 1)" ] ||
  [ -n "$(find /usr/share/fonts -iname '*cjk*' 2>/dev/null | head -n 1)" ] || missing+=(fonts-noto-cjk)
command -v redis-server >/dev/null || missing+=(redis-server)
command -v ogrinfo >/dev/null || missing+=(gdal-bin)
[ ${#missing[@]} -gt 0 ] || exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo "· not on this machine, and not ours to install: ${missing[*]}"
  exit 0
fi
echo "· installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
trap 'rm -f "$log"' EXIT
{ apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >"$log" 2>&1 ||
  { tail -n 5 "$log"; echo '· could not be installed; the tests that need them will say so'; }
