#!/bin/sh
# Builds the wheel, installs it into an empty environment and calls it from another directory.
set -eu
uv="$PWD/.venv/bin/python -m uv"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

$uv build --quiet --wheel --out-dir "$work/dist"
$uv venv --quiet --python .venv/bin/python "$work/venv"
$uv pip install --quiet --python "$work/venv/bin/python" "$work"/dist/*.whl
cp tests/wheel_call.py examples/levain.yaml "$work"
cd "$work"
env -i PATH=/usr/bin:/bin HOME="$work" "$work/venv/bin/python" -W error::ResourceWarning wheel_call.py
env -i PATH=/usr/bin:/bin HOME="$work" "$work/venv/bin/ai-service" brief check levain.yaml
