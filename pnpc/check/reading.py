"""The result of the check of a text, and what was read of the text."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from pnpc.language.message.notice import Notice
from pnpc.text.document import Document
from pnpc.text.finding import Diagnostic, Finding, Range
from pnpc.text.source import Source, Span
from pnpc.text.tree import Tree

# Rules of these families report the shape of a text; a mistake of this kind hides others at its own place only.
SHAPE = ("PNP0", "PNP1")
# If one of these is reported about a repaired value, something else was meant.
OTHER_MEANING = frozenset(("wrong-type", "expression-syntax", "expression-not-allowed"))

Again = Callable[[Source], Sequence[Diagnostic]]  # the check of a repaired text

Located = tuple[Finding, Tree | None]  # a finding with the tree of its places; None for a place in characters


class Named(NamedTuple):
    """A spec's name and its place: names must be unique in a project."""

    name: str
    file: str
    range: Range
    span: Span


class LeftOut(NamedTuple):
    """The numbers of findings that are counted and not shown."""

    errors: int = 0
    warnings: int = 0

    def plus(self, other: "LeftOut") -> "LeftOut":
        """The sums of both."""
        return LeftOut(self.errors + other.errors, self.warnings + other.warnings)


class Checked(NamedTuple):
    """What one source gave: its diagnostics in the order of the text, how many were suppressed, and its specs' names.

    `is_ours` is False for a text that has neither a spec nor a request body. `fragments` are the texts of included files
    in which there are diagnostics; `left_out` counts the findings that have no diagnostic. `notices` are the text's typed
    messages, for a caller that asked to keep them.
    """

    diagnostics: tuple[Diagnostic, ...]
    suppressed: int = 0
    names: tuple[Named, ...] = ()
    is_ours: bool = True
    fragments: tuple[Source, ...] = ()
    left_out: LeftOut = LeftOut()
    notices: tuple[Notice, ...] = ()


class CheckedText(NamedTuple):
    """A text that was checked: its documents, and where it could not be read on (None: it was read to its end).

    `is_whole`: no diagnostic was left out. `is_sound`: it has no error, shown or not, that can hide another one.
    """

    source: Source
    documents: list[Document]
    cut: Span | None
    is_whole: bool
    is_sound: bool
