"""The pipeline that a team would write for `compile.SPEC`: each library as its documentation shows it.

csv.DictReader, phonenumbers, Jinja2 for each field, line-bot-sdk's request model, json.dumps. Prints the seconds that
the rows took, without the start.
"""

import csv
import hashlib
import json
import sys
import time
import warnings
from datetime import date
from urllib.parse import quote

import jinja2
import phonenumbers

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from linebot.v3.messaging.models import (
        PnpTemplatedButton,
        PnpTemplatedEmphasizedItem,
        PnpTemplatedItem,
        PnpTemplatedMessageBody,
        PnpTemplatedMessageRequest,
    )

JINJA = jinja2.Environment(undefined=jinja2.StrictUndefined)
JINJA.filters["day"] = lambda text: (lambda one: f"{one.year}年{one.month}月{one.day}日")(date.fromisoformat(text))
JINJA.filters["yen"] = lambda text: f"{int(text):,}円"
JINJA.filters["quote"] = lambda text: quote(text, safe="")
EMPHASIZED = JINJA.from_string("{{ shipped_on | day }}")
ITEMS = {
    "time_range_001_ja": JINJA.from_string("{{ slot }}"),
    "number_001_ja": JINJA.from_string("{{ order_id }}"),
    "price_001_ja": JINJA.from_string("{{ total | yen }}"),
    "name_010_ja": JINJA.from_string("{{ goods }}"),
}
URL = JINJA.from_string("https://shop.example.com/track/{{ order_id | quote }}")
TAG = JINJA.from_string("shipment-{{ order_id }}-{{ index }}")


def request(row: dict[str, str], index: int) -> str:
    """The line of a row: headers and body of its request."""
    number = phonenumbers.parse(row["phone"], "JP")
    if not phonenumbers.is_valid_number(number):
        raise ValueError("no number")
    to = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    body = PnpTemplatedMessageBody(
        emphasizedItem=PnpTemplatedEmphasizedItem(itemKey="date_002_ja", content=limited(EMPHASIZED.render(row), 15)),
        items=[PnpTemplatedItem(itemKey=key, content=limited(one.render(row), 300)) for key, one in ITEMS.items()],
        buttons=[PnpTemplatedButton(buttonKey="check_delivery_status_ja", url=limited(URL.render(row), 1000))],
    )
    message = PnpTemplatedMessageRequest(
        to=hashlib.sha256(to.encode()).hexdigest(), templateKey="shipment_completed_ja", body=body
    )
    headers = {"X-Line-Delivery-Tag": limited(TAG.render(row, index=index), 100)}
    return json.dumps({"headers": headers, "body": message.to_dict()}, ensure_ascii=False) + "\n"


def limited(text: str, most: int) -> str:
    """A text that is within its limit."""
    if not 0 < len(text) <= most:
        raise ValueError("too long")
    return text


def main(table: str, output: str) -> None:
    """Write the lines of a table."""
    start = time.perf_counter()
    with open(table, encoding="utf-8", newline="") as rows, open(output, "w", encoding="utf-8") as lines:
        for index, row in enumerate(csv.DictReader(rows)):
            lines.write(request(row, index))
    print(time.perf_counter() - start)


if __name__ == "__main__":
    main(*sys.argv[1:])
