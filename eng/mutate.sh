#!/usr/bin/env bash
# Decides each condition of the security-relevant classes wrongly, one at a time, and shows which of these mutants no test notices, with a score per file. Takes
# paths below src/JwksAuth; without any, tests/JwksAuth.Mutation/files.txt lists them. Fails where a file's tests notice less than 85 %.
set -euo pipefail
cd "$(dirname "$0")/.."

exec dotnet run --project tests/JwksAuth.Mutation -c Release -- "$@"
