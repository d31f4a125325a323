#!/usr/bin/env bash
# Runs the storage emulator until it is told to stop. Says "ready" once it answers.
#   run.sh [--blob PORT] [--table PORT] [--queue PORT] [--memory | --location DIR] [--while-input]
# With --while-input it also stops when its standard input ends, and so never outlives who started it.
# By default on Azurite's own ports (10000, 10002, 10001), with its data in data/azurite of the current directory.
set -euo pipefail

blob=10000 queue=10001 table=10002 location=data/azurite memory=false while_input=false
while [ $# -gt 0 ]; do
  case $1 in
    --blob) blob=$2; shift 2 ;;
    --queue) queue=$2; shift 2 ;;
    --table) table=$2; shift 2 ;;
    --location) location=$2; shift 2 ;;
    --memory) memory=true; shift ;;
    --while-input) while_input=true; shift ;;
    *) echo "run.sh: unknown argument $1" >&2; exit 2 ;;
  esac
done

here=$(cd "${0%/*}" && pwd)
"$BASH" "$here/install.sh"

arguments=(--silent --disableTelemetry --skipApiVersionCheck
  --blobHost 127.0.0.1 --queueHost 127.0.0.1 --tableHost 127.0.0.1
  --blobPort "$blob" --queuePort "$queue" --tablePort "$table")
if $memory; then
  arguments+=(--inMemoryPersistence)
else
  mkdir -p "$location"
  arguments+=(--location "$location")
fi

node "$here/node_modules/azurite/dist/src/azurite.js" "${arguments[@]}" </dev/null &
emulator=$!
stop() {
  kill -TERM "$emulator" 2>/dev/null || true
  wait "$emulator" 2>/dev/null || true
}
trap stop EXIT
trap 'exit 0' INT TERM

answers() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
for port in "$blob" "$queue" "$table"; do
  tries=0
  until answers "$port"; do
    kill -0 "$emulator" 2>/dev/null || { echo "run.sh: the emulator ended before it was ready" >&2; exit 1; }
    tries=$((tries + 1))
    [ "$tries" -le 300 ] || { echo "run.sh: the emulator did not answer on port $port within 30 s" >&2; exit 1; }
    sleep 0.1
  done
done
echo "ready: blobs on 127.0.0.1:$blob, tables on 127.0.0.1:$table"
if $while_input; then
  while read -r _; do :; done
else
  wait "$emulator"
fi
