#!/bin/sh
# A push, and what it came to in a file for node_exporter's textfile collector: for jobs that are over before Prometheus looks.
#   textfile.sh /var/lib/node_exporter/textfile/pnpc.prom shipment.jsonl --not-after 2026-11-28T21:00+09:00
set -u
file=$1
shift
pnpc push "$@" --format json > "$file.out"
code=$?
tail -n 1 "$file.out" | python3 -c 'import json, sys
for name, count in json.load(sys.stdin).items():
    print(f"pnpc_last_push_{name} {count}")' > "$file.new" && mv "$file.new" "$file"
rm -f "$file.out" "$file.new"
exit $code
