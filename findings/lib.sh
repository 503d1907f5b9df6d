# Sourced by every finding: a fresh environment, a program in it, and what it has to print.
#
#   packages REQUIREMENT...      install from Python's registry, nothing newer than the finding
#   node_packages REQUIREMENT... install from Node's registry
#   python_program <<'EOF'       run the program; its standard output is what was seen
#   node_program <<'EOF'
#   same_python_program          run it again, with what has been installed since
#   expect <<'EOF'               compare with what was seen when the finding was written
#
# Exit status: 0 when the behaviour is as described, 1 when it changed, 2 when it could not be run.
set -eu
findings=$(cd "$(dirname "$0")" && pwd)
finding=$findings/$(basename "$0")
cd "$findings/.."
. scripts/toolchain.sh

work=$(mktemp -d "${TMPDIR:-/tmp}/finding.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 2' HUP INT TERM
seen=$(sed -n 's/^# Seen: //p' "$finding")
cd "$work"

could_not_run() {
    echo "could not run: $1" >&2
    exit 2
}

packages() {
    echo "$*"
    [ -d venv ] || "$uv" venv --quiet --python "$python" venv || could_not_run "no environment"
    "$uv" pip install --quiet --python venv/bin/python --exclude-newer "$seen" "$@" \
        || could_not_run "$* cannot be installed"
}

node_packages() {
    echo "$*"
    command -v npm >/dev/null 2>&1 || could_not_run "there is no npm here"
    [ -f package.json ] || echo '{"private": true}' > package.json
    npm install --silent --no-audit --no-fund --before "$seen" "$@" >npm.log 2>&1 \
        || could_not_run "$* cannot be installed: $(tail -n 1 npm.log)"
}

seconds_allowed() {
    if grep -q '^# Long: ' "$finding"; then echo 1800; else echo 100; fi
}

# Run a command without the user's keys, profiles, options and proxies: a finding shows the library,
# not the machine.
alone() (
    for variable in $(env | grep -E -o '^(AWS|DEEPGRAM|NODE|OTEL|PYTHON)[A-Z0-9_]*'); do
        unset "$variable"
    done
    export HOME="$work" NO_PROXY=127.0.0.1 PYTHONHASHSEED=0 PYTHONWARNINGS=ignore
    if command -v timeout >/dev/null 2>&1; then
        exec timeout "$(seconds_allowed)" "$@"
    fi
    exec "$@"
)

run() {
    if ! alone "$@" >>output 2>errors; then
        tail -n 20 errors >&2
        echo "CHANGED: the program failed; it had printed:" >&2
        cat output >&2
        exit 1
    fi
}

python_program() {
    cat > program.py
    run venv/bin/python program.py
}

same_python_program() {
    run venv/bin/python program.py
}

node_program() {
    cat > program.mjs
    run node program.mjs
}

expect() {
    cat > expected
    if ! diff -u expected output >difference; then
        echo "CHANGED since $seen:" >&2
        tail -n +3 difference >&2
        exit 1
    fi
    cat output
    echo "as seen on $seen"
}
