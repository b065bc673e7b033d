"""Which fixes are offered: a fix is safe only if the repaired text reads the same except for the mistake."""

from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

from pnpc.check.comparison import Comparison, has_twice, may_be_edited
from pnpc.check.reading import OTHER_MEANING, SHAPE, Again, CheckedText
from pnpc.check.unquoted import readable
from pnpc.text.document import Document, Mapping, Node, Scalar, Unreadable, end, start
from pnpc.text.edits import repaired, spans
from pnpc.text.finding import Diagnostic, Fix
from pnpc.text.members import is_merge
from pnpc.text.nodes import compose
from pnpc.text.path import Path, show
from pnpc.text.source import Source, Span
from pnpc.text.yaml.properties import first

_MOST_TRIES = 32  # repaired texts of one file that are read, and that are checked; further fixes are not safe
_MOST_READ = 1_200_000  # characters of these texts together, but always two texts
_HIDE_NOTHING = frozenset(("implicit-value", "unused-suppression"))


class _Candidate(NamedTuple):
    """A diagnostic with a fix, and its index in the list of diagnostics."""

    at: int
    diagnostic: Diagnostic
    fix: Fix


def verified(text: CheckedText, diagnostics: list[Diagnostic], again: Again) -> list[Diagnostic]:
    """The diagnostics with the fixes that may be offered; `again` checks a repaired text.

    A fix after which the text can't be read, or reads differently elsewhere, is removed. One that may change the meaning
    is no longer safe. If the text could not be read to its end, only the fix that makes it readable is kept.
    """
    kept = [diagnostic._replace(fix=None) for diagnostic in diagnostics]
    candidates = [
        _Candidate(at, diagnostic, diagnostic.fix)
        for at, diagnostic in enumerate(diagnostics)
        if diagnostic.fix is not None
    ]
    if text.cut is not None:
        for at, diagnostic, fix in candidates:
            if diagnostic.span == text.cut:
                kept[at] = diagnostic._replace(fix=readable(text.source, fix, again))
        return kept
    length = len(text.source.text)
    judge = _Judge(text, diagnostics, again)
    sound = _passing(
        [candidate for candidate in candidates if not judge.is_closed(candidate)], judge.keeps_text, length
    )
    unasked = [candidate for candidate in sound if candidate.fix.safe and judge.reads_on(candidate)]
    if not text.is_sound:
        unasked = [candidate for candidate in unasked if candidate.diagnostic.name != "unused-suppression"]
    safe = {candidate.at for candidate in _passing(unasked, judge.keeps_meaning, length)}
    for at, diagnostic, fix in sound:
        kept[at] = diagnostic._replace(fix=fix._replace(safe=at in safe))
    return kept


