"""Properties of the grammar of message objects: what is valid raises nothing, one fault gives one finding, at its place."""

import json
from typing import Any

from conftest import tries
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from strategies import Fault, at, broken, containers, faults, messages
from test_schemas import mutated

from pnpc.check.engine import check
from pnpc.language.bundle import bundle
from pnpc.language.message.context import Context
from pnpc.line.catalog import Catalog
from pnpc.line.grammar import compiler
from pnpc.text.finding import Finding, Place
from pnpc.text.nodes import compose
from pnpc.text.path import show
from pnpc.text.source import Source

# A document of many parts takes long to draw; that is no fault of the grammar.
QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much, HealthCheck.large_base_example]
VALIDATOR = Draft202012Validator(bundle("message-object"))
GRAMMAR = {
    "unknown-key", "missing-key", "wrong-type", "value-not-allowed", "bad-format", "out-of-range", "bad-name",
    "unknown-type", "text-too-long", "part-count", "bad-value-format", "empty-text", "duplicate-key",
}  # fmt: skip


def found(value: Any, *, text: str | None = None, expressions: bool = False) -> list[Finding]:
    """The errors that the grammar alone has to tell of a message object."""
    source = Source("x.json", json.dumps(value, ensure_ascii=False)) if text is None else Source("x.yaml", text)
    (document,) = compose(source)
    findings = compiler.check("message-object", document, expressions=expressions)
    return [one for one in findings if one.rule not in ("null-value", "implicit-value")]


def told(findings: list[Finding]) -> list[tuple[str, str, str]]:
    return [
        (one.rule, show(one.where.path) if isinstance(one.where, Place) else "", str(one.message)) for one in findings
    ]


@settings(max_examples=tries(100), suppress_health_check=QUIET)
@given(drawn=messages())
def test_a_valid_message_raises_nothing(drawn):
    assert told(found(drawn.value)) == []


@settings(max_examples=tries(30), suppress_health_check=QUIET)
@given(drawn=messages(plain=True))
def test_a_valid_message_is_valid_to_the_library_too(drawn):
    VALIDATOR.validate(drawn.value)


@settings(max_examples=tries(30), suppress_health_check=QUIET)
@given(drawn=containers())
def test_a_bare_container_raises_no_error_of_the_grammar(drawn):
    source = Source("bubble.json", json.dumps(drawn.value, ensure_ascii=False))
    diagnostics = check(source, Context(Catalog()), {}).diagnostics
    assert [one for one in diagnostics if one.name in GRAMMAR | {"not-a-spec"}] == []


@settings(max_examples=tries(100), suppress_health_check=QUIET)
@given(data=st.data())
def test_a_single_fault_is_found_at_its_place(data):
    drawn = data.draw(messages())
    kinds: dict[str, list[Fault]] = {}
    for site in drawn.sites:
        for one in faults(site, at(drawn.value, site.path)):
            kinds.setdefault(one.rule, []).append(one)
    fault = data.draw(st.sampled_from(kinds[data.draw(st.sampled_from(sorted(kinds)))]))
    findings = told(found(broken(drawn.value, fault)))
    assert [one[:2] for one in findings] == [(fault.rule, show(fault.told))], findings


@settings(max_examples=tries(80), suppress_health_check=QUIET)
@given(data=st.data())
def test_checker_and_library_give_the_same_verdict(data):
    instance = data.draw(messages(plain=True).flatmap(lambda drawn: mutated(drawn.value)))
    findings = found(instance)
    assert (not findings) == VALIDATOR.is_valid(instance), told(findings)


@settings(max_examples=tries(30), suppress_health_check=QUIET)
@given(data=st.data())
def test_block_yaml_reads_as_json_does(data):
    """The same message written as a person writes it: plain scalars, no quotes where none are needed."""
    import yaml

    drawn = data.draw(messages())
    text = yaml.safe_dump(drawn.value, allow_unicode=True, sort_keys=False)
    assert told(found(drawn.value, text=text)) == []
