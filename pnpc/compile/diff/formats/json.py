"""For programs: one object with a list of changes."""

from collections.abc import Sequence
from typing import Any

from pnpc.compile.diff.bounds import ABSENT
from pnpc.compile.diff.change import PlacedChange, Section, Spot
from pnpc.report.dump import dump


def render(sections: Sequence[Section]) -> str:
    """Version, specs with their changes, and the counts; a value that is not there has no key."""
    changes = [row.change for section in sections for row in section.changes]
    content = {
        "version": 1,
        "specs": [_section(section) for section in sections],
        "summary": {"changes": len(changes), "breaking": sum(change.breaking for change in changes)},
    }
    return dump(content, indent=2) + "\n"


def _section(section: Section) -> dict[str, Any]:
    return {"name": section.name, "changes": [_row(row) for row in section.changes], "notes": list(section.notes)}


def _row(row: PlacedChange) -> dict[str, Any]:
    change = row.change
    head: dict[str, Any] = {
        "kind": change.kind,
        "for": change.audience,
        "breaking": change.breaking,
        "what": change.what,
    }
    values = {
        name: value for name, value in (("before", change.before), ("after", change.after)) if value is not ABSENT
    }
    return {**head, "message": change.message, **values, "old": _spot(row.old), "new": _spot(row.new)}


def _spot(spot: Spot | None) -> dict[str, Any] | None:
    if spot is None:
        return None
    ends = {"start": spot.range.start._asdict(), "end": spot.range.end._asdict()}
    return {"file": spot.file, "range": ends}
