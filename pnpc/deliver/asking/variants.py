"""What LINE is asked about a spec: its message filled from its examples, once for each variant that its conditions give."""

import json
from collections.abc import Iterator, Mapping
from math import prod
from typing import Any, Literal, NamedTuple

from pnpc.check.engine import Level
from pnpc.check.samples import Sample, choices, samples
from pnpc.compile.plan import BadRow, CannotCompile, Plan
from pnpc.compile.tables.recipients import Record
from pnpc.compile.targets import LINE, Payload
from pnpc.deliver.standing.learn import Key
from pnpc.language.cases.parts import Condition, Loop
from pnpc.language.cases.truth import questions
from pnpc.language.directives.assembled import as_written
from pnpc.language.message import notice as notices
from pnpc.language.message.answers import Moved
from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.line.catalog import KIND_OF_PROPERTY
from pnpc.line.sinch import as_request
from pnpc.text.finding import Diagnostic, Range
from pnpc.text.source import Position, Source
from pnpc.text.tree import Tree
from pnpc.text.wording import MOST_SHOWN

# The rules that say what the catalog knows. LINE knows better, so a message is asked about whatever they say.
OF_THE_CATALOG = frozenset(
    ("unknown-template", "unknown-item", "unknown-button", "country-suffix", "other-country", "unlisted-key")
)


class Variant(NamedTuple):
    """A filled message: its request body without recipient, its delivery tag, and what leads back to the YAML.

    `chosen` are the values on which its conditions depend, in words; empty without conditions. `notice` is the message as it
    is written, at LINE's names; `moved` see `pnpc.language.message.answers`. `document` has the names of the file.
    """

    file: str
    name: str | None
    kind: str
    chosen: str
    body: dict[str, Any]
    tag: str | None
    moved: Moved
    notice: Notice
    context: Context
    document: Tree

    @property
    def keys(self) -> tuple[Key, ...]:
        """The catalog keys of its body, each once."""
        named = (Key(KIND_OF_PROPERTY[name], holder[name]) for holder, name in key_holders(self.body))
        return tuple(dict.fromkeys(named)) if self.kind == "template" else ()

    @property
    def country(self) -> str | None:
        """The country in force."""
        return self.context.country(self.notice)


class Unfilled(NamedTuple):
    """A spec, or a variant of one, that makes no message: why, in words and as diagnostics in `files`.

    `word`: `not-asked`, or `cannot-tell` where other variants of the spec were asked about.
    """

    file: str
    name: str | None
    chosen: str
    says: str
    diagnostics: tuple[Diagnostic, ...] = ()
    files: tuple[Source, ...] = ()
    word: Literal["not-asked", "cannot-tell"] = "not-asked"


def variants(notice: Notice, context: Context, levels: Mapping[str, Level]) -> Iterator[Variant | Unfilled]:
    """The messages that LINE is asked about for one document, which has been checked with these `levels`.

    One for each choice of conditions and keys that the spec's own examples, defaults and listed values lead to.
    """
    document = notice.tree
    if notice.form == "sinch":
        notice = notices.read(as_request(notice.document))
    notice = as_written(notice, context)
    file, name = notice.document.source.name, notice.name.text if notice.name else None
    try:
        plan = Plan(notice, context, LINE, {**levels, **dict.fromkeys(OF_THE_CATALOG)})
    except CannotCompile as error:
        yield Unfilled(file, name, "", str(error))
        return
    if plan.diagnostics:
        yield Unfilled(file, name, "", "has mistakes", plan.diagnostics, _files(notice))
    elif plan.raw:
        yield _variant(notice, context, plan.as_it_stands(), "")._replace(document=document)
    else:
        yield from _of_spec(notice, context, plan)


def _of_spec(notice: Notice, context: Context, plan: Plan) -> Iterator[Variant | Unfilled]:
    known, guards = samples(notice, context), _guards(notice)
    lacking = {f"variables.{name}" for name in plan.required if not known[name]}
    if lacking:
        examples = plan.examples()
        shown = (
            ()
            if isinstance(examples, Record)
            else tuple(diagnostic for diagnostic in examples if diagnostic.path in lacking)
        )
        yield Unfilled(plan.file, plan.name, "", "has a variable without an example", shown, _files(notice))
        return
    seen: set[str] = set()
    tried = 0
    for chosen in choices(known, frozenset(), guards):
        tried += 1
        outcome = _filled(notice, context, plan, chosen, guards)
        mark = _mark(outcome)
        if mark not in seen:
            seen.add(mark)
            yield outcome
    every = prod(len(known[name]) for name in guards if known.get(name))
    if tried < every:
        says = f"only the first {tried:,} of {every:,} choices for its conditions were tried"
        yield Unfilled(plan.file, plan.name, "", says, word="cannot-tell")


def _filled(
    notice: Notice, context: Context, plan: Plan, chosen: Mapping[str, Sample], guards: frozenset[str]
) -> Variant | Unfilled:
    values = {name: sample.value for name, sample in chosen.items()}
    words = ", ".join(f"{name}={_shown(values[name])}" for name in sorted(guards) if name in values)
    result = plan.compile(Record(plan.file, 0, values, "json", _nowhere, needs_recipient=False))
    if isinstance(result, BadRow):
        says = "can't be filled from its examples"
        return Unfilled(plan.file, plan.name, words, says, result.diagnostics, _files(notice))
    return _variant(notice, context, result, words)


def _variant(notice: Notice, context: Context, payload: Payload, chosen: str) -> Variant:
    body = {name: value for name, value in payload.body.items() if name != LINE.recipient_key}
    name = notice.name.text if notice.name else None
    tag = LINE.tag.of(payload.headers, payload.body)
    moved = payload.origin.get("moved", {})
    kind = notice.kind or "template"
    return Variant(notice.document.source.name, name, kind, chosen, body, tag, moved, notice, context, notice.tree)


def _mark(outcome: Variant | Unfilled) -> str:
    """What two choices that come to the same message, but for its texts, have in common."""
    if isinstance(outcome, Unfilled):
        return repr(outcome.diagnostics)
    return json.dumps([{path: list(entries) for path, entries in outcome.moved.items()}, outcome.keys])


def _guards(notice: Notice) -> frozenset[str]:
    """The variables on whose values it depends which objects a message has."""
    lists = notice.expansion.lists.values() if notice.expansion is not None else ()
    steps = [step for part in lists for entry in part.entries for step in entry.steps]
    loops = {step.name: step.steps[0] for step in steps if isinstance(step, Loop)}
    roots = {
        ref[0] for step in steps if isinstance(step, Condition) for question in questions(step.formula) for ref in question.refs
    }  # fmt: skip
    for _ in loops:  # a loop may go over what an outer loop names
        roots = {loops.get(root, root) for root in roots}
    return frozenset(roots & notice.variables.keys())


def key_holders(value: Any) -> Iterator[tuple[dict[str, Any], str]]:
    """The objects of a body that hold a catalog key, each with the name of the property, in their order."""
    if isinstance(value, dict):
        for name, member in value.items():
            if name in KIND_OF_PROPERTY and isinstance(member, str):
                yield value, name
            else:
                yield from key_holders(member)
    elif isinstance(value, list):
        for entry in value:
            yield from key_holders(entry)


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"


def _files(notice: Notice) -> tuple[Source, ...]:
    return tuple(notice.document.source.files())


def _nowhere(_column: str | None) -> Range:
    start = Position(1, 1)
    return Range(start, start)
