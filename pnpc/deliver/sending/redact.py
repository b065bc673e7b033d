"""What an answer said, made fit to be kept and shown: no digest of a person, no phone number, and not too long."""

import re

from pnpc.compile.tables.phones import scrub

_DIGEST = re.compile(r"[0-9a-fA-F]{64}")
_MOST = 4_000  # characters


def redacted(text: str) -> str | None:
    """A text to keep; None for one that says nothing."""
    if text.strip() in ("", "{}"):
        return None
    return scrub(_DIGEST.sub("…", text))[:_MOST]
