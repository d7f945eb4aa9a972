#!/usr/bin/env bash
# Compares samples/NativeApi in three publishes: regular, trimmed and native. Prints size, time from the start of the process to the first response, and
# resident memory after 1,000 requests, as medians of five interleaved runs. Linux only. Publishes what artifacts/comparison does not have yet.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=artifacts/comparison
kinds=(regular trimmed native)
runs=5
port=5099
requests=1000
declare -A options=(
  [regular]='-p:PublishTrimmed=false -p:DynamicCodeSupport=true -p:JsonSerializerIsReflectionEnabledByDefault=true'
  [trimmed]=''
  [native]='-p:PublishAot=true'
)
trap 'kill "${api:-}" 2>/dev/null || true' EXIT
export ASPNETCORE_URLS=http://127.0.0.1:$port Logging__LogLevel__Default=Warning

# One request without a token, over a new connection: 401, the response of the whole pipeline.
first_response() {
  local status
  until exec 3<>"/dev/tcp/127.0.0.1/$port"; do sleep 0.002; done 2>/dev/null
  printf 'GET /me HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3
  read -r _ status _ <&3
  exec 3>&-
  [[ $status == 401 ]] || { printf 'expected 401, got %s\n' "$status" >&2; return 1; }
}

measure() {
  local started milliseconds memory
  started=$(date +%s%N)
  (cd "$folder/$1" && exec ./NativeApi >/dev/null) &
  api=$!
  first_response
  milliseconds=$((($(date +%s%N) - started) / 1000000))
  curl --silent --output /dev/null "http://127.0.0.1:$port/me?[1-$requests]"
  memory=$(awk '/^VmRSS/ { print int($2 / 1024) }' "/proc/$api/status")
  kill "$api"
  wait "$api" || true
  api=
  printf '%s %s %s\n' "$1" "$milliseconds" "$memory" >>"$folder/runs.txt"
}

median() { awk -v kind="$1" -v column="$2" '$1 == kind { print $column }' "$folder/runs.txt" | sort -n | sed -n "$(((runs + 1) / 2))p"; }

size() { find "$folder/$1" -type f ! -name '*.dbg' ! -name '*.pdb' ! -name '*.xml' -printf '%s\n' | awk '{ sum += $1 } END { printf "%.1f", sum / 1e6 }'; }

for kind in "${kinds[@]}"; do
  # shellcheck disable=SC2086 # several options
  [[ -x $folder/$kind/NativeApi ]] || dotnet publish samples/NativeApi -c Release -o "$folder/$kind" ${options[$kind]}
done

rm -f "$folder/runs.txt"
for ((run = 0; run < runs; run++)); do
  for kind in "${kinds[@]}"; do measure "$kind"; done
done

printf '| publish | size | first response | memory |\n|---|---|---|---|\n'
for kind in "${kinds[@]}"; do
  printf '| %s | %s MB | %s ms | %s MB |\n' "$kind" "$(size "$kind")" "$(median "$kind" 2)" "$(median "$kind" 3)"
done
