#!/usr/bin/env bash
# Fuzzes the readers of untrusted input, guided by coverage: eng/fuzz.sh [reader|all] [seconds]. Default: each reader for 60 seconds, one per core at a
# time. Needs the .NET 10 SDK, and installs afl++ if possible. Prints a table, and fails if a reader crashed or hung: the inputs are in
# artifacts/fuzz/out/<reader>/default/crashes and hangs.
set -euo pipefail
cd "$(dirname "$0")/.."

wanted=${1:-all}
seconds=${2:-60}
project=tests/JwksAuth.Fuzzing
folder=$PWD/artifacts/fuzz
program=$folder/bin/JwksAuth.Fuzzing

# afl-fuzz looks for instrumentation in native code, and for crashes in core dumps; SharpFuzz instruments the packages and reports exceptions itself.
export AFL_SKIP_BIN_CHECK=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1 AFL_NO_UI=1
export DOTNET_NOLOGO=true DOTNET_CLI_TELEMETRY_OPTOUT=true

install_afl() {
  local root=()
  command -v afl-fuzz >/dev/null && return 0
  ((EUID == 0)) || root=(sudo -n)
  command -v apt-get >/dev/null && "${root[@]}" apt-get update -qq && DEBIAN_FRONTEND=noninteractive "${root[@]}" apt-get install -qq -y --no-install-recommends afl++ ||
    { echo 'afl-fuzz is missing: install AFL++ 4' >&2; return 1; }
}

build() {
  rm -rf "$folder"
  mkdir -p "$folder/out"
  dotnet tool restore
  dotnet build "$project" -c Release -v q
  cp -r "$project/bin/Release/net10.0" "$folder/bin"
  dotnet sharpfuzz "$folder/bin/JwksAuth.dll"
  dotnet sharpfuzz "$folder/bin/JwksAuth.Issuer.dll"
}

# The limit for one input is long, because other processes may use the core; no reader needs a hundredth of it.
fuzz() {
  afl-fuzz -i "$project/Corpus/$1" -o "$folder/out/$1" -x "$project/Dictionary.txt" -t 5000 -m none -V "$seconds" -- \
    "$program" "$1" "$PWD/$project/Corpus/$1" >"$folder/out/$1.log" 2>&1 || echo "$1: afl-fuzz failed, see $folder/out/$1.log" >&2
}

stat() {
  sed -n "s/^$2 *: //p" "$folder/out/$1/default/fuzzer_stats" 2>/dev/null
}

report() {
  local reader faults=0
  printf '%-22s %8s %12s %8s %7s %7s %8s %6s\n' reader seconds executions per-s edges inputs crashes hangs
  for reader in "${readers[@]}"; do
    printf '%-22s %8s %12s %8.0f %7s %7s %8s %6s\n' "$reader" "$(stat "$reader" run_time)" "$(stat "$reader" execs_done)" "$(stat "$reader" execs_per_sec)" \
      "$(stat "$reader" edges_found)" "$(stat "$reader" corpus_count)" "$(stat "$reader" saved_crashes)" "$(stat "$reader" saved_hangs)"
    [[ $(stat "$reader" saved_crashes)$(stat "$reader" saved_hangs) == 00 ]] || faults=$((faults + 1))
  done
  return "$faults"
}

install_afl
build
mapfile -t readers < <("$program" --list)
[[ $wanted == all ]] || readers=("$wanted")

for reader in "${readers[@]}"; do
  (($(jobs -rp | wc -l) < $(nproc))) || wait -n
  fuzz "$reader" &
done
wait
report
