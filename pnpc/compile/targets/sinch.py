"""Sinch's Conversation API, a way to LINE for who is a customer there: the template kind only.

The shape of the request, its names and the lengths of `correlation_id` are those of the models of Sinch's SDK 2.3
(github.com/sinch/sinch-sdk-python). What a LINE identity is there, a number or a digest, is not documented.
"""

from collections.abc import Iterator, Mapping
from re import compile as regex
from typing import TYPE_CHECKING, Any, ClassVar

from pnpc.compile.tables.mistake import Mistake
from pnpc.compile.targets.facts import Route, Secret, Setting, Tag, lacking
from pnpc.compile.targets.target import Addressee, Recipient, Target, text_of
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
    secrets = (Secret("Bearer", ("SINCH_ACCESS_TOKEN",)), Secret("Basic", ("SINCH_KEY_ID", "SINCH_KEY_SECRET")))
    tag = Tag("correlation_id", is_header=False, is_made=False)
    written: ClassVar = ("app_id", "recipient", "channel_priority_order")
    """The keys of a body that `request` adds to the message and its tag."""

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
                message = says(
                    "`{column}` holds the character U+{code_point:04X}",
                    column=recipient.column,
                    code_point=ord(unfit[0]),
                )
                mistakes.append(Mistake("bad-value", message, recipient.column))
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


def _named(to: Recipient) -> dict[str, Any]:
    if to.column == "contact_id":
        return {"contact_id": to.value}
    return {"identified_by": {"channel_identities": [{"channel": "LINE", "identity": to.value}]}}


def _renamed(value: Any) -> Any:
    if isinstance(value, dict):
        return {SINCH_OF.get(name, name): _renamed(member) for name, member in value.items()}
    return [_renamed(entry) for entry in value] if isinstance(value, list) else value
