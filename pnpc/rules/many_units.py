"""PNP220 many-units."""

from collections.abc import Iterator, Mapping
from math import inf
from typing import Any

from pnpc.rules.rule import Rule
from pnpc.spec.context import Context
from pnpc.spec.expression import simple
from pnpc.spec.grammar.schema import listed
from pnpc.spec.limits import limits
from pnpc.spec.notice import Notice
from pnpc.spec.variables import declarations
from pnpc.text.finding import Finding, Place


def check(notice: Notice, context: Context) -> Iterator[Finding]:
    most: int = limits()["aggregationUnits"]["month"]
    declared = context.once(notice, declarations)
    for unit in notice.units:
        number: float = 1
        for one in simple(unit.text) or ():
            schema = declared[one.name].schema if one.name in declared else None
            number *= _values(schema or {}) if one.name != "recipient" else inf
        if number > most:
            many = f"up to {number:,.0f} names" if number < inf else "a name for each value, without a bound"
            message = f"this makes {many}; LINE counts {most:,} names of units a month"
            yield Finding(Place(unit.path), message, "use a name of the campaign, or a variable with a short `enum`")


def _values(schema: Mapping[str, Any]) -> float:
    """How many values a variable can have."""
    values = listed(schema)
    if values is not None:
        return len(values)
    if schema.get("type") == "boolean":
        return 2
    if schema.get("type") == "integer" and "minimum" in schema and "maximum" in schema:
        return float(max(1, schema["maximum"] - schema["minimum"] + 1))
    return inf


RULE = Rule(
    code="PNP220",
    name="many-units",
    severity="warning",
    summary="A name of an aggregation unit that differs from person to person.",
    why=(
        "LINE counts at most 1,000 different names a month, over all kinds of messages; what is sent under further ones is "
        "sent without a unit. A unit is for a campaign, not for an order."
    ),
    source="https://developers.line.biz/en/docs/messaging-api/unit-based-statistics-aggregation/",
    bad=(
        """\
pnpc: 1
name: example
country: JP
variables:
  order_id: {type: string, pattern: "^[A-Z0-9]{8}$", example: A1B2C3D4}
message:
  templateKey: shipment_completed_ja
  customAggregationUnits: [«"u_{{ order_id }}"»]
""",
    ),
    good=(
        """\
pnpc: 1
name: example
country: JP
variables:
  shop: {type: string, enum: [tokyo, osaka], example: tokyo}
  week: {type: integer, minimum: 1, maximum: 53, example: 7}
message:
  templateKey: shipment_completed_ja
  customAggregationUnits: ["{{ shop }}_{{ week }}"]
""",
    ),
    check=check,
)
