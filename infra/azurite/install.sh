#!/usr/bin/env bash
# Installs the emulator beside this file, as package-lock.json says, unless that is done already. Several may call it at once.
set -euo pipefail

for tool in node npm; do
  command -v "$tool" >/dev/null || { echo "The Azure Storage emulator needs Node.js, and '$tool' is not on the path." >&2; exit 1; }
done

cd "$(dirname "$0")"
stamp=node_modules/.installed
is_done() { [ -f "$stamp" ] && cmp -s package-lock.json "$stamp"; }
is_done && exit 0
exec 9<package.json
if command -v flock >/dev/null; then flock 9; fi
is_done && exit 0
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2
cp package-lock.json "$stamp"
