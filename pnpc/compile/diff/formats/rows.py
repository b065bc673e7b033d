"""A change in words, as every report of changes says it."""

from collections.abc import Sequence

from pnpc.compile.diff.bounds import ABSENT
from pnpc.compile.diff.change import PlacedChange, Section
from pnpc.compile.diff.formats.words import value
from pnpc.report import places as names

# Of these the place shows all: a declaration, or a list, is too long for a line.
_WITHOUT_VALUES = frozenset(("moved", "variable-required", "variable-added", "variable-removed"))


def words(row: PlacedChange) -> str:
    """What became of what, without its values."""
    return f"{row.change.what}: {row.change.message}"


def values(row: PlacedChange) -> str:
    """`before → after` for a change of a value; what came or went; empty where there is nothing to show."""
    if row.change.kind in _WITHOUT_VALUES:
        return ""
    shown = [value(each) for each in (row.change.before, row.change.after) if each is not ABSENT]
    return " → ".join(shown)


def places(row: PlacedChange) -> str:
    """Where it stood and where it stands: `main:notifications/a.yaml:3:7 → notifications/a.yaml:3:7`."""
    return " → ".join(names.shown(spot.file, spot.range) for spot in (row.old, row.new) if spot is not None)


def of_audience(section: Section, audience: str) -> list[PlacedChange]:
    """The changes for the caller or for the reader, breaking ones first."""
    rows = [row for row in section.changes if row.change.audience == audience]
    return sorted(rows, key=lambda row: not row.change.breaking)


def summary(sections: Sequence[Section]) -> str:
    """One line: how much changed, and how much of it is breaking."""
    changes = [row.change for section in sections for row in section.changes]
    if not changes:
        return "no changes" if not sections else "no changes that could be determined"
    breaking = sum(change.breaking for change in changes)
    total = "1 change" if len(changes) == 1 else f"{len(changes):,} changes"
    specs = "1 spec" if len(sections) == 1 else f"{len(sections):,} specs"
    return f"{total} in {specs}: {f'{breaking:,} breaking' if breaking else 'none breaking'}"
