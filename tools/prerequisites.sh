#!/bin/sh
# Finds the programs that Stillroom is built with, or says how to get them.
#   prerequisites.sh python   prints a Python that is new enough and can make environments
#   prerequisites.sh node     succeeds when node and npm are new enough
set -eu

PYTHON_NEEDED=3.11
NODE_NEEDED=20.19

fail() {
    printf '\nStillroom: %s\n\n' "$1" >&2
    exit 1
}

find_python() {
    found=
    for name in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
        command -v "$name" >/dev/null 2>&1 || continue
        version=$("$name" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue
        found="$found $name ($version)"
        "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || continue
        "$name" -c 'import venv, ensurepip' 2>/dev/null ||
            fail "$name cannot make environments, a part is missing. On Debian and Ubuntu: apt-get install python3-venv"
        printf '%s\n' "$name"
        return
    done
    [ -n "$found" ] || fail "python3 is missing; Python $PYTHON_NEEDED or newer is needed. On Debian and Ubuntu: apt-get install python3 python3-venv"
    fail "Python $PYTHON_NEEDED or newer is needed; found only:$found. A newer one can be named: make run PYTHON=/path/to/python3"
}

check_node() {
    command -v node >/dev/null 2>&1 ||
        fail "node is missing; Node $NODE_NEEDED or newer is needed (nodejs.org, or on Debian 13: apt-get install nodejs npm)"
    command -v npm >/dev/null 2>&1 || fail "npm is missing beside node. On Debian and Ubuntu: apt-get install npm"
    version=$(node --version)
    node -e '
        const [have, need] = [process.versions.node, process.argv[1]].map((text) => text.split(".").map(Number));
        process.exit(have[0] > need[0] || (have[0] === need[0] && have[1] >= need[1]) ? 0 : 1);
    ' "$NODE_NEEDED" || fail "Node $NODE_NEEDED or newer is needed; found $version"
}

case "${1:-}" in
python) find_python ;;
node) check_node ;;
*) fail "usage: prerequisites.sh python|node" ;;
esac
