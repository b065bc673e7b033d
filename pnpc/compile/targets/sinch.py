"""Sinch's Conversation API, a way to LINE for who is a customer there: the template kind only.

The shape of the request, its names and the lengths of `correlation_id` are those of the models of Sinch's SDK 2.3
(github.com/sinch/sinch-sdk-python). What a LINE identity is there, a number or a digest, is not documented. What no body
says (rate, tokens, signatures, statuses) is in `schemas/sinch.json`, with its pages.
"""

import json
from base64 import b64encode
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from hmac import compare_digest
from hmac import new as hmac
from re import compile as regex
from typing import TYPE_CHECKING, Any, ClassVar

from pnpc.compile.tables.mistake import Mistake
from pnpc.compile.targets.callback import BadCallback, Callback, DeliveryReport
from pnpc.compile.targets.facts import Route, Secret, Setting, Tag, lacking, text_in
from pnpc.compile.targets.target import Addressee, Recipient, Target, text_of
from pnpc.data import read_json
from pnpc.line.names import SINCH_OF
from pnpc.text.wording import says

if TYPE_CHECKING:
    from pnpc.compile.filled.message import Filled
    from pnpc.compile.tables.recipients import Record
    from pnpc.language.message.notice import Notice

_NOT_PRINTED = regex("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
# As many digits as a number in E.164 has, from the shortest to the longest.
_LIKE_A_NUMBER = regex(r"[+＋]?(?:[()\-./ ]*\d){8,15}")
_WORD = (r"[A-Za-z0-9_-]+", "letters, digits, `-` and `_`")
_REGIONS = ("us", "eu", "br")
_API = "https://{region}.conversation.api.sinch.com"
_PATH = "/v1/projects/{project}/messages:send"
_KEY = ("SINCH_KEY_ID", "SINCH_KEY_SECRET")


@cache
def _facts() -> dict[str, Any]:
    facts: dict[str, Any] = read_json("schemas", "sinch.json")
    return facts


def _token_url() -> str:
    return str(_facts()["token"]["url"])


class Sinch(Target):
    """Sinch's Conversation API."""

    name = "sinch"
    receiver = "Sinch"
    columns = ("contact_id", "identity")
    private = ("identity",)
    recipient_key = "recipient"
    reviewer = "Sinch's account manager"
    kinds = ("template",)
    form = "sinch"
    settings = (
        Setting("app-id", "SINCH_APP_ID", "The app of the Conversation API that sends.", *_WORD),
        Setting("project-id", "SINCH_PROJECT_ID", "The project that the app belongs to.", *_WORD),
        Setting("region", "SINCH_REGION", "The region that the app was made in.", choices=_REGIONS),
    )
    secrets = (
        Secret("Bearer", ("SINCH_ACCESS_TOKEN",)),
        Secret("OAuth2", _KEY, _token_url),
        Secret("Basic", _KEY),
    )
    scheme_variable = "SINCH_AUTH"
    tag = Tag("correlation_id", is_header=False, is_made=True)
    message_key = "message_id"
    reports = "callback"
    written: ClassVar = ("app_id", "recipient", "channel_priority_order")
    """The keys of a body that `request` adds to the message and its tag."""

    @classmethod
    def rate(cls) -> int:
        """What a project may ask for, over all its apps."""
        return int(_facts()["rate"]["perSecond"])

    @classmethod
    def usual_rate(cls) -> int:
        """What an app hands on to LINE by default: more would wait in Sinch's queue, where no stop reaches it."""
        return int(_facts()["rate"]["handedOn"])

    @classmethod
    def callback(cls) -> Callback:
        """Delivery reports, by the webhook of an app."""
        return SinchCallback()

    @classmethod
    def said(cls, answer: Mapping[str, Any]) -> Mapping[str, Any]:
        """See `sinch_errors`."""
        # Only an answer that refuses a message needs it.
        from pnpc.compile.targets.sinch_errors import in_lines_form

        return in_lines_form(answer, cls.tag.name)

    @classmethod
    def route(cls) -> Route:
        """One endpoint in each region."""
        apis = tuple(_API.format(region=region) for region in _REGIONS)
        wrong = f"`url` must go on with {_PATH.format(project='PROJECT')}; found {{path}}"
        return Route(apis, _PATH.format(project=_WORD[0]), _API.format(region="REGION"), wrong)

    @classmethod
    def wrong_body(cls, path: str, body: Mapping[str, Any]) -> str | None:  # noqa: ARG003
        """No sender, no recipient or no message."""
        return lacking(body, ("app_id", "recipient", "message"), cls.recipient_key)

    @classmethod
    def recipient_name(cls, body: Mapping[str, Any]) -> str:
        """A contact's id, or the identity in the channel LINE; of a recipient in another form all of it, as JSON."""
        named = body.get(cls.recipient_key)
        identities = _member(_member(named, "identified_by"), "channel_identities")
        listed = identities if isinstance(identities, list) else []
        of_line = [_member(each, "identity") for each in listed if _member(each, "channel") == "LINE"]
        names = [name for name in (_member(named, "contact_id"), *of_line) if isinstance(name, str)]
        return names[0] if names else json.dumps(named, sort_keys=True)

    def url(self, kind: str) -> str:  # noqa: ARG002
        """The endpoint of the account's project, in its region."""
        return _API.format(region=self.given["region"]) + _PATH.format(project=self.given["project-id"])

    def refuses(self, notice: "Notice") -> str | None:
        """What is no template message of a spec: Sinch has no type for the flexible kind, and takes no digest."""
        if refusal := super().refuses(notice):
            return refusal
        if not notice.is_spec:
            help = "`pnpc import` makes a spec of it"
            return f"a request body names its recipient as LINE does, and can't be compiled for Sinch; {help}"
        return None

    def notes(self, notice: "Notice") -> Iterator[str]:
        """Aggregation units have no place in Sinch's request."""
        if notice.units:
            yield "`customAggregationUnits` can't go through Sinch, and is left out"

    def addressee(self, record: "Record", country: str | None) -> Addressee:  # noqa: ARG002
        """What the caller's own data say, as it is: a contact of Sinch, or an identity of the channel LINE.

        Doubtful is a value that may be a phone number: every other output of pnpc is free of them.
        """
        mistakes: list[Mistake] = []
        values = [(column, text_of(record, column, "bad-value", None, mistakes)) for column in self.columns]
        named = [Recipient(column, value) for column, value in values if value is not None]
        for recipient in named:
            if unfit := _NOT_PRINTED.search(recipient.value):
                column, point = recipient.column, ord(unfit[0])
                message = says("`{column}` holds the character U+{code_point:04X}", column=column, code_point=point)
                mistakes.append(Mistake("bad-value", message, column))
        if len(named) > 1:
            message = says("`contact_id` and `identity` both have a value: Sinch takes one of them")
            mistakes.append(Mistake("bad-value", message, "identity"))
        if not named or mistakes:
            return Addressee(None, tuple(mistakes))
        to = named[0]
        if not _LIKE_A_NUMBER.fullmatch(to.value):
            return Addressee(to)
        message = says(
            "`{column}` holds what looks like a phone number: it is passed on, and the output holds it, as it is",
            column=to.column,
        )
        return Addressee(to, (), (Mistake("", message, to.column),))

    def request(self, to: Recipient | None, filled: "Filled") -> tuple[dict[str, str], dict[str, Any]]:
        """LINE's properties at Sinch's names; the delivery tag is `correlation_id`, which comes back in Sinch's callbacks."""
        message = {
            "message_type": "NOTIFICATION_MESSAGE_TEMPLATE",
            "message": {
                SINCH_OF.get(name, name): _renamed(value)
                for name, value in filled.body.items()
                if name != "customAggregationUnits"
            },
        }
        body = {
            "app_id": self.given["app-id"],
            **({} if to is None else {"recipient": _named(to)}),
            "message": {"channel_specific_message": {"LINE": message}},
            "channel_priority_order": ["LINE"],
            **({} if filled.tag is None else {"correlation_id": filled.tag}),
        }
        return {"Content-Type": "application/json"}, body


class SinchCallback(Callback):
    """A callback of Sinch's Conversation API; a callback that comes twice is one report."""

    secret = "SINCH_WEBHOOK_SECRET"  # the name of a variable
    header = "x-sinch-webhook-signature"

    def is_signed(self, secret: str, headers: Mapping[str, str], body: bytes) -> bool:
        """HMAC-SHA256 of the body, the nonce and the time, as the headers have them.

        Neither nonce nor time is remembered: who posts an old callback again tells nothing new.
        """
        signature, *rest = (
            headers.get(f"{self.header}{end}", "").encode("utf-8", "surrogateescape")
            for end in ("", "-nonce", "-timestamp")
        )
        algorithm = _facts()["callback"]["algorithm"]
        if headers.get(f"{self.header}-algorithm", algorithm).casefold() != algorithm.casefold() or not all(rest):
            return False
        return compare_digest(_signature(secret, body, *rest), signature)

    def signed(self, secret: str, body: bytes, nonce: str, time: str) -> dict[str, str]:
        """The headers of a post with a body, as Sinch signs it."""
        signature = _signature(secret, body, nonce.encode(), time.encode()).decode()
        ends = {"": signature, "-nonce": nonce, "-timestamp": time, "-algorithm": _facts()["callback"]["algorithm"]}
        return {f"{self.header}{end}": value for end, value in ends.items()}

    def read(self, body: bytes) -> DeliveryReport | None:
        """A delivery report with a final status."""
        try:
            post = json.loads(body)
        except (ValueError, RecursionError):
            raise BadCallback("not JSON") from None
        if not isinstance(post, dict):
            raise BadCallback("not a JSON object")
        report = post.get("message_delivery_report")
        status = report.get("status") if isinstance(report, dict) else None
        failed = status in _facts()["callback"]["failed"]
        if not isinstance(report, dict) or not (failed or status in _facts()["callback"]["delivered"]):
            return None
        message_id, tag = text_in(report.get("message_id")), text_in(post.get("correlation_id"))
        if message_id is None and tag is None:
            return None
        named = json.dumps([message_id, tag, status, post.get("event_time")])
        why = _why(report.get("reason")) if failed else None
        return DeliveryReport(sha256(named.encode()).hexdigest(), message_id, tag, _at(post), failed, why)


def _signature(secret: str, *parts: bytes) -> bytes:
    return b64encode(hmac(secret.encode(), b".".join(parts), sha256).digest())


def _why(reason: Any) -> str | None:
    """Code and description of a reason, or a reason that is text."""
    if not isinstance(reason, Mapping):
        return text_in(reason)
    return ": ".join(text for name in ("code", "description") if (text := text_in(reason.get(name)))) or None


def _at(post: Mapping[str, Any]) -> int | None:
    """The time of a report in milliseconds, if it has one with its offset from UTC, or without one: then it is UTC."""
    written = text_in(post.get("event_time")) or text_in(post.get("accepted_time"))
    try:
        time = datetime.fromisoformat(written or "")
    except ValueError:
        return None
    at = round((time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp() * 1000)
    return at if at >= 0 else None


def _member(value: Any, name: str) -> Any:
    """What an object has under a name; None where it is no object."""
    return value.get(name) if isinstance(value, Mapping) else None


def _named(to: Recipient) -> dict[str, Any]:
    if to.column == "contact_id":
        return {"contact_id": to.value}
    return {"identified_by": {"channel_identities": [{"channel": "LINE", "identity": to.value}]}}


def _renamed(value: Any) -> Any:
    if isinstance(value, dict):
        return {SINCH_OF.get(name, name): _renamed(member) for name, member in value.items()}
    return [_renamed(entry) for entry in value] if isinstance(value, list) else value
