"""Changes between two versions as text: for a terminal, for a pull request, for programs."""

from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pnpc.compile.diff.change import Section

FORMATS: tuple[str, ...] = ("text", "json", "markdown")


def render(format: str, sections: Sequence["Section"], *, color: bool = False) -> str:
    """The text of a report in one of FORMATS, with a final newline. `color` (ANSI) is for `text`.

    Raises KeyError for another format.
    """
    if format not in FORMATS:
        raise KeyError(format)
    module = import_module(f"pnpc.compile.diff.formats.{format}")
    text: str = module.render(sections, color=color) if format == "text" else module.render(sections)
    return text
