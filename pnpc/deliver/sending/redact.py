"""What an answer said, made fit to be kept and shown: no digest of a person, no phone number, and not too long."""

import re
from typing import Any

from pnpc.compile.tables.phones import scrub

_DIGEST = re.compile(r"[0-9a-fA-F]{64}")
_NUMBER = re.compile(r"\+[0-9]{9,15}(?![0-9])", re.ASCII)
_MOST = 4_000  # characters


def redacted(text: str) -> str | None:
    """A text to keep; None for one that says nothing."""
    if text.strip() in ("", "{}"):
        return None
    return _without_people(text)[:_MOST]


def masked(text: str) -> str:
    """A text of the same length, with `*` for what may name a person: a file whose lines are shown with carets below them."""
    for pattern in (_DIGEST, _NUMBER):
        text = pattern.sub(lambda match: "*" * len(match[0]), text)
    return text


def without_people(value: Any) -> Any:
    """A text, or decoded JSON, without what may name a person; the keys of objects, which its reader knows, stay."""
    if isinstance(value, str):
        return _without_people(value)
    if isinstance(value, list):
        return [without_people(entry) for entry in value]
    if isinstance(value, dict):
        return {name: without_people(member) for name, member in value.items()}
    return value


def _without_people(text: str) -> str:
    return scrub(_DIGEST.sub("…", text))
