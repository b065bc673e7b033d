#!/bin/sh
# The main job on the example shop: mistakes at their places, then ready-to-send requests. Needs `pnpc` on the PATH.
cd "$(dirname "$0")/shop" || exit 2
show() { printf '\n$ %s\n' "$*"; "$@"; }

show pnpc check mistakes
[ $? -eq 1 ] || { echo "demo: expected exit code 1"; exit 1; }
show pnpc check notifications || exit 1
show pnpc compile notifications/shipment.yaml --recipients recipients.csv || exit 1
show pnpc explain PNP204 || exit 1
