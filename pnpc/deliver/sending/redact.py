"""What an answer said, made fit to be kept and shown: no digest of a person, no phone number, and not too long."""

import re
from typing import Any

from pnpc.compile.tables.phones import scrub

_DIGEST = re.compile(r"[0-9a-fA-F]{64}")
_MOST = 4_000  # characters


def redacted(text: str) -> str | None:
    """A text to keep; None for one that says nothing."""
    if text.strip() in ("", "{}"):
        return None
    return _without_people(text)[:_MOST]


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
