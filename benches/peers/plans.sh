#!/bin/sh
# Plans of tiaoji and of HiGHS on the same scenarios in the same run, both with all cores:
#
#   benches/peers/plans.sh [SECONDS for each solver and scenario] [SCENARIO...]
#
# Needs python3 with venv. Without scenarios it makes up zones of 150 + 150, 400 + 400 and, with stays, fairness and
# rest days, 400 + 400 postings. Work and results stay in FOLDER (target/peers).
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
folder=${FOLDER:-$root/target/peers}
seconds=${1:-120}
[ $# -eq 0 ] || shift
mkdir -p "$folder"

if [ ! -x "$folder/highs/bin/python" ]; then
    python3 -m venv "$folder/highs"
    "$folder/highs/bin/pip" install --quiet highspy
fi
cargo build --quiet --release --manifest-path "$root/Cargo.toml" -p tiaoji-benches -p tiaoji-cli
programs=$root/target/release

if [ $# -eq 0 ]; then
    "$programs/tiaoji" generate "$folder/zone-150" --surplus 150 --shortage 150 --force >"$folder/log"
    "$programs/tiaoji" generate "$folder/zone-400" --force >>"$folder/log"
    "$programs/tiaoji" generate "$folder/zone-400-stays" --force >>"$folder/log"
    sed -i 's/^min_stay_days = .*/min_stay_days = 7/; s/^fairness = .*/fairness = true/; s/^rest_weekdays = .*/rest_weekdays = ["Sun"]/' \
        "$folder/zone-400-stays/scenario.toml"
    set -- "$folder/zone-150" "$folder/zone-400" "$folder/zone-400-stays"
fi
"$folder/highs/bin/python" "$here/plans.py" "$programs/curve" "$programs/model" "$folder" "$seconds" "$@" |
    tee "$folder/plans.md"
