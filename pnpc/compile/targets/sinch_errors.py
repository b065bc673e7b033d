"""Sinch's errors in LINE's form: `message`, and `details` with `message` and `property`, at LINE's names.

Both forms are documented: `error` with field violations, and a problem with `errors` at JSON Pointers.
"""

from collections.abc import Iterable, Iterator, Mapping
from re import compile as regex
from typing import Any

from pnpc.compile.targets.facts import text_in
from pnpc.line.names import SINCH_OF

_STEP = regex(r"[^.\[\]/]+")  # of a field's name: `message.body.items[0].content`, or with slashes
# The way from a request to LINE's message, as plain names; the first `message` may be missing.
_WAY = ("message", "channelspecificmessage", "line", "message")


def in_lines_form(answer: Mapping[str, Any], tag: str) -> Mapping[str, Any]:
    """An answer that refuses a message; `tag` is Sinch's name of the delivery tag."""
    error = answer.get("error")
    error = error if isinstance(error, Mapping) else answer
    words = [error.get(name) for name in ("message", "detail", "title")]
    listed = [_detail(*violation, tag) for violation in _violations(error)]
    return {"message": next((text for text in words if isinstance(text, str) and text), ""), "details": listed}


def _violations(error: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Each field that an error names, with what is wrong there."""
    for detail in _mappings(error.get("details")):
        for violation in _mappings(detail.get("fieldViolations") or detail.get("field_violations")):
            yield text_in(violation.get("field")) or "", text_in(violation.get("description")) or ""
    for fault in _mappings(error.get("errors")):
        yield text_in(fault.get("pointer")) or "", text_in(fault.get("detail")) or ""


def _mappings(value: Any) -> Iterable[Mapping[str, Any]]:
    return [entry for entry in value if isinstance(entry, Mapping)] if isinstance(value, list) else []


def _detail(field: str, words: str, tag: str) -> dict[str, str]:
    """A violation as LINE would say it: at LINE's name of the property, if it is one of the message's; else in the words."""
    steps = _STEP.findall(field)
    plain = [_plain(step) for step in steps]
    if plain == [_plain(tag)]:
        return {"message": words, "property": "deliveryTag"}
    way = _WAY if plain[:1] == ["message"] and len(plain) > 1 and plain[1] == _WAY[1] else _WAY[1:]
    if tuple(plain[: len(way)]) != way:
        return {"message": f"{words} (at `{field}`)" if field else words, "property": ""}
    return {"message": words, "property": "".join(map(_written, steps[len(way) :])).removeprefix(".")}


def _plain(name: str) -> str:
    return name.replace("_", "").casefold()


def _written(step: str) -> str:
    return f"[{step}]" if step.isdecimal() else f".{_LINES.get(_plain(step), step)}"


_LINES = {_plain(name): name for name in SINCH_OF}
