"""For a comment in a pull request: a table for each spec, breaking changes first."""

from collections.abc import Iterator, Sequence

from pnpc.compile.diff.change import PlacedChange, Section
from pnpc.compile.diff.formats.rows import of_audience, places, summary, values, words
from pnpc.report.clean import visible
from pnpc.text.lazy import regex

_HEADS = {"caller": "For the caller", "reader": "For the reader"}
# What GitHub and GitLab read as markup, a mention or a reference.
_MARKUP = regex(r"[\\`*_{}\[\]<>()#|~@&:$]")


def render(sections: Sequence[Section]) -> str:
    """A heading, a table for each spec and audience, and the summary as the first line."""
    return "\n".join([f"**{summary(sections)}**", *(line for section in sections for line in _section(section))]) + "\n"


def _section(section: Section) -> Iterator[str]:
    yield ""
    yield f"### {_text(section.name)}"
    for audience, head in _HEADS.items():
        rows = of_audience(section, audience)
        if rows:
            yield from ("", f"| {head} | before → after | where |", "|---|---|---|")
            yield from map(_row, rows)
    for note in section.notes:
        yield from ("", f"Note: {_text(note)}")


def _row(row: PlacedChange) -> str:
    mark = "**breaking** " if row.change.breaking else ""
    cells = (mark + _text(words(row)), _text(values(row)), _text(places(row)))
    return f"| {' | '.join(cells)} |"


def _text(text: str) -> str:
    """A text that Markdown shows as it stands."""
    return _MARKUP.sub(lambda sign: f"&#{ord(sign[0])};", visible(text))
