"""What LINE's answers say of its keys: 202 to a message shows that its keys exist, a 400 that names one that it does not.

A 200 of the flexible kind says nothing of keys. The words of a 400 are LINE's own, and LINE says that they may change; so
a key counts as refused only if the answer points at its property, says that something does not exist, and the message
had that key. https://developers.line.biz/en/reference/line-notification-messages/ (error responses, 2026-08)
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from pnpc.deliver.journal.any_journal import AnyJournal
from pnpc.deliver.journal.records import JournalFailed
from pnpc.language.message.answers import details
from pnpc.line.catalog import KIND_OF_PROPERTY, KeyKind
from pnpc.line.service import endpoints

_PROPERTY = re.compile(r"(?:templateKey|.*\.(?:itemKey|buttonKey))")
_NO_SUCH = re.compile(r"(?:\bnot|n't|n’t) exist")
_NAMED = re.compile(r": (\S+)\Z")


class Key(NamedTuple):
    """A key of LINE's catalog."""

    kind: KeyKind
    key: str


class Lesson(NamedTuple):
    """What LINE's answers to `messages` messages say of a key, and when the first and the last of them came.

    `says`: LINE's words where it refuses the key; None where it accepts it.
    """

    key: Key
    says: str | None
    messages: int
    first: int
    last: int


def lessons(journal: AnyJournal, api: str) -> Iterator[Lesson]:
    """What the answers of an address (scheme, host and port) teach; a key may come several times. Raises JournalFailed."""
    sent = journal.rows("SELECT shape, url, keys FROM shapes")
    try:
        shapes = {shape: _keys(keys) for shape, url, keys in sent if url.startswith(f"{api}/")}
    except (ValueError, TypeError, KeyError) as error:
        raise JournalFailed(f"can't read the journal {journal.name}: the keys of a shape are damaged") from error
    accepted = endpoints()["template"].accepted
    for shape, *counted in journal.rows(_ACCEPTED, accepted):
        for key in shapes.get(shape, ()):
            yield Lesson(key, None, *counted)
    for shape, answer, *counted in journal.rows(_REFUSED):
        for key, says in _refused(answer, shapes.get(shape, [])):
            yield Lesson(key, says, *counted)


_ACCEPTED = (
    "SELECT shape, count(*), min(r.at), max(r.at) FROM results r JOIN intents USING (intent)"
    " WHERE outcome = 'accepted' AND status = ? GROUP BY shape"
)
_REFUSED = (
    "SELECT shape, answer, count(*), min(r.at), max(r.at) FROM results r JOIN intents USING (intent)"
    " WHERE reason = 'request' AND answer IS NOT NULL GROUP BY shape, answer"
)


def added_up(learned: Iterable[Lesson]) -> dict[Key, list[Lesson]]:
    """Lessons by key: one for each verdict, the later verdict last."""
    sums: dict[tuple[Key, bool], Lesson] = {}
    for lesson in learned:
        place = (lesson.key, lesson.says is None)
        before = sums.get(place, lesson._replace(messages=0))
        sums[place] = Lesson(
            lesson.key,
            lesson.says,
            before.messages + lesson.messages,
            min(before.first, lesson.first),
            max(before.last, lesson.last),
        )
    by_key: dict[Key, list[Lesson]] = {}
    for lesson in sorted(sums.values(), key=lambda summed: (summed.key, summed.last)):
        by_key.setdefault(lesson.key, []).append(lesson)
    return by_key


def _keys(keys: str) -> list[Key]:
    """The keys of a shape; other values, which another program wrote, are left out."""
    used = json.loads(keys)
    lists: tuple[KeyKind, KeyKind] = ("items", "buttons")
    named: list[tuple[KeyKind, Any]] = [
        ("templates", [used.get("templateKey")]),
        *((kind, used.get(kind)) for kind in lists),
    ]
    return [
        Key(kind, key)
        for kind, listed in named
        for key in (listed if isinstance(listed, list) else [])
        if isinstance(key, str)
    ]


def _refused(answer: str, keys: list[Key]) -> Iterator[tuple[Key, str]]:
    """The keys that the text of a 400 says do not exist, each with LINE's words."""
    try:
        said = json.loads(answer)
    except (ValueError, RecursionError):  # cut off, or not from LINE
        return
    if isinstance(said, dict):
        yield from refused_keys(said, keys)


def refused_keys(said: Mapping[str, Any], keys: Sequence[Key]) -> Iterator[tuple[Key, str]]:
    """The keys of a message that a 400 (its JSON decoded) says do not exist, each with LINE's words."""
    for detail in details(said):
        if (key := _named(detail, keys)) is not None:
            yield key, " ".join(detail["message"].split())


def _named(detail: Mapping[str, Any], keys: Sequence[Key]) -> Key | None:
    """The key that a detail says does not exist."""
    place, says = detail.get("property"), detail.get("message")
    if not isinstance(place, str) or not isinstance(says, str):
        return None
    if _PROPERTY.fullmatch(place) is None or _NO_SUCH.search(says) is None:
        return None
    kind = KIND_OF_PROPERTY[place.rpartition(".")[2]]
    of_kind = [key for key in keys if key.kind == kind]
    if kind == "templates":  # a message has lesson, and LINE names it in the top line only
        return of_kind[0] if of_kind else None
    named = _NAMED.search(says)
    return next((key for key in of_kind if named is not None and key.key == named[1]), None)
