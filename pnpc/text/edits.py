"""Edits applied to a text: never overlapping, never twice, the rest of the text untouched."""

from collections.abc import Iterable

from pnpc.text.finding import Edit
from pnpc.text.source import Span


def apply(text: str, fixes: Iterable[tuple[Edit, ...]]) -> tuple[str, int]:
    """Apply whole fixes whose edits are Spans; one that overlaps a fix taken before is left for the next round.

    Gives the new text and how many fixes were applied.
    """
    taken: list[tuple[Span, str]] = []
    applied = 0
    for edits in fixes:
        spans = [(edit.where, edit.text) for edit in edits if isinstance(edit.where, Span)]
        if any(_overlap(span, other) for span, _ in spans for other, _ in taken):
            continue
        taken.extend(spans)
        applied += 1
    for span, replacement in sorted(taken, reverse=True):
        text = text[: span.start] + replacement + text[span.end :]
    return text, applied


def _overlap(one: Span, other: Span) -> bool:
    return one == other or (one.start < other.end and other.start < one.end)
