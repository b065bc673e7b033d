"""What a check of a text gives, and what it has read of it."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from pnpc.language.message.notice import Notice
from pnpc.text.document import Document
from pnpc.text.finding import Diagnostic, Finding, Range
from pnpc.text.source import Source, Span
from pnpc.text.tree import Tree

# Rules of these families speak of the shape of a text, which a mistake hides at its own place only.
SHAPE = ("PNP0", "PNP1")
# Said of what was repaired, these tell that something else was meant.
OTHER_MEANING = frozenset(("wrong-type", "expression-syntax", "expression-not-allowed"))

Again = Callable[[Source], Sequence[Diagnostic]]  # the check of a repaired text

Located = tuple[Finding, Tree | None]  # a finding with the tree of its places; None for a place in characters


class Named(NamedTuple):
    """A spec's name and where it stands: names must be unique in a project."""

    name: str
    file: str
    range: Range
    span: Span


class LeftOut(NamedTuple):
    """Findings that are counted and not told."""

    errors: int = 0
    warnings: int = 0

    def plus(self, other: "LeftOut") -> "LeftOut":
        """Both together."""
        return LeftOut(self.errors + other.errors, self.warnings + other.warnings)


class Checked(NamedTuple):
    """What one source gave: its diagnostics in the order of the text, how many were suppressed, and its specs' names.

    `is_ours` is False for a text that holds neither a spec nor a request body. `fragments` are the texts of included
    files that diagnostics stand in; `left_out` are findings beyond those that are told. `notices` are the text's typed
    messages, for a caller that asked to keep them.
    """

    diagnostics: tuple[Diagnostic, ...]
    suppressed: int = 0
    names: tuple[Named, ...] = ()
    is_ours: bool = True
    fragments: tuple[Source, ...] = ()
    left_out: LeftOut = LeftOut()
    notices: tuple[Notice, ...] = ()


class Text(NamedTuple):
    """A text that was checked: its documents, and where it could not be read on (None: it was read to its end).

    `is_whole`: no diagnostic was left out. `is_sound`: no mistake in it, told or not, can hide another one.
    """

    source: Source
    documents: list[Document]
    cut: Span | None
    is_whole: bool
    is_sound: bool
