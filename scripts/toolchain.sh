# Sourced by scripts that build Python environments, from the root of the project.
# Sets $python, a Python >= 3.12 that is found anywhere it is usually installed, or the version
# that $python_version names, and $uv, which is fetched into .tools when the machine has none.

python_version=${python_version:-}

fits() {
    if [ -n "$python_version" ]; then
        "$1" -c "import sys; sys.exit('%d.%d' % sys.version_info[:2] != '$python_version')"
    else
        "$1" -c 'import sys; sys.exit(sys.version_info < (3, 12))'
    fi >/dev/null 2>&1
}

find_python() {
    for candidate in python3.12 python3.13 python3.14 python3 python \
        "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.1[2-9]*/bin/python3; do
        if fits "$candidate"; then
            "$candidate" -c 'import sys; print(sys.executable)'
            return
        fi
    done
    echo "error: no Python ${python_version:->= 3.12} found on PATH or in pyenv; install one and run" \
        "this again" >&2
    exit 1
}

python=$(find_python)
if command -v uv >/dev/null 2>&1 && uv --version >/dev/null 2>&1; then
    uv=uv
else
    uv=$PWD/.tools/uv/bin/uv
    if [ ! -x "$uv" ]; then
        echo "fetching uv into .tools/uv"
        "$python" -m venv .tools/uv
        .tools/uv/bin/python -m pip install --quiet --disable-pip-version-check uv
    fi
fi

export UV_SYSTEM_CERTS=true  # trust what the machine trusts
