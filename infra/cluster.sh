#!/usr/bin/env bash
# Runs a cluster on this machine: the storage emulator and N silos (3 unless told otherwise) on free ports of loopback. Says where they are,
# shows what they write, and stops all of them cleanly at Ctrl-C. Nothing outlives it: the emulator keeps its data in memory.
#   infra/cluster.sh [N] [--AccountGrains:KEY=VALUE ...]
set -euo pipefail

count=3
if [ $# -gt 0 ] && [[ $1 != --* ]]; then
  count=$1
  shift
fi
[[ $count =~ ^[1-9][0-9]?$ ]] || { echo "cluster.sh: '$count' is no number of silos from 1 to 99" >&2; exit 2; }

root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
# The account that every emulator has; its key is in the emulator's documentation.
account=devstoreaccount1
account_key='Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=='
key=$(head -c 32 /dev/urandom | base64)
exec 3>&2
silos=() emulator='' tail='' stopping=false

# free_ports COUNT: ports that nobody listens on now, held together while they are looked for.
free_ports() {
  python3 - "$1" <<'P'
import socket, sys
held = [socket.socket() for _ in range(int(sys.argv[1]))]
for s in held: s.bind(("127.0.0.1", 0))
print(*[s.getsockname()[1] for s in held])
P
}

stop() {
  $stopping && return
  stopping=true
  trap '' INT TERM
  [ ${#silos[@]} -eq 0 ] || kill -TERM "${silos[@]}" 2>/dev/null || true
  for silo in "${silos[@]}"; do wait "$silo" 2>/dev/null || true; done
  [ -z "$tail" ] || { sleep 0.2; kill "$tail" 2>/dev/null || true; wait "$tail" 2>/dev/null || true; }
  [ -z "$emulator" ] || { kill -TERM "$emulator" 2>/dev/null || true; wait "$emulator" 2>/dev/null || true; }
  rm -rf "$work"
  echo "The cluster has stopped."
}
trap stop EXIT
trap 'exit 0' INT TERM

# wait_for SECONDS WHAT COMMAND…: until the command succeeds.
wait_for() {
  local tries=$(($1 * 10)) what=$2
  shift 2
  until "$@" 2>/dev/null; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || { echo "cluster.sh: $what" >&2; tail -n 20 "$work"/*.log >&2; exit 1; }
    sleep 0.1
  done
}

dotnet build "$root/src/AccountGrains.Silo" -c Release --nologo -v quiet
read -r -a ports <<<"$(free_ports $((3 + 3 * count)))"

# In sessions of their own, so that Ctrl-C reaches this script alone, which stops them in their order.
setsid "$root/infra/azurite/run.sh" --memory --blob "${ports[0]}" --table "${ports[1]}" --queue "${ports[2]}" >"$work/azurite.log" 2>&1 &
emulator=$!
wait_for 120 "the storage emulator did not start" grep -q '^ready' "$work/azurite.log"
connection="DefaultEndpointsProtocol=http;AccountName=$account;AccountKey=$account_key;BlobEndpoint=http://127.0.0.1:${ports[0]}/$account;TableEndpoint=http://127.0.0.1:${ports[1]}/$account;"

for ((i = 0; i < count; i++)); do
  http=${ports[$((3 + 3 * i))]}
  setsid dotnet "$root/src/AccountGrains.Silo/bin/Release/net10.0/AccountGrains.Silo.dll" --urls "http://127.0.0.1:$http" \
    "--AccountGrains:DataDirectory=$work/silo-$i" --AccountGrains:Cluster:Provider=AzureTable --AccountGrains:Storage:Provider=AzureTable \
    "--AccountGrains:Storage:ConnectionStrings:0=$connection" "--AccountGrains:Keys:Current=$key" \
    "--AccountGrains:Cluster:SiloPort=${ports[$((4 + 3 * i))]}" "--AccountGrains:Cluster:GatewayPort=${ports[$((5 + 3 * i))]}" "$@" \
    >"$work/silo-$i.log" 2>&1 &
  silos+=($!)
  # One after the other: the first makes the tables, and each finds those before it.
  ready() { kill -0 "${silos[$i]}" || { echo "cluster.sh: silo $i has ended:" >&3; tail -n 20 "$work/silo-$i.log" >&3; exit 1; }; curl -fsS -o "$work/ready" "http://127.0.0.1:$http/healthz/ready"; }
  wait_for 120 "silo $i did not become ready" ready
  echo "silo $i  http://127.0.0.1:$http"
done
echo "emulator  tables http://127.0.0.1:${ports[1]}/$account, blobs http://127.0.0.1:${ports[0]}/$account"
echo "Ctrl-C stops all."

tail -n +1 -F "$work"/silo-*.log &
tail=$!
while :; do
  for ((i = 0; i < count; i++)); do
    kill -0 "${silos[$i]}" 2>/dev/null || { echo "cluster.sh: silo $i has ended" >&2; exit 1; }
  done
  sleep 1
done
