#!/usr/bin/env bash
# Asks the advisory services about every locked package: 1 when one has a known hole, 3 when nobody could be asked.
set -euo pipefail
cd "$(dirname "$0")/.."

said=$(mktemp)
trap 'rm -f "$said"' EXIT
status=0

unreachable() {
    echo "$1: the advisory service could not be asked, so nothing is known. It said:" >&2
    tail -n 5 "$said" >&2
    [[ $status -eq 1 ]] || status=3
}

for lock in requirements.lock deploy/requirements.lock; do
    # Run apart from the environment: it must be newer than the locks, and wants packages of its own.
    if .venv/bin/uv tool run --quiet --from 'pip-audit>=2.9,<3' pip-audit --progress-spinner off --disable-pip \
        --require-hashes --requirement "$lock" >"$said" 2>&1; then
        echo "$lock: no known holes"
    elif grep -qE 'Found [0-9]+ known vulnerabilit' "$said"; then
        cat "$said" >&2
        status=1
    else
        unreachable "$lock"
    fi
done

if (cd ui && npm audit --audit-level=moderate) >"$said" 2>&1; then
    echo 'ui/package-lock.json: no known holes'
elif grep -q 'vulnerabilit' "$said"; then
    cat "$said" >&2
    status=1
else
    unreachable ui/package-lock.json
fi
exit $status
