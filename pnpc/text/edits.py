"""Edits applied to a text: never overlapping, never twice, the rest of the text untouched."""

import json
from collections.abc import Iterable, Iterator

from pnpc.text.document import Scalar
from pnpc.text.finding import Edit, Fix
from pnpc.text.source import Source, Span


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


def spans(fix: Fix) -> Iterator[tuple[Span, Edit]]:
    """The edits of a fix with the characters that each replaces."""
    return ((edit.where, edit) for edit in fix.edits if isinstance(edit.where, Span))


def repaired(source: Source, fixes: Iterable[Fix]) -> Source:
    """A source with fixes applied, none of which overlap."""
    text, _ = apply(source.text, [fix.edits for fix in fixes])
    return Source(source.name, ("\ufeff" if source.bom else "") + text)


def _overlap(one: Span, other: Span) -> bool:
    return one == other or (one.start < other.end and other.start < one.end)


def quoted(text: str) -> str:
    """A text in quotes that YAML reads back unchanged: double ones, or single ones where those would need escapes."""
    return f'"{text}"' if '"' not in text and "\\" not in text else "'" + text.replace("'", "''") + "'"


def requoted(scalar: Scalar, text: str) -> str:
    """Another text in the quotes of a scalar, so that JSON stays JSON."""
    if scalar.style == '"':
        return json.dumps(text, ensure_ascii=False)
    return "'" + text.replace("'", "''") + "'" if scalar.style == "'" else text
