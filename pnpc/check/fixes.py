"""What a fix must keep: only one whose result reads the same but for the mistake is offered as safe."""

from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

from pnpc.check.comparison import Comparison, has_twice, may_be_edited
from pnpc.check.reading import OTHER_MEANING, SHAPE, Again, Text
from pnpc.check.unquoted import readable
from pnpc.text.document import Document, Mapping, Node, Scalar, Unreadable, end, start
from pnpc.text.edits import repaired, spans
from pnpc.text.finding import Diagnostic, Fix
from pnpc.text.members import is_merge
from pnpc.text.nodes import compose
from pnpc.text.path import Path, show
from pnpc.text.source import Source, Span
from pnpc.text.yaml.properties import first

_MOST_TRIES = 32  # repaired texts of one file that are read, and that are checked; what is left then is left to people
_MOST_READ = 1_200_000  # characters of them in all, though two of any file
_HIDE_NOTHING = frozenset(("implicit-value", "unused-suppression"))


class _Candidate(NamedTuple):
    """A diagnostic's fix, and where it stands in the list of them."""

    at: int
    diagnostic: Diagnostic
    fix: Fix


def verified(text: Text, diagnostics: list[Diagnostic], again: Again) -> list[Diagnostic]:
    """The diagnostics with those fixes that keep what they must; `again` checks a repaired text.

    A fix that would tear the text is dropped. One that may change its meaning is no longer safe. A text that was not
    read to its end keeps one fix only: that which makes it readable.
    """
    kept = [one._replace(fix=None) for one in diagnostics]
    candidates = [_Candidate(at, one, one.fix) for at, one in enumerate(diagnostics) if one.fix is not None]
    if text.cut is not None:
        for at, one, fix in candidates:
            if one.span == text.cut:
                kept[at] = one._replace(fix=readable(text.source, fix, again))
        return kept
    length = len(text.source.text)
    judge = _Judge(text, diagnostics, again)
    sound = _passing([one for one in candidates if not judge.is_closed(one)], judge.keeps_text, length)
    unasked = [one for one in sound if one.fix.safe and judge.reads_on(one)]
    if not text.is_sound:
        unasked = [one for one in unasked if one.diagnostic.name != "unused-suppression"]
    safe = {one.at for one in _passing(unasked, judge.keeps_meaning, length)}
    for at, one, fix in sound:
        kept[at] = one._replace(fix=fix._replace(safe=at in safe))
    return kept


def _passing(candidates: list[_Candidate], test: Callable[[list[_Candidate]], bool], length: int) -> list[_Candidate]:
    """Those that pass a test of a text of so many characters: all at once where they do, else by halves."""
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
    """Groups in which no two fixes change the same characters."""
    groups: list[tuple[list[_Candidate], int]] = []
    for one in sorted(candidates, key=lambda one: _bounds(one.fix)):
        bounds = _bounds(one.fix)
        for at, (group, last) in enumerate(groups):
            if last < bounds.start:
                groups[at] = ([*group, one], bounds.end)
                break
        else:
            groups.append(([one], bounds.end))
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
    """What an edit changes: the value at a path, or with `is_key` the key of the path's last step."""

    path: Path
    is_key: bool = False
    node: Node | None = None


class _Judge:
    """What the fixes of a text that was read to its end would make of it."""

    def __init__(self, text: Text, diagnostics: list[Diagnostic], again: Again) -> None:
        self._text = text
        self._diagnostics = diagnostics
        self._again = again
        self._closed: list[Span] = []
        self._places: dict[int, _Place] = {}  # by the offset of an edit
        starts = {
            span.start for one in diagnostics if one.fix for span, edit in spans(one.fix) if edit.reads is not None
        }
        for document in text.documents:
            if document.root is not None:
                self._look(document.root, starts)

    def _look(self, root: Node, starts: set[int]) -> None:
        """Find what edits change, and where none may: in mappings with a key set twice, in what aliases name, in merges."""
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

    def is_closed(self, one: _Candidate) -> bool:
        """Whether a fix changes what is no key or value of its own, or stands where none may be changed."""
        starts = [span.start for span, edit in spans(one.fix) if edit.reads is not None]
        return any(
            at not in self._places or any(closed.start <= at < closed.end for closed in self._closed) for at in starts
        )

    def reads_on(self, one: _Candidate) -> bool:
        """Whether each value that a fix edits reads as it did: only a key may be given another name unasked."""
        for span, edit in spans(one.fix):
            place = self._places.get(span.start)
            if place is None or place.is_key or edit.reads is None:
                continue
            node = place.node
            before = node.value if isinstance(node, Scalar) else self._text.source.text[span.start : span.end]
            if edit.reads != before:
                return False
        return True

    def keeps_text(self, group: list[_Candidate]) -> bool:
        """Whether with these fixes the text can be read, and reads the same outside of them."""
        after = _read(repaired(self._text.source, [one.fix for one in group]))
        if after is None or len(after) != len(self._text.documents):
            return False
        edits = {span.start: edit for one in group for span, edit in spans(one.fix) if edit.reads is not None}
        comparison = Comparison(self._text.source.text, edits)
        roots = zip(self._text.documents, after, strict=True)
        return all(comparison.is_same(old.root, new.root) for old, new in roots) and comparison.met == edits.keys()

    def keeps_meaning(self, group: list[_Candidate]) -> bool:
        """Whether these fixes bring no finding to light but those that their mistakes hid."""
        if not self._text.is_whole:
            return True  # nobody knows which of them are new
        after = self._again(repaired(self._text.source, [one.fix for one in group]))
        changes = [
            (self._places[span.start], edit.reads)
            for one in group if one.diagnostic.name not in _HIDE_NOTHING
            for span, edit in spans(one.fix) if edit.reads is not None
        ]  # fmt: skip
        renames = {show(place.path): show((*place.path[:-1], reads)) for place, reads in changes if place.is_key}
        before = Counter((one.code, _renamed(one.path, renames)) for one in self._diagnostics)
        new = (Counter((one.code, one.path) for one in after) - before).keys()
        changed = {_renamed(show(place.path), renames) for place, _ in changes}
        quoted = {
            _renamed(show(place.path), renames)
            for place, _ in changes
            if not place.is_key and isinstance(place.node, Scalar)
        }
        around = {_renamed(show(place.path[:-1] if place.is_key else place.path), renames) for place, _ in changes}
        return all(
            changes
            and not (one.path in changed and one.name in OTHER_MEANING)
            and one.path not in quoted
            and (not one.code.startswith(SHAPE) or any(_is_within(one.path, path) for path in around))
            for one in after
            if (one.code, one.path) in new
        )


def _renamed(path: str, renames: dict[str, str]) -> str:
    """A path as it is after keys on its way were renamed, the innermost first."""
    for old in sorted(renames, key=len, reverse=True):
        if _is_within(path, old):
            path = renames[old] + path[len(old) :]
    return path


def _is_within(path: str, place: str) -> bool:
    return path.startswith(place) and (not place or path[len(place) :][:1] in ("", ".", "["))
