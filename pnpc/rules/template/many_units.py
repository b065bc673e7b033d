"""PNP220 many-units."""

from collections.abc import Iterator, Mapping
from math import inf, prod
from typing import Any

from pnpc.language.expressions.expression import ExpressionError
from pnpc.language.message.context import Context
from pnpc.language.message.notice import Field, Notice
from pnpc.language.proof.expression_tree import Piece, pieces, references
from pnpc.language.variables.scope import Names, scope
from pnpc.line.grammar.schema import listed
from pnpc.line.limits import limits
from pnpc.rules.rule import Rule
from pnpc.text.finding import Finding, Place
from pnpc.text.wording import says


def check(notice: Notice, _context: Context) -> Iterator[Finding]:
    most: int = limits()["aggregationUnits"]["month"]
    for unit in notice.units:
        number = _names_of(unit, notice) if "{{" in unit.text else 1
        if number > most:
            if number < inf:
                many = says("up to {count:,} names", count=round(number))
            else:
                many = says("a name for each value, without a limit")
            message = says("this makes {many}; LINE counts {limit:,} names of units a month", many=many, limit=most)
            yield Finding(
                Place(unit.path), message, says("use a name of the campaign, or a variable with a short `enum`")
            )


def _names_of(unit: Field, notice: Notice) -> float:
    """How many names a unit can become (inf: no limit): the product over its variables, each counted once."""
    names = scope(notice, unit.path)
    try:
        trees = [piece.tree for piece in pieces(unit.text) if isinstance(piece, Piece)]
    except ExpressionError:
        return 1  # expression-syntax reports it
    used = {steps for tree in trees for steps in references(tree)}
    if any(steps[0] not in names for steps in used):
        return 1  # undeclared-variable reports it
    if ("recipient", "index") in used:
        return 1  # row-number-in-tag reports it
    return prod(_values(_declared(steps, names)) for steps in used)


def _declared(steps: tuple[str, ...], names: Names) -> Mapping[str, Any]:
    """The schema of a variable or of its member; `steps` are the name and the members."""
    schema = names[steps[0]]
    for step in steps[1:]:
        schema = schema.get("properties", {}).get(step, {})
    return schema


def _values(schema: Mapping[str, Any]) -> float:
    """How many values a variable can have; inf if there is no limit."""
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
    summary="The name of an aggregation unit can have too many values.",
    why=(
        "LINE counts at most 1,000 different names a month, over all kinds of messages. Messages with further names are sent "
        "without a unit. A unit is for a campaign, not for an order or a person."
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
        """\
pnpc: 1
name: example
country: JP
variables:
  shop: {type: integer, minimum: 1, maximum: 100, example: 7}
  week: {type: integer, minimum: 1, maximum: 53, example: 7}
message:
  templateKey: shipment_completed_ja
  customAggregationUnits: [«"{{ 'shop_' ~ shop ~ '_' ~ week }}"»]
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
  customAggregationUnits: ["{{ shop ~ '_' ~ week }}_{{ week }}"]
""",
    ),
    check=check,
)
