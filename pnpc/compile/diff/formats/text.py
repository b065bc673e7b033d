"""For people at a terminal: each spec with what changed for its caller and for its reader."""

from collections.abc import Iterator, Sequence

from pnpc.compile.diff.change import PlacedChange, Section
from pnpc.compile.diff.formats.rows import of_audience, places, summary, values, words
from pnpc.report.clean import visible

_HEADS = {"caller": "for the caller", "reader": "for the reader"}
_BOLD, _RED, _DIM, _PLAIN = "\x1b[1m", "\x1b[1;31m", "\x1b[2m", "\x1b[0m"


def render(sections: Sequence[Section], *, color: bool = False) -> str:
    """Sections and a summary, the summary also where nothing changed."""
    parts = ["\n".join(_section(section, color=color)) for section in sections]
    return "\n\n".join([*parts, summary(sections)]) + "\n"


def _section(section: Section, *, color: bool) -> Iterator[str]:
    yield _pen(_BOLD, visible(section.name), color=color)
    for audience, head in _HEADS.items():
        rows = of_audience(section, audience)
        if rows:
            yield f"  {head}"
        for row in rows:
            yield from _row(row, color=color)
    for note in section.notes:
        yield f"  note: {visible(note)}"


def _row(row: PlacedChange, *, color: bool) -> Iterator[str]:
    mark = _pen(_RED, "breaking ", color=color) if row.change.breaking else ""
    yield f"    {mark}{visible(words(row))}"
    if values(row):
        yield f"      {values(row)}"
    if places(row):
        yield _pen(_DIM, f"      {places(row)}", color=color)


def _pen(pen: str, text: str, *, color: bool) -> str:
    return f"{pen}{text}{_PLAIN}" if color else text
