#!/bin/sh
# The main job on the example shop, on one screen: mistakes at their places, requests, a push to the emulator that plays
# LINE, and what became of each message. Needs `pnpc` on the PATH, no account and no network. It works on a copy of the
# shop, so nothing is left in the folder; what you see is what the commands print.
OUT=$(mktemp -d) || exit 2
SERVERS=
finish() {
    # shellcheck disable=SC2086  # a list of process ids
    [ -z "$SERVERS" ] || kill $SERVERS 2>/dev/null
    wait
    rm -rf "$OUT"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
cp -R "$(dirname "$0")/shop/." "$OUT" || exit 2
cd "$OUT" || exit 2
# The emulator takes any token and secret; they only have to be there. One name for the journal of this address.
export LINE_CHANNEL_SECRET=demo-secret LINE_CHANNEL_ACCESS_TOKEN=demo-token PNPC_JOURNAL=shop.journal.db

# show EXIT-CODE COMMAND: print a command, run it, and stop the demo if it ends with another exit code.
show() {
    printf '$ %s\n' "$2"
    sh -c "$2"
    code=$?
    [ "$code" -eq "$1" ] || { echo "demo: exit code $code, expected $1" >&2; exit 1; }
}

# serve NAME COMMAND: run a server in the background, and put the URL that it prints into URL.
serve() {
    sh -c "exec $2" > "$1.url" 2> "$1.log" &
    SERVERS="$SERVERS $!"
    for _ in $(seq 200); do
        URL=$(head -n 1 "$1.url")
        [ -n "$URL" ] && return
        sleep 0.1
    done
    echo "demo: $1 does not start" >&2
    cat "$1.log" >&2
    exit 1
}

echo 'A shop tells three customers by LINE that their parcel left. Nothing leaves this computer: an emulator plays LINE.'
echo
echo '1. A spec with mistakes, made on purpose. pnpc finds each one, at its line and column, then one of them in full:'
show 1 'pnpc check mistakes --format concise'
show 1 'pnpc check mistakes --select content-too-long'
echo
echo '2. A good spec. With the table of orders it becomes one request for each customer:'
show 0 'pnpc check notifications/shipment.yaml'
show 0 'pnpc compile notifications/shipment.yaml --recipients orders.csv -o shipment.jsonl'
show 0 'head -n 1 shipment.jsonl | cut -c -200'
echo
echo '3. Send them. One customer is not known to LINE, one has blocked the shop. The second push sends nothing again:'
serve listen 'pnpc listen --port 0'
export LISTEN="$URL"
serve emulator 'pnpc emulator --webhook $LISTEN'
export EMULATOR="$URL"
show 4 'pnpc push shipment.jsonl --api-url $EMULATOR'
show 4 'pnpc push shipment.jsonl --api-url $EMULATOR'
echo
echo '4. What became of each message, by the events that LINE sent back:'
# The event of a delivered message comes a moment after the push.
for _ in $(seq 100); do
    pnpc status | grep -q ' delivered ' && break
    sleep 0.1
done
show 0 'pnpc status | head -n 5'
