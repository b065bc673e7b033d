"""Names of files, places and identities of diagnostics, as other systems want them."""

import os
from collections import Counter
from collections.abc import Iterator, Mapping

from pnpc.report.clean import visible
from pnpc.text.finding import Diagnostic, Edit, Fix, Range
from pnpc.text.source import Source, Span


def shown(file: str, where: Range) -> str:
    """`specs/a.yaml:3:7`, the way terminals and editors make a link of."""
    return f"{visible(file)}:{where.start.line}:{where.start.column}"


def slashed(file: str) -> str:
    """A file's name with forward slashes and no leading `./`."""
    name = file.replace(os.sep, "/")
    while name.startswith("./"):
        name = name[2:].lstrip("/")
    return name


def relative(file: str) -> str:
    """`slashed`, and from the working directory on if the name is absolute and leads into it."""
    if os.path.isabs(file):
        try:
            here = os.path.join(os.getcwd(), "")
        except OSError:  # the directory is gone
            return slashed(file)
        file = file.removeprefix(here)
    return slashed(file)


def last_line(where: Range) -> int:
    """The last line that a range has a character of: an end at the start of a line has none there."""
    start, end = where
    return end.line - 1 if end.column == 1 and end.line > start.line else end.line


def identities(diagnostics: tuple[Diagnostic, ...]) -> list[tuple[str, str, str, int]]:
    """What makes each diagnostic itself though lines move: file, rule, path in the document, and which one there."""
    seen: Counter[tuple[str, str, str]] = Counter()
    identities = []
    for diagnostic in diagnostics:
        key = (relative(diagnostic.file), diagnostic.code, diagnostic.path)
        seen[key] += 1
        identities.append((*key, seen[key]))
    return identities


def fingerprints(diagnostics: tuple[Diagnostic, ...]) -> list[str]:
    """The SHA-256 of each diagnostic's identity, in hexadecimal: unique within a report."""
    from hashlib import sha256  # only formats with fingerprints need it

    texts = ("\0".join(map(str, identity)) for identity in identities(diagnostics))
    return [sha256(text.encode("utf-8", "surrogatepass")).hexdigest() for text in texts]


def edits(fix: Fix) -> Iterator[tuple[Span, str]]:
    """A fix's edits as spans and texts: in a diagnostic every place has been worked out."""
    for edit in fix.edits:
        if isinstance(edit.where, Span):
            yield edit.where, edit.text


def fixable(diagnostic: Diagnostic, sources: Mapping[str, Source]) -> tuple[Fix, Source] | None:
    """A diagnostic's fix with the source that its offsets count in; None if either is missing."""
    source = sources.get(diagnostic.file)
    return (diagnostic.fix, source) if diagnostic.fix and diagnostic.fix.edits and source else None


def range_of(source: Source, span: Span) -> Range:
    """A span in lines and columns."""
    return Range(source.position(span.start), source.position(span.end))


def as_one(fix: Fix, source: Source) -> tuple[Span, str]:
    """A fix's edits as a single one, which covers them and what stands between them."""
    from pnpc.text.edits import apply  # only formats that show fixes as one edit need it

    spans = [span for span, _ in edits(fix)]
    whole = Span(min(span.start for span in spans), max(span.end for span in spans))
    moved = tuple(Edit(Span(span.start - whole.start, span.end - whole.start), text) for span, text in edits(fix))
    return whole, apply(source.text[whole.start : whole.end], [moved])[0]
