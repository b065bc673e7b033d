"""LINE's side without a network: a request in, an answer out, and what then becomes of the message."""

from collections.abc import Callable, Mapping
from hashlib import sha256
from re import ASCII, DOTALL
from re import compile as regex
from typing import NamedTuple

from pnpc.emulator.answers import Answer, accepted, whole
from pnpc.emulator.body import Body, BodyReader
from pnpc.emulator.bucket import Buckets
from pnpc.emulator.clock import Clock
from pnpc.emulator.counts import count
from pnpc.emulator.ledger import Ledger, LedgerEntry
from pnpc.emulator.people import People, Person
from pnpc.emulator.questions import told
from pnpc.emulator.settings import EmulatorSettings
from pnpc.line.catalog import Catalog
from pnpc.line.grammar.schema import load
from pnpc.line.grammar.units import COUNTS
from pnpc.line.service import Endpoint, questions

_BEARER = regex(r"Bearer +(\S+)", ASCII)
_JSON = "application/json"
_NO_TOKEN = "the request has no bearer token"
_BAD_TOKEN = "invalid token"

# Told of each message that reaches a person, and when.
Delivered = Callable[[LedgerEntry, float], None]


class Request(NamedTuple):
    """A request as it came: `headers` by their lower-case names, `date` of a count; `fault` will spoil its answer."""

    endpoint: Endpoint
    headers: Mapping[str, str]
    raw: bytes
    date: str
    id: str
    fault: str | None = None


class _Seen:
    """What the checks of one request have found out for each other."""

    __slots__ = ("body", "channel")

    def __init__(self, channel: str) -> None:
        self.channel = channel
        self.body: Body | None = None


class Platform:
    """One platform: its channels, people, limits and ledger.

    A channel is known by its token: with `token` there is one, else each token that is not empty has its own.
    """

    def __init__(
        self, settings: EmulatorSettings, clock: Clock, catalog: Catalog, ledger: Ledger, delivered: Delivered,
        people: Mapping[str, Person], token: str | None = None, webhook: str | None = None,
    ) -> None:  # fmt: skip
        """`people` are a scenario's own, by digest; `webhook` is the URL that is set for the channel."""
        self.settings, self.clock, self.ledger = settings, clock, ledger
        self._delivered, self._token, self._webhook = delivered, token, webhook
        self.people = People(settings.others, people)
        self._buckets = Buckets(settings.rate, settings.burst)
        self._reader = BodyReader(catalog, settings.country, lenient=settings.lenient, check=settings.check)
        self._tag = load("spec")["properties"]["deliveryTag"]
        self._tag_pattern = regex(settings.tag_pattern, DOTALL)
        # Without its recipient a message can't be taken: the body is read in any order.
        order = dict.fromkeys((*settings.order, "body"))
        self._checks = [getattr(self, f"_check_{name.replace('-', '_')}") for name in order]

    def answer(self, request: Request) -> Answer:
        """LINE's answer; a message that it takes goes into the ledger, and on its way to the person."""
        seen = _Seen(_channel(request))
        for check in self._checks:
            refused: Answer | None = check(request, seen)
            if refused is not None:
                return refused
        if not request.endpoint.sends:
            return self._told(request, seen)
        self._take(request, seen)
        return accepted(request.endpoint.accepted)

    def recipient(self, request: Request) -> str:
        """The digest that a request names; empty where it names none that is one."""
        return self._reader.read(request.endpoint, request.raw).to if request.endpoint.sends else ""

    def _told(self, request: Request, seen: _Seen) -> Answer:
        """The answer to a question."""
        name, now = request.endpoint.name, self.clock.now()
        if name not in questions():
            return count(self.ledger, now, seen.channel, request.endpoint.kind, request.date)
        used = self.ledger.accepted_in_month(seen.channel, now)
        return told(name, request.raw, self.settings, used, self._webhook)

    def _take(self, request: Request, seen: _Seen) -> None:
        to, now = self._body_of(request, seen).to, self.clock.now()
        tag = request.headers.get("x-line-delivery-tag")
        person = self.people.person(to)
        entry = self.ledger.add(
            LedgerEntry(
                now, request.endpoint.kind, seen.channel, to, tag, person.kind, request.id, request.fault, request.raw
            )
        )
        due = self.people.due(to, now)
        if due is not None:
            self.clock.at(due + self.settings.delivery_seconds, lambda: self._deliver(entry))

    def _deliver(self, entry: LedgerEntry) -> None:
        now = self.clock.now()
        self.ledger.deliver(entry, now)
        self._delivered(entry, now)

    def _body_of(self, request: Request, seen: _Seen) -> Body:
        if seen.body is None:
            seen.body = self._reader.read(request.endpoint, request.raw)
        return seen.body

    # The checks, by the names that a scenario gives them.

    def _check_token(self, request: Request, _seen: _Seen) -> Answer | None:
        bearer = _BEARER.fullmatch(request.headers.get("authorization", "").strip())
        if bearer is None:
            return whole("token", reason=_NO_TOKEN)
        return whole("token", reason=_BAD_TOKEN) if self._token not in (None, bearer[1]) else None

    def _check_rate(self, request: Request, seen: _Seen) -> Answer | None:
        if self._buckets.take(seen.channel, request.endpoint.name):
            return None
        return whole("rate", headers=retry_after(self.settings.retry_after))

    def _check_forbidden(self, request: Request, _seen: _Seen) -> Answer | None:
        return whole("forbidden") if request.endpoint.name in self.settings.forbidden else None

    def _check_retry_key(self, request: Request, _seen: _Seen) -> Answer | None:
        return whole("retry-key") if request.endpoint.sends and "x-line-retry-key" in request.headers else None

    def _check_type(self, request: Request, _seen: _Seen) -> Answer | None:
        written = request.headers.get("content-type", "")
        if not request.endpoint.schema or written.partition(";")[0].strip().lower() == _JSON:
            return None
        return whole("type", type=written)

    def _check_size(self, request: Request, _seen: _Seen) -> Answer | None:
        return whole("size") if len(request.raw) > self.settings.body_bytes else None

    def _check_tag(self, request: Request, _seen: _Seen) -> Answer | None:
        tag = request.headers.get("x-line-delivery-tag")
        if tag is None or not request.endpoint.sends:
            return None
        fits = self._tag["minLength"] <= COUNTS[self._tag["x-count"]](tag) <= self._tag["maxLength"]
        return None if fits and self._tag_pattern.search(tag) else whole("tag")

    def _check_body(self, request: Request, seen: _Seen) -> Answer | None:
        return self._body_of(request, seen).refused if request.endpoint.schema else None

    def _check_person(self, request: Request, seen: _Seen) -> Answer | None:
        if not request.endpoint.sends:
            return None
        return whole("person") if self.people.person(self._body_of(request, seen).to).failed else None

    def _check_quota(self, request: Request, seen: _Seen) -> Answer | None:
        limit = self.settings.monthly_limit
        if limit is None or not request.endpoint.sends:
            return None
        return whole("quota") if self.ledger.accepted_in_month(seen.channel, self.clock.now()) >= limit else None


def retry_after(seconds: float | None) -> tuple[tuple[str, str], ...]:
    """The header of that name, in whole seconds where it can be; none for None."""
    return () if seconds is None else (("Retry-After", f"{seconds:g}"),)


def _channel(request: Request) -> str:
    """A name for the channel of a token, which does not reveal the token."""
    return sha256(request.headers.get("authorization", "").encode("utf-8", "surrogatepass")).hexdigest()
