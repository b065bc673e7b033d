"""Two versions of one spec compared, and the versions of two sets of files paired first."""

from collections.abc import Hashable, Iterator, Sequence

from pnpc.check.engine import range_of
from pnpc.compile.diff import head, variables
from pnpc.compile.diff.change import Change, Section, Spot, Told
from pnpc.compile.diff.message import change_of
from pnpc.compile.diff.snapshot import Snapshot
from pnpc.compile.diff.values import Difference, differences
from pnpc.compile.diff.version import Version, filled, has_directives, origin, sources, written
from pnpc.language.variables.declared import declarations
from pnpc.text.finding import Place
from pnpc.text.path import Path


def compare(old: Sequence[Version], new: Sequence[Version]) -> list[Section]:
    """The specs in which two sets differ: those of the new set in their order, then those that went."""
    sections = [_section(one, other) for one, other in paired(old, new)]
    return [one for one in sections if one.changes or one.notes]


def paired(old: Sequence[Version], new: Sequence[Version]) -> list[tuple[Version | None, Version | None]]:
    """Each spec with its other version: the one of its name, else the one in its place in the same file.

    Names should be unique; of several of one name, the one in its place.
    """
    left = dict(enumerate(old))
    found: dict[int, Version] = {}
    for mark in (_name_in_place, _name, _place):
        marked = {mark(one): index for index, one in left.items() if mark(one) is not None}
        for index, one in enumerate(new):
            if index not in found and mark(one) in marked:
                found[index] = left.pop(marked.pop(mark(one)))
    pairs: list[tuple[Version | None, Version | None]] = [(found.get(index), one) for index, one in enumerate(new)]
    return pairs + [(one, None) for one in left.values()]


def _name_in_place(one: Version) -> Hashable:
    return None if one.name is None else (one.name, _place(one))


def _name(one: Version) -> Hashable:
    return one.name


def _place(one: Version) -> Hashable:
    return one.home, one.notice.document.number


def _section(old: Version | None, new: Version | None) -> Section:
    if old is None or new is None:
        return _alone(old, new)
    name = new.name or old.name or new.file
    if _is_same_text(old, new):
        return Section(name, ())
    notes: list[str] = []
    found = [*_of_caller(old, new), *_of_message(old, new, notes)]
    told = tuple(Told(one, _spot(old, one.old), _spot(new, one.new)) for one in found)
    return Section(name, told, tuple(notes))


def _alone(old: Version | None, new: Version | None) -> Section:
    one = new or old
    assert one is not None
    noun = "spec" if one.notice.is_spec else "request body"
    place = Place(("name",)) if one.name else Place(())
    if new is not None:
        change = Change("added", "caller", False, noun, "new", new=place)
    else:
        change = Change("removed", "caller", True, noun, "removed: what compiled it finds it no more", old=place)
    told = Told(change, _spot(one, place) if old else None, _spot(one, place) if new else None)
    return Section(one.name or one.file, (told,))


def _is_same_text(old: Version, new: Version) -> bool:
    """Whether there is nothing to compare: the same text, which says all there is to say."""
    one, other = old.notice.document, new.notice.document
    same = one.source.text == other.source.text and one.number == other.number and old.country == new.country
    return same and "$include" not in one.source.text  # a fragment may have changed


def _of_caller(old: Version, new: Version) -> Iterator[Change]:
    yield from head.changes(old.notice, new.notice, (old.country, new.country))
    before, after = ({name: one.schema for name, one in declarations(version.notice).items()} for version in (old, new))
    yield from variables.changes(before, after)


def _of_message(old: Version, new: Version, notes: list[str]) -> Iterator[Change]:
    """The changes of the message: of what the examples make of it, and of what is written where that shows nothing."""
    if sources(old) == sources(new):
        return
    base = (old.notice.base, new.notice.base)
    bodies = filled(old), filled(new)
    as_written = list(differences(written(old), written(new)))
    directed = has_directives(old) or has_directives(new)
    shown: list[Difference] = []
    if isinstance(bodies[0], Snapshot) and isinstance(bodies[1], Snapshot):
        shown = list(differences(bodies[0].body, bodies[1].body))
        for one in shown:
            change = change_of(one, base, filled=True)
            same = next((other for other in as_written if directed and _is_same(one, other)), None)
            yield _at_origin(change, old, new) if same is None else _at(change, change_of(same, base, filled=True))
    else:
        notes += [_unfilled(one, body) for one, body in zip((old, new), bodies, strict=True) if isinstance(body, str)]
    for one in as_written:
        if not any(_covers(other, one, directed=directed) for other in shown):
            yield change_of(one, base, filled=_is_fixed(one))


def _unfilled(version: Version, reason: str) -> str:
    return f"{version.file}: the examples fill no message, so that texts are compared as they are written: {reason}"


def _is_fixed(one: Difference) -> bool:
    return not any(isinstance(value, str) and "{{" in value for value in (one.before, one.after))


def _covers(shown: Difference, one: Difference, *, directed: bool) -> bool:
    """Whether a difference of what is written has been told as one of what is filled."""
    if directed and any(isinstance(step, int) for step in one.new + one.old):
        return _is_same(shown, one)
    return _begins(shown.old, one.old) and _begins(shown.new, one.new)


def _begins(path: Path, other: Path) -> bool:
    shorter = min(len(path), len(other))
    return bool(path[:shorter] == other[:shorter])


def _is_same(one: Difference, other: Difference) -> bool:
    return (one.before, one.after) == (other.before, other.after)


def _at(change: Change, other: Change) -> Change:
    """A change of a filled text that is written out, at the place where it is written."""
    return change._replace(old=other.old, new=other.new)


def _at_origin(change: Change, old: Version, new: Version) -> Change:
    return change._replace(
        old=origin(old, change.old) if change.old else None, new=origin(new, change.new) if change.new else None
    )


def _spot(version: Version, place: Place | None) -> Spot | None:
    """Where a place stands; of one that the text does not hold, what is nearest to it."""
    if place is None:
        return None
    notice = version.notice
    return Spot(version.file, range_of(notice.document.source, notice.tree.span(place)))
