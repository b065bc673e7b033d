#!/bin/sh
# The main job on the example shop, on one screen: mistakes at their places, then ready-to-send requests.
# Needs `pnpc` on the PATH. What is shown is what the commands print; nothing is left in the folder.
cd "$(dirname "$0")/shop" || exit 2
OUT=$(mktemp -d) || exit 2
trap 'rm -rf "$OUT"' EXIT
export OUT

# show EXIT-CODE COMMAND: print a command, run it, and stop the demo if it ends in another way.
show() {
    printf '\n$ %s\n' "$2"
    sh -c "$2"
    code=$?
    [ "$code" -eq "$1" ] || { echo "demo: exit code $code, expected $1" >&2; exit 1; }
}

echo 'A spec that is wrong on purpose: every mistake at its place, then two of them in full.'
show 1 'pnpc check mistakes --format concise'
show 1 'pnpc check mistakes --select content-too-long,comment-cuts-text'
echo
echo 'Specs that are right, and the requests that they make: one line of JSON for each recipient.'
show 0 'pnpc check notifications'
show 0 'pnpc compile notifications/shipment.yaml --recipients recipients.csv -o "$OUT/shipment.jsonl"'
show 0 'head -n 1 "$OUT/shipment.jsonl"'
echo
echo 'Next: `pnpc explain PNP206` tells why a rule is there, `pnpc init` sets up a project of your own.'
