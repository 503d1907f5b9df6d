# Sourced by every finding: a fresh environment, a program in it, and what it has to print.
#
#   packages REQUIREMENT...      install from Python's registry, nothing newer than the finding
#   node_packages REQUIREMENT... install from Node's registry
#   python_program <<'EOF'       run the program; its standard output is what was seen
#   node_program <<'EOF'
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

# A finding shows the library, not the machine: nobody's keys, profiles or options take part.
for variable in $(env | sed -n 's/^\(\(AWS\|DEEPGRAM\|PYTHON\|NODE\|OTEL\)_*[A-Z_]*\)=.*/\1/p'); do
    unset "$variable"
done
export PYTHONWARNINGS=ignore PYTHONHASHSEED=0

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

run() {
    limit=$(command -v timeout || true)
    if ! HOME=$work ${limit:+"$limit" 100} "$@" >output 2>errors; then
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
