"""What changed in the text for another channel: what the examples make of it, and the parts that it may take."""

from collections.abc import Iterator

from pnpc.compile.diff.bounds import ABSENT
from pnpc.compile.diff.change import Change
from pnpc.compile.diff.snapshot import Snapshot
from pnpc.compile.diff.version import Version
from pnpc.language.message.notice import SMS
from pnpc.text.finding import Place

_PARTS = Place((*SMS[:-1], "parts"))


def changes(old: Version, new: Version, bodies: tuple[Snapshot | str, Snapshot | str]) -> Iterator[Change]:
    """The changes of the fallback; `bodies` are the messages as their examples fill them, or why they can't be filled."""
    before, after = old.notice.sms, new.notice.sms
    places = None if before is None else Place(SMS), None if after is None else Place(SMS)
    texts = (ABSENT if before is None else before.text), (ABSENT if after is None else after.text)
    if before is None or after is None:
        if before is not after:
            yield _of_text("removed" if after is None else "added", texts, places)
        return
    first, second = (body.sms if isinstance(body, Snapshot) else None for body in bodies)
    if first is not None and second is not None and first != second:
        yield _of_text("reads otherwise", (first, second), places)
    elif texts[0] != texts[1]:
        yield _of_text("filled otherwise", texts, places)
    parts = old.notice.sms_parts, new.notice.sms_parts
    if parts[0] != parts[1]:
        fewer = parts[1] < parts[0]
        message = "fewer parts: a row that was allowed may be refused" if fewer else "more parts: an SMS may cost more"
        yield Change("fallback-parts", "caller", fewer, "fallback.parts", message, parts[0], parts[1], _PARTS, _PARTS)


def _of_text(message: str, texts: tuple[object, object], places: tuple[Place | None, Place | None]) -> Change:
    before, after = texts
    return Change("fallback-changed", "reader", False, "fallback.sms", message, before, after, *places)
