"""Edits applied to a text: none overlap, none is applied twice, and the rest of the text does not change."""

import json
from collections.abc import Iterable, Iterator

from pnpc.text.document import Scalar
from pnpc.text.finding import Edit, Fix
from pnpc.text.source import Source, Span


def apply(text: str, fixes: Iterable[tuple[Edit, ...]]) -> tuple[str, int]:
    """Apply fixes, each as a whole; all their edits must be at Spans. A fix that overlaps an earlier one is left out, so
    that the caller can try it again on the new text.

    Returns the new text and how many fixes were applied.
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


def spans(fix: Fix) -> Iterator[tuple[Span, Edit]]:
    """The edits of a fix that are at a Span, each with that span."""
    return ((edit.where, edit) for edit in fix.edits if isinstance(edit.where, Span))


def repaired(source: Source, fixes: Iterable[Fix]) -> Source:
    """A new source with fixes applied; see `apply` for fixes that overlap."""
    text, _ = apply(source.text, [fix.edits for fix in fixes])
    return Source(source.name, ("\ufeff" if source.bom else "") + text)


def _overlap(left: Span, right: Span) -> bool:
    return left == right or (left.start < right.end and right.start < left.end)


def quoted(text: str) -> str:
    """A text in quotes that YAML reads back unchanged: double quotes, or single ones if double ones would need escapes."""
    return f'"{text}"' if '"' not in text and "\\" not in text else "'" + text.replace("'", "''") + "'"


def requoted(scalar: Scalar, text: str) -> str:
    """A text in the kind of quotes that a scalar has, so that JSON stays JSON."""
    if scalar.style == '"':
        return json.dumps(text, ensure_ascii=False)
    return "'" + text.replace("'", "''") + "'" if scalar.style == "'" else text
