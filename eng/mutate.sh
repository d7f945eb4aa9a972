#!/usr/bin/env bash
# Inverts the conditions of the security-relevant classes, one at a time, and lists the mutants that no test notices, with a score per file. Arguments:
# paths below src/JwksAuth. Default: the files in tests/JwksAuth.Mutation/files.txt. Fails if the tests of a file notice less than 85 %.
set -euo pipefail
cd "$(dirname "$0")/.."

exec dotnet run --project tests/JwksAuth.Mutation -c Release -- "$@"
