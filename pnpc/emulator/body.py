"""A request body as LINE takes or refuses it: the grammar, the rules and the catalog of `pnpc check`, in LINE's words."""

import json
from collections import OrderedDict
from collections.abc import Iterator
from functools import cache, lru_cache
from hashlib import sha256
from typing import NamedTuple

from pnpc import rules
from pnpc.emulator.answers import Answer, Detail, whole, wordings
from pnpc.emulator.wording import refusal
from pnpc.language.message import notice as notices
from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.line.catalog import Catalog
from pnpc.line.grammar import compiler
from pnpc.line.grammar.patterns import matcher
from pnpc.line.grammar.schema import load
from pnpc.line.service import Endpoint, impossible_keys
from pnpc.rules.gates import GATES
from pnpc.rules.listing import ALL
from pnpc.text.document import Mapping, Node, Scalar, Unreadable
from pnpc.text.finding import BrokenKeyword, Finding, Place
from pnpc.text.nodes import read_json
from pnpc.text.path import show
from pnpc.text.source import Source
from pnpc.text.wording import says

_REMEMBERED = 4096  # bodies: those of one notification differ little, those of a test not at all
# What may be said of a key of which nothing but the completeness of the list speaks.
_UNKNOWABLE = ("unlisted", "suffix")


class Body(NamedTuple):
    """A body as read: the answer that refuses it (None: it is taken), and its recipient."""

    refused: Answer | None
    to: str = ""


class BodyReader:
    """Reads bodies by one account's catalog, and remembers what it said of those that differ in `to` alone."""

    def __init__(self, catalog: Catalog, country: str, *, lenient: bool, check: bool) -> None:
        """`lenient` takes keys that may exist; without `check` any object with a `to` is taken."""
        self._context = Context(catalog, country)
        self._lenient, self._check = lenient, check
        self._is_digest = matcher(load("template-message")["$defs"]["to"]["pattern"])
        self._remembered: OrderedDict[bytes, Answer | None] = OrderedDict()

    def read(self, endpoint: Endpoint, raw: bytes) -> Body:
        """What LINE says of a body that was sent to an endpoint. Never raises."""
        try:
            text = raw.decode()
            value = json.loads(text, parse_constant=_no_json)
        except UnicodeDecodeError:
            return Body(whole("json", line=1, column=1))
        except json.JSONDecodeError as error:
            return Body(whole("json", line=error.lineno, column=error.colno))
        except (ValueError, RecursionError):
            return Body(whole("json", line=1, column=1))
        if not isinstance(value, dict):
            return Body(whole("json", line=1, column=1))
        if not endpoint.sends:
            return Body(self._judge(endpoint, text) if self._check else None)
        to = value.get("to")
        if not isinstance(to, str) or not self._is_digest(to):
            return Body(self._judge(endpoint, text) or _no_recipient(), "")
        if not self._check:
            return Body(None, to)
        return Body(self._remember(endpoint, raw, text, to), to)

    def _remember(self, endpoint: Endpoint, raw: bytes, text: str, to: str) -> Answer | None:
        digest = to.encode()
        if raw.count(digest) != 1:
            return self._judge(endpoint, text)
        key = sha256(endpoint.name.encode() + b"\n" + raw.replace(digest, b"")).digest()
        if key not in self._remembered:
            self._remembered[key] = self._judge(endpoint, text)
            if len(self._remembered) > _REMEMBERED:
                self._remembered.popitem(last=False)
        return self._remembered[key]

    def _judge(self, endpoint: Endpoint, text: str) -> Answer | None:
        try:
            document = read_json(Source("request", text))
        except Unreadable:  # too deep, or half of a surrogate pair
            return whole("json", line=1, column=1)
        # What else the text could be to `check`, the endpoint has settled.
        kind: notices.Kind = "template" if endpoint.kind == "template" else "flexible"
        if not endpoint.sends:
            document = document._replace(root=_only_messages(document.root))
        notice = notices.read(document)._replace(kind=kind, form="request")
        taken = () if endpoint.sends else wordings()["refused"]["validated"]
        findings = [
            finding
            for finding in self._findings(endpoint, notice)
            if may_refuse(finding.rule) and finding.rule not in taken
        ]
        return refusal(findings, notice) or self._keys(notice)

    def _findings(self, endpoint: Endpoint, notice: Notice) -> Iterator[Finding]:
        yield from compiler.check(endpoint.schema, notice.document, expressions=False)
        if notice.to is None and endpoint.sends:  # check takes such a body for a draft
            yield Finding(
                Place(()), says("`to` is missing"), rule="missing-key", broken=BrokenKeyword("required", names=("to",))
            )
        if notice.is_spec:  # a key `pnpc`, which the grammar has refused
            return
        for gate, names in gated():
            if GATES[gate](notice, self._context):
                for name in names:
                    yield from self._by_rule(name, notice)

    def _by_rule(self, name: str, notice: Notice) -> Iterator[Finding]:
        check = rules.get(name).check
        if check is not None:
            for finding in check(notice, self._context):
                yield finding if finding.rule else finding._replace(rule=name)

    def _keys(self, notice: Notice) -> Answer | None:
        """The answer to keys that the account has not; the template's first, as LINE answers to it alone."""
        wrong: list[Detail] = []
        for kind, field, doubt in self._context.doubtful_keys(notice):
            if doubt.claim in _UNKNOWABLE and self._lenient and field.text not in impossible_keys().values():
                continue
            says = wordings()["keys"][kind]["says"].format(value=field.text)
            detail = Detail(says, show(field.path))
            if kind == "templates":
                return whole("template", [detail], value=field.text)
            wrong.append(detail)
        return whole("keys", wrong, count=len(wrong)) if wrong else None


def _only_messages(root: Node | None) -> Node | None:
    """A body without all that LINE's endpoint for validation does not look at."""
    if not isinstance(root, Mapping):
        return root
    pairs = [(key, value) for key, value in root.value if isinstance(key, Scalar) and key.value == "messages"]
    return Mapping("", pairs, root.start_mark, root.end_mark, root.flow_style)


def _no_json(word: str) -> None:
    """NaN and Infinity, which Python reads and JSON has not."""
    raise ValueError(word)


def _no_recipient() -> Answer:
    return whole("bean", [Detail(wordings()["rules"]["recipient-digest"]["says"], "to")], count=1)


@lru_cache(maxsize=1)
def gated() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The rules that LINE refuses by, behind their gates: what its API does not look at is not worked out."""
    by_gate: dict[str, list[str]] = {}
    for listed in ALL:
        if listed.gate and may_refuse(listed.name):
            by_gate.setdefault(listed.gate, []).append(listed.name)
    return tuple((gate, tuple(names)) for gate, names in by_gate.items())


@cache
def may_refuse(name: str) -> bool:
    """Whether LINE refuses what a rule reports; the API does not check LINE's policy."""
    refused, rule = wordings()["refused"], rules.get(name)
    of_line = rule.code.startswith(tuple(refused["families"])) and rule.severity == "error"
    return of_line and name not in refused["elsewhere"] and name not in refused["taken"]
