"""A spec's message as its examples fill it: what people will read, as text that is kept next to the spec in git."""

import json
from collections.abc import Iterator
from difflib import unified_diff
from typing import Any, NamedTuple

from pnpc.compile.diff.values import Difference, differences
from pnpc.compile.plan import BadRow, Plan
from pnpc.compile.tables.recipients import Record
from pnpc.compile.targets import Payload, fallback
from pnpc.text.finding import Diagnostic
from pnpc.text.json import strict as strict_json
from pnpc.text.json.strict import NotJSON
from pnpc.text.path import Path

# Of the headers only this one is made of the spec: the webhook brings it back.
TAG = "X-Line-Delivery-Tag"


class Snapshot(NamedTuple):
    """A filled request without its recipient: LINE's request body, and the delivery tag and the fallback's text if the spec
    has them."""

    body: dict[str, Any]
    tag: str | None = None
    sms: str | None = None

    def value(self) -> dict[str, Any]:
        """The snapshot as JSON values."""
        head = {} if self.tag is None else {"headers": {TAG: self.tag}}
        beside = {} if self.sms is None else {"fallback": fallback(self.sms)}
        return {**head, "body": self.body, **beside}

    def dump(self) -> str:
        """The text that is stored: indented JSON, members in LINE's own order."""
        return json.dumps(self.value(), ensure_ascii=False, indent=2) + "\n"


def take(plan: Plan) -> Snapshot | tuple[Diagnostic, ...]:
    """The snapshot of a spec or request body, or what stands in its way, such as a variable without an example."""
    if plan.raw:
        return _of(plan.as_it_stands())
    examples = plan.examples()
    if not isinstance(examples, Record):
        return examples
    result = plan.compile(examples)
    return result.diagnostics if isinstance(result, BadRow) else _of(result)


def _of(payload: Payload) -> Snapshot:
    body = {name: value for name, value in payload.body.items() if name != "to"}
    return Snapshot(body, payload.headers.get(TAG), (payload.fallback or {}).get("sms"))


def is_stored(text: str) -> bool:
    """Whether a text is that of a snapshot, laid out in whatever way."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return False
    known = {"headers", "body", "fallback"}
    return isinstance(content, dict) and isinstance(content.get("body"), dict) and content.keys() <= known


def changed(stored: str, snapshot: Snapshot) -> Iterator[Difference]:
    """The values in which a stored snapshot differs; nothing if the stored text is not JSON, or differs only in layout."""
    try:
        before = strict_json.read(stored)
    except NotJSON:
        return
    for difference in differences(before, snapshot.value()):
        # A reader knows the places inside LINE's request body, not those of our file.
        yield difference._replace(old=_inside(difference.old), new=_inside(difference.new))


def _inside(path: Path) -> Path:
    return path[1:] if path[:1] == ("body",) and len(path) > 1 else path


def diff(stored: str, snapshot: Snapshot, name: str) -> list[str]:
    """The lines of a unified diff from a stored text to the present snapshot."""
    lines = unified_diff(
        stored.splitlines(), snapshot.dump().splitlines(), f"{name} (stored)", f"{name} (now)", lineterm=""
    )
    return list(lines)
