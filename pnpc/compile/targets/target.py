"""What a target is: a receiver of requests, behind one interface.

The config asks targets for their settings before anything is compiled: what fills messages is imported for types only.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from hashlib import sha256
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal, NamedTuple

from pnpc.compile.filled.compact import compact
from pnpc.compile.tables.mistake import Mistake
from pnpc.compile.tables.values import from_node
from pnpc.compile.targets.callback import Callback
from pnpc.compile.targets.facts import Route, Secret, Setting, Tag
from pnpc.language.message.notice import Form, Kind
from pnpc.text.wording import Said, says

if TYPE_CHECKING:
    from pnpc.compile.filled.message import Filled
    from pnpc.compile.tables.recipients import Record
    from pnpc.language.message.notice import Notice


class Payload(NamedTuple):
    """One request, ready but for the token: in the order of its keys in JSONL. No phone number is in it.

    `origin` says where it comes from, so that an answer can be shown there: `spec`, the file; `name`, the spec's;
    `campaign`; `row`, the recipients' file and line; `moved`, of each list that directives changed (`body.items`), which
    entry of the list as written each of its entries is. What there is none of is left out. `text` is the body as JSON,
    no part of an output by itself: it is encoded once, for the id and for every output. `fallback` is the text for another
    channel, by its name (`sms`), where the spec has one: it stands in front of `origin`, is never sent to the target, and
    the id does not depend on it.
    """

    id: str
    target: str
    method: str
    url: str
    headers: dict[str, str]
    body: dict[str, Any]
    origin: dict[str, Any]
    text: str
    fallback: dict[str, str] | None = None

    def value(self) -> dict[str, Any]:
        """The payload as it stands in an output, as JSON values."""
        fallback = {} if self.fallback is None else {"fallback": self.fallback}
        return {**dict(zip(_HEAD, self, strict=False)), "body": self.body, **fallback, "origin": self.origin}

    def line(self) -> str:
        """The payload as one line of JSON, without its break."""
        head = compact(dict(zip(_HEAD, self, strict=False)))
        fallback = "" if self.fallback is None else f',"fallback":{compact(self.fallback)}'
        return f'{head[:-1]},"body":{self.text}{fallback},"origin":{compact(self.origin)}}}'


_HEAD = ("id", "target", "method", "url", "headers")


class Recipient(NamedTuple):
    """Whom a row names: `value` as the target takes it, and the column that says what it is (`to`: a digest)."""

    column: str
    value: str

    @property
    def digest(self) -> str:
        """64 hex digits that are this recipient's and nobody else's."""
        return self.value if self.column == "to" else sha256(f"{self.column}:{self.value}".encode()).hexdigest()


class Addressee(NamedTuple):
    """What a record says of its recipient: `to` (None: it names none, or not in a way that can be used), the mistakes
    in its columns, and what is doubtful about them: warnings that are counted, and notes."""

    to: Recipient | None
    mistakes: tuple[Mistake, ...] = ()
    doubts: tuple[Mistake, ...] = ()


class Target(ABC):
    """A way for requests: all that pnpc knows of one receiver, in one file. The rest of pnpc asks these members.

    A target is pure: it opens no connection, and reads no file and no environment. What holds for every request of a
    target belongs to the class; what its settings decide belongs to an instance.
    """

    # --- its words ---

    name: ClassVar[str]
    """Its name on the command line, in a payload, and of its table in the config."""
    receiver: ClassVar[str]
    """Who takes the requests, for people: `LINE`."""
    reviewer: ClassVar[str | None] = None
    """Who reviews layouts of flexible messages in LINE's place; None if LINE does."""

    # --- what it takes ---

    kinds: ClassVar[tuple[Kind, ...]] = ("template", "flexible")
    """The kinds of messages."""
    form: ClassVar[Form | None] = None
    """The form of documents that are bodies of its own, if `check` reads them and they are no bodies of LINE's."""
    columns: ClassVar[tuple[str, ...]]
    """The columns of a table that may name a recipient."""
    private: ClassVar[tuple[str, ...]]
    """Those of them that may hold a phone number."""
    recipient_key: ClassVar[str]
    """The key of a body under which the recipient stands."""
    settings: ClassVar[tuple[Setting, ...]] = ()
    """What it needs to know of an account, from the config or the environment."""

    # --- how it is sent to ---

    method: Final = "POST"  # of every target: a library may send other methods again by itself
    secrets: ClassVar[tuple[Secret, ...]]
    """The ways to be let in; the first whose variables are set is taken."""
    scheme_variable: ClassVar[str | None] = None
    """The variable of the environment that chooses one of several ways by its scheme (`oauth2`, `basic`)."""
    tag: ClassVar[Tag]
    """Where the delivery tag stands."""

    # --- what its answers mean ---

    accepted: ClassVar[range] = range(HTTPStatus.OK, HTTPStatus.MULTIPLE_CHOICES)
    """The statuses of messages that it has taken."""
    used_up: ClassVar[bytes | None] = None
    """Words (lower case) in the body of a 429 which say that the month's messages are used up; None if none are known."""
    request_id: ClassVar[str | None] = None
    """The header of an answer by which its receiver finds the request again; None if none is known."""
    message_key: ClassVar[str | None] = None
    """The key of an accepting answer's JSON under which it names the message; None if it gives it no name."""
    teaches: ClassVar[bool] = False
    """Whether an answer tells which keys LINE's catalog has, for `pnpc catalog learn`."""
    reports: ClassVar[Literal["webhook", "callback", "none"]] = "none"
    """How it reports deliveries: by LINE's webhook, whose silence proves something; by a callback of its own (see
    `callback`), whose silence proves nothing; or in no way that pnpc knows. `pnpc listen` hears both."""

    def __init__(self, settings: Mapping[str, str]) -> None:
        """Takes a value for each of `settings`, checked already (see `pnpc.compile.targets.make`)."""
        self.given = dict(settings)

    @classmethod
    def table(cls) -> dict[str, Any]:
        """The JSON Schema of the target's table in the config."""
        variables = [setting.variable for setting in cls.settings]
        listed = " and ".join(part for part in (", ".join(variables[:-1]), variables[-1]) if part)
        one = len(variables) == 1
        above = f"The variable{'' if one else 's'} {listed} of the environment stand{'s' if one else ''} above it."
        return {
            "type": "object",
            "description": f"What `pnpc compile --target {cls.name}` needs to know of the account at {cls.receiver}. {above}",
            "additionalProperties": False,
            "properties": {setting.name: setting.schema() for setting in cls.settings},
        }

    @classmethod
    def rate(cls) -> int | None:
        """Requests a second that each of its paths takes; None if that is not known."""
        return None

    @classmethod
    def usual_rate(cls) -> int | None:
        """Requests a second where a person does not say a rate; None if a person must say one."""
        return cls.rate()

    @classmethod
    def callback(cls) -> Callback | None:
        """The posts by which it reports deliveries, if it does so in another way than LINE."""
        return None

    @classmethod
    def said(cls, answer: Mapping[str, Any]) -> Mapping[str, Any]:
        """The JSON of an answer in LINE's form: `message`, and `details` with `message` and `property` (at LINE's names)."""
        return answer

    @classmethod
    @abstractmethod
    def route(cls) -> Route:
        """Where its requests go."""

    @classmethod
    def recipient_name(cls, body: Mapping[str, Any]) -> str:
        """The name of a body's recipient at the receiver, such as LINE's digest of a number; empty if it has none."""
        name = body.get(cls.recipient_key)
        return name if isinstance(name, str) else ""

    @classmethod
    @abstractmethod
    def wrong_body(cls, path: str, body: Mapping[str, Any]) -> str | None:
        """Why a body can't be sent to a path of the route, without a value of the recipient; None if it can.

        It looks for the recipient and at the keys at the top: what stands below was checked when it was compiled.
        """

    @classmethod
    def wrong_tag(cls, tag: object) -> str | None:
        """Why something can't be sent as delivery tag; None if it can."""
        return None if isinstance(tag, str) else f"`{cls.tag.name}` must be text"

    @abstractmethod
    def url(self, kind: str) -> str:
        """Where a message of a kind is posted."""

    def refuses(self, notice: "Notice") -> str | None:
        """Why a message can't go this way at all; None if it can."""
        if notice.kind is None or notice.kind in self.kinds:
            return None
        takes = " and ".join(self.kinds)
        return f"the {notice.kind} kind can't be compiled for {self.receiver}: its API has a type for {takes} messages only"

    def notes(self, notice: "Notice") -> Iterator[str]:  # noqa: ARG002
        """What of a message does not go this way, and is left out."""
        return iter(())

    @abstractmethod
    def addressee(self, record: "Record", country: str | None) -> Addressee:
        """The recipient that a record names. It hangs on no setting: specs of one country share it."""

    @abstractmethod
    def request(self, to: Recipient | None, filled: "Filled") -> tuple[dict[str, str], dict[str, Any]]:
        """The headers and the body. Values are moved, never looked at: a body of placeholders has the same shape."""


def text_of(record: "Record", column: str, rule: str, help: Said | None, mistakes: list[Mistake]) -> str | None:
    """A recipient's column as text; None where the record has no value in it, or one that is no text: a mistake."""
    value = record.values.get(column)
    if record.written == "yaml":
        value = from_node(value, "string")
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return value
    mistakes.append(Mistake(rule, says("`{column}` must be text, in quotes", column=column), column, help))
    return None