def _passing(candidates: list[_Candidate], test: Callable[[list[_Candidate]], bool], length: int) -> list[_Candidate]:
    """The candidates that pass a test; `length` is that of the text. They are tried together, and by halves if they fail."""
    passing: list[_Candidate] = []
    groups = _apart(candidates)
    tries = max(2, min(_MOST_TRIES, _MOST_READ // (length + 1)))
    while groups and tries:
        group = groups.pop(0)
        tries -= 1
        if test(group):
            passing += group
        elif len(group) > 1:
            middle = len(group) // 2
            groups += [group[:middle], group[middle:]]
    return passing


def _apart(candidates: list[_Candidate]) -> list[list[_Candidate]]:
    """The candidates in groups, in each of which no two fixes overlap."""
    groups: list[tuple[list[_Candidate], int]] = []
    for candidate in sorted(candidates, key=lambda candidate: _bounds(candidate.fix)):
        bounds = _bounds(candidate.fix)
        for at, (group, last) in enumerate(groups):
            if last < bounds.start:
                groups[at] = ([*group, candidate], bounds.end)
                break
        else:
            groups.append(([candidate], bounds.end))
    return [group for group, _ in groups]


def _bounds(fix: Fix) -> Span:
    changed = [span for span, _ in spans(fix)]
    return Span(min(span.start for span in changed), max(span.end for span in changed))


def _whole(node: Node) -> Span:
    return Span(start(node), end(node))


def _read(source: Source) -> list[Document] | None:
    try:
        return list(compose(source))
    except Unreadable:
        return None


class _Place(NamedTuple):
    """What an edit changes: the value at a path, or with `is_key` the key that is the path's last step."""

    path: Path
    is_key: bool = False
    node: Node | None = None


class _Judge:
    """Judges what fixes do to a text that was read to its end."""

    def __init__(self, text: CheckedText, diagnostics: list[Diagnostic], again: Again) -> None:
        self._text = text
        self._diagnostics = diagnostics
        self._again = again
        self._closed: list[Span] = []
        self._places: dict[int, _Place] = {}  # by the offset of an edit
        starts = {
            span.start
            for diagnostic in diagnostics
            if diagnostic.fix
            for span, edit in spans(diagnostic.fix)
            if edit.reads is not None
        }
        for document in text.documents:
            if document.root is not None:
                self._look(document.root, starts)

    def _look(self, root: Node, starts: set[int]) -> None:
        """Find what the edits change, and where no edit is allowed: in mappings with a repeated key, in nodes that aliases
        refer to, in merges."""
        seen: set[int] = set()
        stack = [(root, _Place(()))]
        while stack:
            node, place = stack.pop()
            at = first(self._text.source.text, node)
            if at in starts and may_be_edited(node):
                self._places.setdefault(at, place._replace(node=node))
            if id(node) in seen:
                self._closed.append(_whole(node))
                continue
            seen.add(id(node))
            if isinstance(node, Mapping):
                if has_twice(node):
                    self._closed.append(_whole(node))
                for key, value in node.value:
                    if is_merge(key):
                        self._closed.append(_whole(value))
                    path = (*place.path, key.value if isinstance(key, Scalar) else "?")
                    stack += [(value, _Place(path)), (key, _Place(path, is_key=True))]
            elif not isinstance(node, Scalar):
                stack += [(item, _Place((*place.path, index))) for index, item in enumerate(node.value)]

    def is_closed(self, candidate: _Candidate) -> bool:
        """Whether a fix changes something other than a key or a value, or something where no edit is allowed."""
        starts = [span.start for span, edit in spans(candidate.fix) if edit.reads is not None]
        return any(
            at not in self._places or any(closed.start <= at < closed.end for closed in self._closed) for at in starts
        )

    def reads_on(self, candidate: _Candidate) -> bool:
        """Whether each value that a fix edits is read as before: a safe fix may rename a key, but not change a value."""
        for span, edit in spans(candidate.fix):
            place = self._places.get(span.start)
            if place is None or place.is_key or edit.reads is None:
                continue
            node = place.node
            before = node.value if isinstance(node, Scalar) else self._text.source.text[span.start : span.end]
            if edit.reads != before:
                return False
        return True

    def keeps_text(self, group: list[_Candidate]) -> bool:
        """Whether the text with these fixes can be read, and reads the same outside them."""
        after = _read(repaired(self._text.source, [candidate.fix for candidate in group]))
        if after is None or len(after) != len(self._text.documents):
            return False
        edits = {
            span.start: edit for candidate in group for span, edit in spans(candidate.fix) if edit.reads is not None
        }
        comparison = Comparison(self._text.source.text, edits)
        roots = zip(self._text.documents, after, strict=True)
        return all(comparison.is_same(old.root, new.root) for old, new in roots) and comparison.met == edits.keys()

    def keeps_meaning(self, group: list[_Candidate]) -> bool:
        """Whether these fixes cause no new diagnostics, except those that the mistakes were hiding."""
        if not self._text.is_whole:
            return True  # diagnostics were left out, so it is not known which ones are new
        after = self._again(repaired(self._text.source, [candidate.fix for candidate in group]))
        changes = [
            (self._places[span.start], edit.reads)
            for candidate in group if candidate.diagnostic.name not in _HIDE_NOTHING
            for span, edit in spans(candidate.fix) if edit.reads is not None
        ]  # fmt: skip
        renames = {show(place.path): show((*place.path[:-1], reads)) for place, reads in changes if place.is_key}
        before = Counter((diagnostic.code, _renamed(diagnostic.path, renames)) for diagnostic in self._diagnostics)
        new = (Counter((diagnostic.code, diagnostic.path) for diagnostic in after) - before).keys()
        changed = {_renamed(show(place.path), renames) for place, _ in changes}
        quoted = {
            _renamed(show(place.path), renames)
            for place, _ in changes
            if not place.is_key and isinstance(place.node, Scalar)
        }
        around = {_renamed(show(place.path[:-1] if place.is_key else place.path), renames) for place, _ in changes}
        return all(
            changes
            and not (diagnostic.path in changed and diagnostic.name in OTHER_MEANING)
            and diagnostic.path not in quoted
            and (not diagnostic.code.startswith(SHAPE) or any(_is_within(diagnostic.path, path) for path in around))
            for diagnostic in after
            if (diagnostic.code, diagnostic.path) in new
        )


def _renamed(path: str, renames: dict[str, str]) -> str:
    """A path after keys in it were renamed, the innermost first."""
    for old in sorted(renames, key=len, reverse=True):
        if _is_within(path, old):
            path = renames[old] + path[len(old) :]
    return path


def _is_within(path: str, place: str) -> bool:
    return path.startswith(place) and (not place or path[len(place) :][:1] in ("", ".", "["))
