#!/bin/sh
# Times tiaoji-flow, LEMON's network simplex and OR-Tools' SimpleMinCostFlow on the same networks, on one core:
#
#   benches/peers/run.sh [SECONDS for each solver and network]
#
# Needs Debian's packages, g++, python3 with venv and taskset. Work and results stay in FOLDER (target/peers), solving
# runs on core CORE (0).
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
folder=${FOLDER:-$root/target/peers}
mkdir -p "$folder/networks"

if [ ! -f /usr/include/lemon/network_simplex.h ]; then
    apt-get install -y liblemon-dev
fi
g++ -O3 -march=native -DNDEBUG -o "$folder/lemon" "$here/lemon.cpp"

if [ ! -x "$folder/python/bin/python" ]; then
    python3 -m venv "$folder/python"
    "$folder/python/bin/pip" install --quiet ortools
fi

RUSTFLAGS="-C target-cpu=native" CARGO_TARGET_DIR="$folder/cargo" cargo build --quiet --release \
    --manifest-path "$root/Cargo.toml" -p tiaoji-benches --bin peers
ours=$folder/cargo/release/peers
"$ours" write "$folder/networks"

taskset -c "${CORE:-0}" "$folder/python/bin/python" "$here/compare.py" \
    "$folder/networks" "$ours" "$folder/lemon" "${1:-0.3}" | tee "$folder/table.md"
