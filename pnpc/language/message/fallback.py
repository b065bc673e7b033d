"""The limit of a fallback's text: not a length, which stands in the grammar, but the parts that its spec allows it."""

from functools import lru_cache

from pnpc.language.message.notice import SMS, Notice
from pnpc.line.grammar.run import Demand
from pnpc.line.grammar.schema import Schema
from pnpc.line.grammar.units import IN_PARTS
from pnpc.line.sms import schema


def with_parts(asked: list[Demand], notice: Notice) -> list[Demand]:
    """What the grammar demands of a message's texts, and of the fallback's also that it needs no more parts than it may."""
    schema = _schema(notice.sms_parts)
    return [demand._replace(schema=schema) if demand.path == SMS else demand for demand in asked]


@lru_cache(maxsize=256)
def _schema(parts: int) -> Schema:
    """The schema of a text that may take this number of parts; the same object for the same number, by which others remember it."""
    return {**schema()["properties"]["sms"], "x-count": IN_PARTS, "maxLength": parts}
