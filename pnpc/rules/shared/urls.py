"""The URLs that a tap opens, of both kinds: what speaks against each, looked at once for all rules about it."""

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

# The URIs of a flexible message that a tap opens: the role of the object, and its property.
PROPERTIES = (("action", "uri"), ("action", "linkUri"), ("altUri", "desktop"), ("link", "linkUri"))
_OPEN_TO_APPS = ("flex", "")  # places where, as one page of LINE's docs says, an app's own scheme may stand


class Doubt(NamedTuple):
    """A fault of the URL in `field`. `apps`: another app's scheme may stand here, as far as LINE's docs say."""

    field: Field
    fault: UrlFault
    apps: bool

    def finding(self, before: Said = NOTHING) -> Finding:
        """The fault at its characters, as a rule tells it; `before` goes before it."""
        where = Place(self.field.path, "value", (self.fault.start, self.fault.end))
        message = says("{before}{fault}", before=before, fault=self.fault.message) if before else self.fault.message
        return Finding(where, message, self.fault.help)


def doubtful(notice: Notice, context: Context) -> list[Doubt]:
    """What speaks against the URLs of a message: nearly always nothing."""
    if notice.kind == "template":
        return [] if context.once(notice, has_plain_links) else context.once(notice, _of_buttons)
    from pnpc.language.message.objects import objects  # a template message never asks

    return objects(notice, context).once(_of_objects)


def of_kind(kind: str, notice: Notice, context: Context) -> Iterator[Doubt]:
    """The doubts whose fault is of a kind (see `Fault`)."""
    return (doubt for doubt in doubtful(notice, context) if doubt.fault.kind == kind)


def _of_buttons(notice: Notice) -> list[Doubt]:
    fields = [button.url for button in notice.buttons if button.url is not None and button.url.text]
    return [Doubt(field, fault, True) for field in fields for fault in _read(field.text, filled=notice.is_spec)]


def _of_objects(found: "Objects") -> list[Doubt]:
    return [
        Doubt(Field(text, (*holder.path, name)), fault, holder.place in _OPEN_TO_APPS)
        for role, name in PROPERTIES
        for holder in found.of(role)
        if name in holder.members and (text := holder.text(name))
        for fault in _read(text, filled=holder.filled)
    ]


def _read(text: str, *, filled: bool) -> list[UrlFault]:
    if is_usual(text) and (filled or "{" not in text):
        return []
    return faults(masked(text, filled=filled))
