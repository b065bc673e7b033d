"""A filled message checked as a request body, in the same way for a table's rows and for a spec's examples."""

import json
from collections.abc import Iterator
from typing import Any

from pnpc.check.message import check_filled
from pnpc.language.message import notice as notices
from pnpc.language.message.context import Context
from pnpc.language.message.notice import SMS, TAG, Field, Notice
from pnpc.text.document import Unreadable
from pnpc.text.finding import Finding
from pnpc.text.nodes import compose
from pnpc.text.source import Source


def check_body(
    body: dict[str, Any], tag: str | None, sms: str | None, notice: Notice, context: Context
) -> Iterator[Finding]:
    """The findings of the grammar and the rules about a body, a delivery tag and a fallback that were filled from `notice`.

    Their paths are paths in the body, except for the delivery tag and the fallback, which have those that they have in a spec.
    """
    try:
        (document,) = compose(Source("", json.dumps(body, ensure_ascii=False)))
    except Unreadable as error:  # the body is larger or deeper than any message may be
        yield error.finding
        return
    filled = notices.read(document._replace(json=True))._replace(
        country=notice.country,
        delivery_tag=Field(tag, TAG) if tag is not None else None,
        sms=Field(sms, SMS) if sms is not None else None,
        sms_parts=notice.sms_parts,
    )
    yield from check_filled(filled, context)
