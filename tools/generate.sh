#!/usr/bin/env bash
# Rebuilds the files that come from the code, or with --check says which of them are stale.
set -euo pipefail
cd "$(dirname "$0")/.."

fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT

.venv/bin/python -m tools.generated "$fresh"
# From the 3.1 document, because 3.0 knows no tuples.
(cd ui && npx --no-install openapi-typescript "$fresh/openapi.json" --output "$fresh/schema.gen.ts" >/dev/null)

declare -A files=(
    [openapi.yaml]=openapi.yaml
    [schema.gen.ts]=ui/src/api/schema.gen.ts
    [bounds.gen.ts]=ui/src/api/bounds.gen.ts
    [reference.md]=docs/reference.md
)
for schema in "$fresh"/*.schema.json; do
    files[${schema##*/}]=src/stillroom/catalog/${schema##*/}
done
stale=()
for name in "${!files[@]}"; do
    target=${files[$name]}
    cmp --silent "$fresh/$name" "$target" && continue
    stale+=("$target")
    if [[ ${1:-} != --check ]]; then
        mkdir -p "$(dirname "$target")"
        cp "$fresh/$name" "$target"
        echo "rebuilt $target"
    fi
done

if [[ ${1:-} == --check && ${#stale[@]} -gt 0 ]]; then
    echo "Stale: ${stale[*]}. Run: make generate" >&2
    exit 1
fi
