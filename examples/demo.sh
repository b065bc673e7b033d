#!/bin/sh
# The whole way on the example shop, on one screen: mistakes at their places, requests, a push to the emulator that plays
# LINE's side, and what became of every message. Needs `pnpc` on the PATH, no account and no network. What is shown is
# what the commands print; nothing is left in the folder.
cd "$(dirname "$0")/shop" || exit 2
OUT=$(mktemp -d) || exit 2
SERVERS=
trap 'kill $SERVERS 2>/dev/null; wait; rm -rf "$OUT"' EXIT
export OUT LISTEN EMULATOR
# What they are does not matter to the emulator, only that they are there.
export LINE_CHANNEL_SECRET=demo-secret LINE_CHANNEL_ACCESS_TOKEN=demo-token

# show EXIT-CODE COMMAND: print a command, run it, and stop the demo if it ends in another way.
show() {
    printf '\n$ %s\n' "$2"
    sh -c "$2"
    code=$?
    [ "$code" -eq "$1" ] || { echo "demo: exit code $code, expected $1" >&2; exit 1; }
}

# serve NAME COMMAND: print a command, run it in the background, and leave the URL that it prints in URL.
serve() {
    printf '\n$ %s &\n' "$2"
    sh -c "exec $2" > "$OUT/$1" 2> "$OUT/$1.log" &
    SERVERS="$SERVERS $!"
    for _ in $(seq 100); do
        URL=$(head -n 1 "$OUT/$1")
        [ -n "$URL" ] && echo "$URL" && return
        sleep 0.1
    done
    echo "demo: $1 does not start" >&2
    cat "$OUT/$1.log" >&2
    exit 1
}

echo 'A spec that is wrong on purpose: every mistake at its place, and one of them in full.'
show 1 'pnpc check mistakes --format concise'
show 1 'pnpc check mistakes --select comment-cuts-text'
echo
echo 'Specs that are right, and the requests that they make: one line of JSON for each recipient.'
show 0 'pnpc check notifications'
show 0 'pnpc compile notifications/shipment.yaml --recipients orders.csv -o "$OUT/shipment.jsonl"'
show 0 'head -n 1 "$OUT/shipment.jsonl" | cut -c -300'
echo
echo "LINE's side on this machine, and a receiver of its webhooks; then the push. One person is unknown to LINE, one has"
echo 'blocked the account. The second push takes up what is left, which is nothing: nobody is notified twice.'
serve listen 'pnpc listen --journal "$OUT/shipment.journal.db" --port 0'
LISTEN=$URL
serve emulator 'pnpc emulator --webhook $LISTEN'
EMULATOR=$URL
show 4 'pnpc push "$OUT/shipment.jsonl" --api-url $EMULATOR'
show 4 'pnpc push "$OUT/shipment.jsonl" --api-url $EMULATOR'
sleep 1
show 0 'pnpc status --journal "$OUT/shipment.journal.db"'
