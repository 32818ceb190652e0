#!/usr/bin/env bash
# Clients that others' generators make from the description of the service, against a demonstration zone: in Python and in
# TypeScript (tsc --strict), each matches the fixture, reads its plan, posts a shortage and changes it under If-Match.
# .ci/clients.sh SERVER: the program.
set -euo pipefail
cd "$(dirname "$0")/.."
server=$(realpath "$1") tools=$PWD/target/ci-clients logs=$PWD/target/ci-logs
mkdir -p "$tools" "$logs"
[ -x "$tools/python/bin/openapi-python-client" ] || {
  python3 -m venv "$tools/python" && "$tools/python/bin/pip" install --quiet openapi-python-client==0.29.1
}
[ -d "$tools/node_modules/@types/node" ] || npm install --silent --no-fund --no-audit --prefix "$tools" \
  openapi-typescript@7.13.0 openapi-fetch@0.14.1 typescript@5.9.3 @types/node@24

RUST_LOG=debug "$server" --demo --listen 127.0.0.1:0 >"$tools/demo" 2>"$logs/clients.log" &
trap "kill $!" EXIT
for _ in $(seq 100); do grep -q '  zone     key' "$tools/demo" && break; sleep 0.1; done
sed -nE 's/.* (password|key) +(\S+)$/\1 \2/p' "$tools/demo" >"$logs/clients.secrets"
TIAOJI_ADDRESS=$(sed -n 's/^tiaoji-server listens on //p' "$tools/demo")
TIAOJI_KEY=$(sed -n 's/^  zone     key   //p' "$tools/demo")
export TIAOJI_ADDRESS TIAOJI_KEY
curl -sf "$TIAOJI_ADDRESS/openapi.json" >"$tools/openapi.json"
curl -sf -H "Authorization: Bearer $TIAOJI_KEY" "$TIAOJI_ADDRESS/v1/scenario" >"$tools/jibei.json"

# A warning is an operation that the generator has left out.
rm -rf "$tools/out"
"$tools/python/bin/openapi-python-client" generate --path "$tools/openapi.json" --output-path "$tools/out" \
  --config .ci/clients/python.yaml --fail-on-warning
PYTHONPATH=$tools/out "$tools/python/bin/python" .ci/clients/client.py "$tools/jibei.json"

mkdir -p "$tools/typescript"
echo '{ "type": "module" }' >"$tools/typescript/package.json"
"$tools/node_modules/.bin/openapi-typescript" "$tools/openapi.json" -o "$tools/typescript/schema.d.ts" >/dev/null
cp .ci/clients/client.ts "$tools/typescript/"
"$tools/node_modules/.bin/tsc" --strict --target es2022 --module nodenext --moduleResolution nodenext --types node \
  --typeRoots "$tools/node_modules/@types" "$tools/typescript/client.ts"
node "$tools/typescript/client.js" "$tools/jibei.json"
