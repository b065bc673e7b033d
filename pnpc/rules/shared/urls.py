"""The URLs that a tap opens, in messages of both kinds, and what is wrong with them; found once for all rules."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from pnpc.language.expressions.expression import masked
from pnpc.language.message.context import Context
from pnpc.language.message.links import is_usual
from pnpc.language.message.notice import Field, Notice
from pnpc.language.message.urls import UrlFault, faults
from pnpc.rules.shared.content import has_plain_links
from pnpc.text.finding import Finding, Place
from pnpc.text.wording import NOTHING, Said, says

if TYPE_CHECKING:
    from pnpc.language.message.objects import Objects

# The URIs that a tap opens in a flexible message: the role of the object, and the property.
PROPERTIES = (("action", "uri"), ("action", "linkUri"), ("altUri", "desktop"), ("link", "linkUri"))
_OPEN_TO_APPS = ("flex", "")  # places where, according to one page of LINE's docs, a URI may have the scheme of an app


class UrlDoubt(NamedTuple):
    """A fault of the URL in `field`. `apps`: LINE's docs may allow the scheme of another app here."""

    field: Field
    fault: UrlFault
    apps: bool

    def finding(self, before: Said = NOTHING) -> Finding:
        """The finding at the characters of the fault; `before` stands before its message."""
        where = Place(self.field.path, "value", (self.fault.start, self.fault.end))
        message = says("{before}{fault}", before=before, fault=self.fault.message) if before else self.fault.message
        return Finding(where, message, self.fault.help)


def doubtful(notice: Notice, context: Context) -> list[UrlDoubt]:
    """What is wrong with the URLs of a message: nearly always nothing."""
    if notice.kind == "template":
        return [] if context.once(notice, has_plain_links) else context.once(notice, _of_buttons)
    from pnpc.language.message.objects import objects  # not needed for template messages

    return objects(notice, context).once(_of_objects)


def of_kind(kind: str, notice: Notice, context: Context) -> Iterator[UrlDoubt]:
    """The doubts whose fault is of a kind (see `Fault`)."""
    return (doubt for doubt in doubtful(notice, context) if doubt.fault.kind == kind)


def _of_buttons(notice: Notice) -> list[UrlDoubt]:
    fields = [button.url for button in notice.buttons if button.url is not None and button.url.text]
    return [UrlDoubt(field, fault, True) for field in fields for fault in _read(field.text, filled=notice.is_spec)]


def _of_objects(all_objects: "Objects") -> list[UrlDoubt]:
    return [
        UrlDoubt(Field(text, (*holder.path, name)), fault, holder.place in _OPEN_TO_APPS)
        for role, name in PROPERTIES
        for holder in all_objects.of(role)
        if name in holder.members and (text := holder.text(name))
        for fault in _read(text, filled=holder.filled)
    ]


def _read(text: str, *, filled: bool) -> list[UrlFault]:
    if is_usual(text) and (filled or "{" not in text):
        return []
    return faults(masked(text, filled=filled))
