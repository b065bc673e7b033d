"""Numbers and texts of the people that LINE did not reach: python3 for_sms.py TABLE EXPORT > sms.csv

TABLE is any CSV with a column `phone`; EXPORT is what `pnpc status PAYLOADS --export EXPORT` wrote.
"""

import csv
import subprocess
import sys


def rows(name: str) -> list[dict[str, str]]:
    with open(name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


table, export = sys.argv[1:]
numbers = [row["phone"] for row in rows(table)]
# One digest a line, an empty line for what is no number; the numbers stay on this machine.
hashed = subprocess.run(
    ["pnpc", "hash", "--country", "JP"],
    input="".join(f"{number}\n" for number in numbers),
    stdout=subprocess.PIPE,
    text=True,
)
number_of = dict(zip(hashed.stdout.splitlines(), numbers, strict=True))

out = csv.writer(sys.stdout, lineterminator="\n")
out.writerow(("phone", "sms"))
for row in rows(export):
    if row["sms"] and row["to"] in number_of:
        out.writerow((number_of[row["to"]], row["sms"]))
