"""Two versions of one spec compared, and the versions of two sets of files paired first."""

from collections.abc import Hashable, Iterator, Sequence

from pnpc.check.engine import range_of
from pnpc.compile.diff import fallback, head, variables
from pnpc.compile.diff.change import Change, PlacedChange, Section, Spot
from pnpc.compile.diff.message import change_of
from pnpc.compile.diff.snapshot import Snapshot
from pnpc.compile.diff.values import Difference, differences
from pnpc.compile.diff.version import Version, filled, has_directives, origin, sources, written
from pnpc.language.variables.declared import declarations
from pnpc.text.finding import Place
from pnpc.text.path import Path


def compare(old: Sequence[Version], new: Sequence[Version]) -> list[Section]:
    """The specs in which two sets differ: those of the new set in their order, then those that went."""
    sections = [_section(before, after) for before, after in paired(old, new)]
    return [section for section in sections if section.changes or section.notes]


def paired(old: Sequence[Version], new: Sequence[Version]) -> list[tuple[Version | None, Version | None]]:
    """Each spec with its other version: the one of its name, else the one in its place in the same file.

    Names should be unique; of several of one name, the one in its place.
    """
    left = dict(enumerate(old))
    before: dict[int, Version] = {}
    for mark in (_name_in_place, _name, _place):
        marked = {mark(version): index for index, version in left.items() if mark(version) is not None}
        for index, version in enumerate(new):
            if index not in before and mark(version) in marked:
                before[index] = left.pop(marked.pop(mark(version)))
    pairs: list[tuple[Version | None, Version | None]] = [
        (before.get(index), version) for index, version in enumerate(new)
    ]
    return pairs + [(version, None) for version in left.values()]


def _name_in_place(version: Version) -> Hashable:
    return None if version.name is None else (version.name, _place(version))


def _name(version: Version) -> Hashable:
    return version.name


def _place(version: Version) -> Hashable:
    return version.home, version.notice.document.number


def _section(old: Version | None, new: Version | None) -> Section:
    if old is None or new is None:
        return _alone(old, new)
    name = new.name or old.name or new.file
    if _is_same_text(old, new):
        return Section(name, ())
    notes: list[str] = []
    changes = [*_of_caller(old, new), *_of_message(old, new, notes)]
    placed = tuple(PlacedChange(change, _spot(old, change.old), _spot(new, change.new)) for change in changes)
    return Section(name, placed, tuple(notes))


def _alone(old: Version | None, new: Version | None) -> Section:
    version = new or old
    assert version is not None
    noun = "spec" if version.notice.is_spec else "request body"
    place = Place(("name",)) if version.name else Place(())
    if new is not None:
        change = Change("added", "caller", False, noun, "new", new=place)
    else:
        change = Change("removed", "caller", True, noun, "removed: pipelines that compile it will fail", old=place)
    placed = PlacedChange(change, _spot(version, place) if old else None, _spot(version, place) if new else None)
    return Section(version.name or version.file, (placed,))


def _is_same_text(old: Version, new: Version) -> bool:
    """Whether there is nothing to compare: the same text, which says all there is to say."""
    before, after = old.notice.document, new.notice.document
    same = before.source.text == after.source.text and before.number == after.number and old.country == new.country
    return same and "$include" not in before.source.text  # a fragment may have changed


def _of_caller(old: Version, new: Version) -> Iterator[Change]:
    yield from head.changes(old.notice, new.notice, (old.country, new.country))
    before, after = (
        {name: variable.schema for name, variable in declarations(version.notice).items()} for version in (old, new)
    )
    yield from variables.changes(before, after)


def _of_message(old: Version, new: Version, notes: list[str]) -> Iterator[Change]:
    """The changes of the message: of what the examples make of it, and of what is written where that shows nothing."""
    if sources(old) == sources(new):
        return
    base = (old.notice.base, new.notice.base)
    bodies = filled(old), filled(new)
    yield from fallback.changes(old, new, bodies)
    as_written = list(differences(written(old), written(new)))
    directed = has_directives(old) or has_directives(new)
    shown: list[Difference] = []
    if isinstance(bodies[0], Snapshot) and isinstance(bodies[1], Snapshot):
        shown = list(differences(bodies[0].body, bodies[1].body))
        for difference in shown:
            change = change_of(difference, base, filled=True)
            same = next((other for other in as_written if directed and _is_same(difference, other)), None)
            yield _at_origin(change, old, new) if same is None else _at(change, change_of(same, base, filled=True))
    else:
        notes += [
            _unfilled(version, body) for version, body in zip((old, new), bodies, strict=True) if isinstance(body, str)
        ]
    for difference in as_written:
        if not any(_covers(other, difference, directed=directed) for other in shown):
            yield change_of(difference, base, filled=_is_fixed(difference))


def _unfilled(version: Version, reason: str) -> str:
    return f"{version.file}: the examples fill no message, so that texts are compared as they are written: {reason}"


def _is_fixed(difference: Difference) -> bool:
    return not any(isinstance(value, str) and "{{" in value for value in (difference.before, difference.after))


def _covers(shown: Difference, as_written: Difference, *, directed: bool) -> bool:
    """Whether a difference of the written text is already shown as one of the filled text."""
    if directed and any(isinstance(step, int) for step in as_written.new + as_written.old):
        return _is_same(shown, as_written)
    return _begins(shown.old, as_written.old) and _begins(shown.new, as_written.new)


def _begins(path: Path, other: Path) -> bool:
    shorter = min(len(path), len(other))
    return bool(path[:shorter] == other[:shorter])


def _is_same(difference: Difference, other: Difference) -> bool:
    return (difference.before, difference.after) == (other.before, other.after)


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
