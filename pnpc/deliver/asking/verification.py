"""Verifying: what LINE says of filled messages, without notifying anyone.

A message of the template kind goes to a recipient that can't exist (`pnpc.line.service.no_ones_digest`): LINE's 400 speaks of
the request, its 422 of the person. That LINE judges the request first is not documented, so it is measured before anything is
asked: a template key that can't exist must be refused. For items and buttons it is measured again, each kind once, with the
first message that has such keys and was taken: with one of them replaced by one that can't exist, it must be refused.

Message objects of the flexible kind are validated by an endpoint that LINE documents for that.
"""

import copy
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from pnpc.compile.targets import LINE
from pnpc.deliver.asking.asker import Asker, Inquiry
from pnpc.deliver.asking.variants import Variant, key_holders
from pnpc.deliver.asking.verdicts import REASONS, LineVerdict, content, of_calibration, of_flexible, of_template
from pnpc.deliver.sending.outcomes import Observation
from pnpc.deliver.sending.redact import without_people
from pnpc.deliver.sending.refusals import answered
from pnpc.deliver.standing.learn import Key, refused_keys
from pnpc.line.catalog import KIND_OF_PROPERTY, KeyKind
from pnpc.line.service import endpoints, impossible_keys, no_ones_digest, questions
from pnpc.text.finding import Diagnostic
from pnpc.text.path import show
from pnpc.text.source import Source

# What a measurement found of a kind of keys: it holds for the whole run. Anything else (429, 500, no answer) passes.
_FOUND = ("request", "key-order", "unnamed")


class Answered(NamedTuple):
    """What LINE says of a variant: the verdict, LINE's refusals at their places, the status and id of the answer (None: it was
    not asked), and the keys that the answer speaks of, with LINE's words where it refuses them."""

    variant: Variant
    verdict: LineVerdict
    diagnostics: tuple[Diagnostic, ...] = ()
    status: int | None = None
    request_id: str | None = None
    keys: tuple[tuple[Key, str | None], ...] = ()

    @property
    def file(self) -> str:
        """The file of the spec."""
        return self.variant.file

    @property
    def name(self) -> str | None:
        """The name of the spec; None for a request body."""
        return self.variant.name

    @property
    def files(self) -> tuple[Source, ...]:
        """The texts that its diagnostics stand in: the spec's, and those of its fragments."""
        return self.variant.notice.document.source.files()


def calibration() -> Inquiry:
    """The question that shows in which order LINE judges: a template that can't exist, for a recipient that can't."""
    return Inquiry(endpoints()["template"], _to_no_one({"templateKey": _impossible("templates").key}))


def question_about(variant: Variant) -> Inquiry:
    """The request that a variant is asked about with."""
    if variant.kind == "template":
        return Inquiry(endpoints()["template"], _to_no_one(variant.body), variant.tag)
    return Inquiry(questions()["validate"], {"messages": variant.body.get("messages")})


def measurements(variant: Variant) -> Iterator[tuple[KeyKind, Inquiry]]:
    """For each kind of keys that a message has beside its template, the same message with one that can't exist."""
    used = {key.kind for key in variant.keys}
    for name, kind in KIND_OF_PROPERTY.items():
        if kind != "templates" and kind in used:
            body = _with_other_key(variant.body, name, _impossible(kind).key)
            yield kind, question_about(variant._replace(body=body))


class Verification:
    """One run of questions. Where an answer speaks for a whole endpoint, or for all, nothing more is asked there."""

    def __init__(self, asker: Asker) -> None:
        self._asker = asker
        self._ended: dict[str, LineVerdict] = {}  # by the name of an endpoint; of all under the empty name
        self._measured: dict[KeyKind, LineVerdict] = {}
        self.calibrated: LineVerdict | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing more is asked of anyone: the token is refused, or no answer comes."""
        return "" in self._ended

    async def calibrate(self) -> LineVerdict:
        """Measure in which order LINE judges; `refused` is what makes other answers worth something."""
        if self.calibrated is None and self.is_over:
            self.calibrated = self._ended[""]
        elif self.calibrated is None:
            question = calibration()
            self.calibrated = of_calibration(await self._asker.ask(question), _impossible("templates"))
            if self.calibrated.word != "refused":
                self._end(question, self.calibrated._replace(scope=_at_least_endpoint(self.calibrated)))
        return self.calibrated

    async def ask(self, variant: Variant) -> Answered:
        """Ask about a variant, unless it is known already that no answer would say anything."""
        is_template, question = variant.kind == "template", question_about(variant)
        if is_template:
            await self.calibrate()
        ended = self._ended.get("") or self._ended.get(question.endpoint.name)
        if ended is not None:
            return Answered(variant, ended)
        seen = await self._asker.ask(question)
        verdict = of_template(seen) if is_template else of_flexible(seen)
        self._end(question, verdict)
        if verdict.word == "refused":
            return self._refused(variant, verdict, seen)
        if verdict.word == "verified" and is_template:
            verdict = await self._measure(variant) or verdict
        keys = tuple((key, None) for key in variant.keys) if verdict.word == "verified" else ()
        return Answered(variant, verdict, (), seen.status, seen.request_id, keys)

    def _refused(self, variant: Variant, verdict: LineVerdict, seen: Observation) -> Answered:
        said = content(seen) or {"message": REASONS[verdict.reason][0]}
        shown_answer = without_people(said)
        diagnostics = tuple(answered(shown_answer, variant.notice, variant.moved, variant.context))
        if variant.document is not variant.notice.tree:  # a body of Sinch, which has other names
            diagnostics = tuple(
                diagnostic._replace(path=show(variant.document.path_at(diagnostic.span.start)))
                for diagnostic in diagnostics
            )
        keys = tuple((key, without_people(says)) for key, says in refused_keys(said, variant.keys))
        return Answered(variant, verdict, diagnostics, seen.status, seen.request_id, keys)

    async def _measure(self, variant: Variant) -> LineVerdict | None:
        """Why LINE's answer says nothing of a variant's items or buttons; None if it does."""
        for kind, question in measurements(variant):
            measured = self._measured.get(kind) or of_calibration(await self._asker.ask(question), _impossible(kind))
            if measured.reason in _FOUND:
                self._measured[kind] = measured
            else:
                self._end(question, measured)
            if measured.word != "refused":
                return measured
        return None

    def _end(self, question: Inquiry, verdict: LineVerdict) -> None:
        if verdict.scope == "endpoint":
            self._ended[question.endpoint.name] = verdict
        elif verdict.scope == "all":
            self._ended[""] = verdict


def _at_least_endpoint(verdict: LineVerdict) -> Any:
    return "endpoint" if verdict.scope == "request" else verdict.scope


def _to_no_one(body: Mapping[str, Any]) -> dict[str, Any]:
    """A body for the recipient that can't exist, whatever recipient it has: the last one wins."""
    return {**body, LINE.recipient_key: no_ones_digest()}


def _impossible(kind: KeyKind) -> Key:
    return Key(kind, impossible_keys()[kind])


def _with_other_key(body: dict[str, Any], name: str, key: str) -> dict[str, Any]:
    """A body in which the first property of a name holds another key."""
    changed = copy.deepcopy(body)
    next(holder for holder, named in key_holders(changed) if named == name)[name] = key
    return changed
