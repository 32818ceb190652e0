#!/usr/bin/env bash
# Schemathesis against a demonstration zone: every operation but those that would take the caller's own key away, streams
# that do not end, and tables, which it cannot make up.
# .ci/schemathesis.sh SERVER [EXAMPLES]: the program, and examples an operation (default 20, more than 1,000 cases in all).
# A body that fits its schema may still break a rule that no schema can say (an unknown firm, the last day before the
# first), name a version that is not the current one, or meet a state: 409, 412, 422 and 428 are right answers then.
set -euo pipefail
cd "$(dirname "$0")/.."
server=$(realpath "$1") examples=${2:-20} tools=target/ci-schemathesis logs=target/ci-logs
[ -x "$tools/bin/schemathesis" ] || { python3 -m venv "$tools" && "$tools/bin/pip" install --quiet schemathesis==4.32.5; }
mkdir -p "$logs"
RUST_LOG=debug "$server" --demo --listen 127.0.0.1:0 >"$tools/demo" 2>"$logs/schemathesis.log" &
trap "kill $!" EXIT
for _ in $(seq 100); do grep -q '  zone     key' "$tools/demo" && break; sleep 0.1; done
address=$(sed -n 's/^tiaoji-server listens on //p' "$tools/demo")
key=$(sed -n 's/^  zone     key   //p' "$tools/demo")
export SECRETS=$logs/schemathesis.secrets PYTHONPATH=.ci SCHEMATHESIS_HOOKS=schemathesis_hooks
sed -nE 's/.* (password|key) +(\S+)$/\1 \2/p' "$tools/demo" >"$SECRETS"
cat >"$tools/config.toml" <<'CONFIG'
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "3xx", 401, 403, 404, 409, 412, 422, 428, 429]
[checks.negative_data_rejection]
expected-statuses = [400, 401, 403, 404, 405, 406, 409, 412, 415, 422, 428, 429]
CONFIG
"$tools/bin/schemathesis" --config-file "$tools/config.toml" run "$address/openapi.json" \
  -H "Authorization: Bearer $key" --checks all --max-examples "$examples" --generation-deterministic \
  --exclude-path-regex '(/events|:import)$' --exclude-operation-id revoke_key --exclude-operation-id rotate_key --exclude-operation-id log_out \
  --phases examples,coverage,fuzzing
