"""What a target is: a receiver of requests, behind one small interface."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any, ClassVar, NamedTuple

from pnpc.compile.filled.message import Filled
from pnpc.compile.tables.recipients import Record
from pnpc.compile.tables.records import Mistake
from pnpc.compile.tables.values import from_node
from pnpc.language.message.notice import Notice


class Payload(NamedTuple):
    """One request, ready but for the token: in the order of its keys in JSONL. No phone number is in it.

    `origin` says where it comes from, so that an answer can be shown there: `spec`, the file; `name`, the spec's;
    `row`, the recipients' file and line; `moved`, of each list that directives changed (`body.items`), which entry of
    the list as written each of its entries is. What there is none of is left out.
    """

    id: str
    target: str
    method: str
    url: str
    headers: dict[str, str]
    body: dict[str, Any]
    origin: dict[str, Any]


class Recipient(NamedTuple):
    """Whom a row names: `value` as the target takes it, and the column that says what it is (`to`: a digest)."""

    column: str
    value: str

    @property
    def digest(self) -> str:
        """64 hex digits that are this recipient's and nobody else's."""
        return self.value if self.column == "to" else sha256(f"{self.column}:{self.value}".encode()).hexdigest()


class Setting(NamedTuple):
    """A setting that a target can't do without: its name in the config, its variable in the environment, its pattern,
    and the pattern in words."""

    name: str
    variable: str
    pattern: str
    says: str


class Target(ABC):
    """A way for requests.

    `receiver` is the name of its receiver for people; `columns` are those of a table that may name a recipient,
    `private` those of them that may hold a phone number; `recipient_key` is the key of a body under which it stands;
    `token` the variable from which a curl command takes the access token.
    """

    name: ClassVar[str]
    receiver: ClassVar[str]
    method: ClassVar[str] = "POST"
    columns: ClassVar[tuple[str, ...]]
    private: ClassVar[tuple[str, ...]]
    recipient_key: ClassVar[str]
    token: ClassVar[str]
    settings: ClassVar[tuple[Setting, ...]] = ()

    def __init__(self, settings: Mapping[str, str]) -> None:
        """Takes a value for each of `settings`, checked already (see `pnpc.compile.targets.make`)."""
        self.given = dict(settings)

    @abstractmethod
    def url(self, kind: str) -> str:
        """Where a message of a kind is posted."""

    @abstractmethod
    def refuses(self, notice: Notice) -> str | None:
        """Why a message can't go this way at all; None if it can."""

    @abstractmethod
    def notes(self, notice: Notice) -> Iterator[str]:
        """What of a message does not go this way, and is left out."""

    @abstractmethod
    def recipient(self, record: Record, country: str | None) -> tuple[Recipient | None, list[Mistake]]:
        """The recipient that a record names, None for none, and the mistakes in its columns."""

    @abstractmethod
    def doubt(self, to: Recipient) -> str | None:
        """What is doubtful about a recipient, in words that hold for any; None if nothing is."""

    def doubts(self, record: Record, country: str | None) -> list[Mistake]:  # noqa: ARG002
        """What is doubtful about the recipient that a record names: warnings that are counted."""
        return []

    @abstractmethod
    def request(self, to: Recipient | None, filled: Filled) -> tuple[dict[str, str], dict[str, Any]]:
        """The headers and the body. Values are moved, never looked at: a body of placeholders has the same shape."""


def text_of(record: Record, column: str, rule: str, help: str | None, mistakes: list[Mistake]) -> str | None:
    """A recipient's column as text; None where the record has no value in it, or one that is no text: a mistake."""
    value = record.values.get(column)
    if record.written == "yaml":
        value = from_node(value, "string")
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return value
    mistakes.append(Mistake(rule, f"`{column}` must be text, in quotes", column, help))
    return None
