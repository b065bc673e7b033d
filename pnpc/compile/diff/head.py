"""What changed about a spec as a whole: its name, country, kind and delivery tag."""

from collections.abc import Iterator

from pnpc.compile.diff.bounds import ABSENT
from pnpc.compile.diff.change import Change
from pnpc.language.message.notice import Field, Notice
from pnpc.text.finding import Place

_COUNTRY = "numbers in national form are read, and keys known, as those of another country"
_TAG = "the webhook brings back another tag"
_KIND = "another kind of message, which goes to another endpoint"


def changes(old: Notice, new: Notice, countries: tuple[str | None, str | None]) -> Iterator[Change]:
    """The changes of all that is neither variable nor message; `countries` are those in force, config included."""
    yield from _field(
        "name-changed", "name", "whatever compiles it or looks it up by this name must change", old.name, new.name
    )
    if countries[0] != countries[1]:
        before, after = (ABSENT if country is None else country for country in countries)
        places = (_place(old.country), _place(new.country))
        yield Change("country-changed", "caller", True, "country", _COUNTRY, before, after, *places)
    if old.kind != new.kind:
        before, after = (ABSENT if notice.kind is None else notice.kind for notice in (old, new))
        yield Change("kind-changed", "caller", True, "message", _KIND, before, after, Place(old.base), Place(new.base))
    yield from _field("tag-changed", "deliveryTag", _TAG, old.delivery_tag, new.delivery_tag)


def _field(kind: str, what: str, message: str, old: Field | None, new: Field | None) -> Iterator[Change]:
    before, after = (ABSENT if field is None else field.text for field in (old, new))
    if before is not after and before != after:
        yield Change(kind, "caller", True, what, message, before, after, _place(old), _place(new))


def _place(field: Field | None) -> Place | None:
    return None if field is None else Place(field.path)
