"""LINE's own API: both kinds, the recipient as the SHA-256 digest of a phone number.

https://developers.line.biz/en/reference/line-notification-messages/
"""

from collections.abc import Iterator
from re import compile as regex
from typing import Any

from pnpc.compile.filled.message import Filled
from pnpc.compile.tables import phones
from pnpc.compile.tables.phones import BadPhone
from pnpc.compile.tables.recipients import Record
from pnpc.compile.tables.records import Mistake
from pnpc.compile.targets.target import Recipient, Target, text_of
from pnpc.language.message.notice import Notice
from pnpc.line.service import api, endpoints

_DIGEST = regex(r"[0-9a-f]{64}")
_ZERO = "a number would lose its leading zero or +"


class Line(Target):
    """LINE's Messaging API."""

    name = "line"
    receiver = "LINE"
    columns = ("phone", "to")
    private = ("phone",)
    recipient_key = "to"
    token = "LINE_CHANNEL_ACCESS_TOKEN"  # the variable's name, not a token

    def url(self, kind: str) -> str:
        """Each kind has its own endpoint."""
        return api() + endpoints()[kind].path

    def refuses(self, notice: Notice) -> str | None:  # noqa: ARG002
        """Nothing: a spec is written for LINE."""
        return None

    def notes(self, notice: Notice) -> Iterator[str]:  # noqa: ARG002
        """Nothing is left out."""
        return iter(())

    def recipient(self, record: Record, country: str | None) -> tuple[Recipient | None, list[Mistake]]:
        """A digest from `phone`, a number in E.164 or in the country's national form, or from `to`; of both, the same."""
        mistakes: list[Mistake] = []
        phone = text_of(record, "phone", "bad-phone", _ZERO, mistakes)
        to = text_of(record, "to", "recipient-digest", _ZERO, mistakes)
        if mistakes:
            return None, mistakes
        if to is not None and _DIGEST.fullmatch(to) is None:
            help = "put a phone number into a column `phone`; `pnpc hash` makes digests"
            message = "`to` must be a SHA-256 digest, 64 lower-case hex digits"
            mistakes.append(Mistake("recipient-digest", message, "to", help))
        if phone is not None:
            try:
                made = phones.recipient(phone, country)
            except BadPhone as error:
                mistakes.append(Mistake("bad-phone", error.message, "phone", error.help))
            else:
                if to is not None and not mistakes and made != to:
                    mistakes.append(Mistake("bad-phone", "`phone` and `to` are not of one number", "to"))
                to = made
        return None if to is None else Recipient("to", to), mistakes

    def doubt(self, to: Recipient) -> str | None:  # noqa: ARG002
        """Nothing: a digest is one, or a mistake."""
        return None

    def doubts(self, record: Record, country: str | None) -> list[Mistake]:
        """A number that may not be one for authentication in the LINE app, or is of another country than the spec."""
        phone = text_of(record, "phone", "bad-phone", None, [])
        found = phones.doubt(phone, country) if phone is not None else None
        if found is None:
            return []
        kind, what = found
        if kind == phones.ABROAD:
            message = f"{what}: are these people to get it?"
        elif kind in phones.NEVER_REACHED:
            message = f"{what}: LINE can't reach it, for it can't be used for authentication in the LINE app"
        else:
            message = f"{what}: LINE needs a number that can authenticate in its app, and this kind often can't"
        return [Mistake("doubtful-number", message, "phone", kind=kind)]

    def request(self, to: Recipient | None, filled: Filled) -> tuple[dict[str, str], dict[str, Any]]:
        """The body is LINE's as the spec mirrors it; the delivery tag is a header."""
        # Never X-Line-Retry-Key: this endpoint does not know it.
        headers = {"Content-Type": "application/json"}
        if filled.tag is not None:
            headers["X-Line-Delivery-Tag"] = filled.tag
        return headers, filled.body if to is None else {"to": to.value, **filled.body}
