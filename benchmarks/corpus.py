"""Specs and tables made up for the benchmarks: thirty lines each, no two alike."""

import json
from pathlib import Path

_SPEC = """\
pnpc: 1
name: shipment-{number}
country: JP
description: Sent when parcel {number} leaves the warehouse.
variables:
  order_id:
    type: string
    pattern: "^[A-Z0-9]{{8,20}}$"
    example: A1B2C{number:05}
  slot:
    type: string
    enum: [午前中, 14-16時]
    example: 午前中
  total: {{type: integer, minimum: 0, maximum: {most}, example: 12000}}
message:
  templateKey: shipment_completed_ja
  body:
    emphasizedItem:
      itemKey: date_002_ja
      content: 2024年8月10日(土)
    items:
      - itemKey: time_range_001_ja
        content: "{{{{ slot }}}}"
      - itemKey: price_001_ja
        content: "{{{{ total }}}}円"
      - itemKey: name_010_ja
        content: スープセット（冷凍）{number}
    buttons:
      - buttonKey: check_delivery_status_ja
        url: "https://shop.example.com/track/{{{{ order_id }}}}"
deliveryTag: "shipment-{number}-{{{{ order_id }}}}-{{{{ recipient.index }}}}"
"""
LINES = _SPEC.count("\n")


def spec(number: int) -> str:
    """A clean spec; its number stands in it five times, so that no memory of another file helps."""
    return _SPEC.format(number=number, most=1_000_000 + number)


_ROW = """\
            - type: box
              layout: baseline
              spacing: sm
              contents:
                - type: text
                  text: "項目 {number}-{row}"
                  size: sm
                  color: "#AAAAAA"
"""
_FLEX = """\
pnpc: 1
name: flex-{number}
country: JP
variables:
  order_id: {{type: string, pattern: "^[A-Z0-9]{{8,20}}$", example: A1B2C3D4}}
message:
  messages:
    - type: flex
      altText: "ご注文 {{{{ order_id }}}} のお知らせ"
      contents:
        type: bubble
        body:
          type: box
          layout: vertical
          contents:
{rows}            - type: text
              text: "{{{{ order_id }}}}"
        footer:
          type: box
          layout: vertical
          contents:
            - type: button
              style: secondary
              action:
                type: uri
                label: 確認する
                uri: "https://shop.example.com/{{{{ order_id }}}}"
deliveryTag: "flexible-{{{{ order_id }}}}-{{{{ recipient.index }}}}"
"""
FLEX_ROWS = 21  # makes two hundred lines


def flex(number: int) -> str:
    """A spec of the flexible kind, two hundred lines."""
    rows = "".join(_ROW.format(number=number, row=row) for row in range(FLEX_ROWS))
    return _FLEX.format(number=number, rows=rows)


def bubble() -> str:
    """A request body whose Flex bubble has just under 30,000 bytes of JSON."""
    rows: list[dict[str, object]] = []
    while len(text := _body(rows)) < 29_600:
        label = {"type": "text", "text": f"item {len(rows)}", "size": "sm", "color": "#aaaaaa", "flex": 3}
        value = {"type": "text", "text": f"value {len(rows)}", "size": "sm", "flex": 5, "wrap": True}
        rows.append({"type": "box", "layout": "baseline", "spacing": "sm", "contents": [label, value]})
    return text


def _body(rows: list[dict[str, object]]) -> str:
    contents = {"type": "bubble", "body": {"type": "box", "layout": "vertical", "contents": rows}}
    message = {"type": "flex", "altText": "a bubble", "contents": contents}
    return json.dumps({"to": "0" * 64, "messages": [message]}, separators=(",", ":"))


def write(folder: Path, count: int) -> None:
    """Write `count` specs into a folder."""
    folder.mkdir()
    for number in range(count):
        (folder / f"spec-{number:05}.yaml").write_text(spec(number), encoding="utf-8")
