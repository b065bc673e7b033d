"""A filled message, checked as the request body that it is: one way for the rows of a table and for a spec's examples."""

import json
from collections.abc import Iterator
from typing import Any

from pnpc.check.message import check_filled
from pnpc.language.message import notice as notices
from pnpc.language.message.context import Context
from pnpc.language.message.notice import TAG, Field, Notice
from pnpc.text.document import Unreadable
from pnpc.text.finding import Finding
from pnpc.text.nodes import compose
from pnpc.text.source import Source


def check_body(body: dict[str, Any], tag: str | None, notice: Notice, context: Context) -> Iterator[Finding]:
    """What the grammar and the rules say of a body and a delivery tag that `notice` was filled to.

    The paths are those of the body, but for that of the tag.
    """
    try:
        (document,) = compose(Source("", json.dumps(body, ensure_ascii=False)))
    except Unreadable as error:  # more than any message may hold
        yield error.finding
        return
    field = Field(tag, TAG) if tag is not None else None
    filled = notices.read(document._replace(json=True))
    yield from check_filled(filled._replace(country=notice.country, delivery_tag=field), context)
