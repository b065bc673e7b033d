"""LINE's own API: both kinds, the recipient as the SHA-256 digest of a phone number.

https://developers.line.biz/en/reference/line-notification-messages/
"""

from collections.abc import Mapping
from functools import cache
from re import compile as regex
from re import escape
from typing import TYPE_CHECKING, Any

from pnpc.compile.tables import phones
from pnpc.compile.tables.mistake import Mistake
from pnpc.compile.tables.phones import BadPhone
from pnpc.compile.targets.facts import Route, Secret, Tag, lacking, tag_limits
from pnpc.compile.targets.target import Addressee, Recipient, Target, text_of
from pnpc.line.grammar.schema import load
from pnpc.line.service import api, endpoints, requests_per_second
from pnpc.text.wording import MOST_SHOWN, Said, says

if TYPE_CHECKING:
    from pnpc.compile.filled.message import Filled
    from pnpc.compile.tables.recipients import Record

_DIGEST = regex(r"[0-9a-f]{64}")
_ZERO = says("a number would lose its leading zero or +")


class Line(Target):
    """LINE's Messaging API."""

    name = "line"
    receiver = "LINE"
    columns = ("phone", "to")
    private = ("phone",)
    recipient_key = "to"
    secrets = (Secret("Bearer", ("LINE_CHANNEL_ACCESS_TOKEN",)),)
    tag = Tag("X-Line-Delivery-Tag", is_header=True, is_made=True)
    used_up = b"monthly limit"  # of "You have reached your monthly limit."; the other 429 speaks of the rate
    request_id = "x-line-request-id"
    teaches = True
    reports = "webhook"

    @classmethod
    def rate(cls) -> int:
        """What each endpoint takes of a channel."""
        return requests_per_second()

    @classmethod
    def route(cls) -> Route:
        """LINE's API, and the endpoints that send messages."""
        paths = "|".join(map(escape, _grammars()))
        return Route((api(),), paths, api(), "{path} is not an endpoint for notification messages")

    @classmethod
    def wrong_body(cls, path: str, body: Mapping[str, Any]) -> str | None:
        """No recipient or not a digest, no content, or a key that the endpoint does not know."""
        grammar = load(_grammars()[path])
        if lack := lacking(body, ("to", *grammar["required"]), cls.recipient_key):
            return lack
        unknown = [name for name in body if not grammar["properties"].get(name)]
        if unknown:
            return f"`body` has a key `{unknown[0][:MOST_SHOWN]}` that {path} does not know"
        if not isinstance(body["to"], str) or _DIGEST.fullmatch(body["to"]) is None:
            return "`to` must be a SHA-256 digest, 64 lower-case hex digits"
        return None

    @classmethod
    def wrong_tag(cls, tag: object) -> str | None:
        """LINE's limits of a delivery tag."""
        least, most, fits = tag_limits()
        if isinstance(tag, str) and least <= len(tag) <= most and fits.search(tag):
            return None
        return f"{cls.tag.name} must be {least} to {most} visible ASCII characters"

    def url(self, kind: str) -> str:
        """Each kind has its own endpoint."""
        return api() + endpoints()[kind].path

    def addressee(self, record: "Record", country: str | None) -> Addressee:
        """A digest from `phone`, a number in E.164 or in the country's national form, or from `to`; of both, the same.

        Doubtful is a number that may not be one for authentication in the LINE app, or is of another country.
        """
        mistakes: list[Mistake] = []
        phone = text_of(record, "phone", "bad-phone", _ZERO, mistakes)
        to = text_of(record, "to", "recipient-digest", _ZERO, mistakes)
        if mistakes:
            return Addressee(None, tuple(mistakes))
        doubts: tuple[Mistake, ...] = ()
        if to is not None and _DIGEST.fullmatch(to) is None:
            help = says("put a phone number into a column `phone`; `pnpc hash` makes digests")
            message = says("`to` must be a SHA-256 digest, 64 lower-case hex digits")
            mistakes.append(Mistake("recipient-digest", message, "to", help))
        if phone is not None:
            try:
                number = phones.read(phone, country)
            except BadPhone as error:
                mistakes.append(Mistake("bad-phone", error.message, "phone", error.help))
            else:
                if to is not None and not mistakes and number.digest != to:
                    mistakes.append(Mistake("bad-phone", says("`phone` and `to` are not of one number"), "to"))
                to = number.digest
                doubts = (_doubtful(*number.doubt),) if number.doubt else ()
        return Addressee(None if to is None else Recipient("to", to), tuple(mistakes), doubts)

    def request(self, to: Recipient | None, filled: "Filled") -> tuple[dict[str, str], dict[str, Any]]:
        """The body is LINE's as the spec mirrors it; the delivery tag is a header."""
        # Never X-Line-Retry-Key: this endpoint does not know it.
        headers = {"Content-Type": "application/json"}
        if filled.tag is not None:
            headers[self.tag.name] = filled.tag
        return headers, filled.body if to is None else {"to": to.value, **filled.body}


def _doubtful(kind: str, what: Said) -> Mistake:
    """What is said of a number that may not reach the person who is meant."""
    if kind == phones.ABROAD:
        message = says("{what}: are these people to get it?", what=what)
    elif kind in phones.NEVER_REACHED:
        message = says(
            "{what}: LINE can't reach it, for it can't be used for authentication in the LINE app", what=what
        )
    else:
        message = says(
            "{what}: LINE needs a number that can authenticate in its app, and this kind often can't", what=what
        )
    return Mistake("doubtful-number", message, "phone", kind=kind)


@cache
def _grammars() -> dict[str, str]:
    """The paths that take messages, each with the schema of its body."""
    return {endpoint.path: endpoint.schema for endpoint in endpoints().values() if endpoint.sends}
