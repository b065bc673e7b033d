"""The emulator and check agree: each example of a rule, sent as a request, is refused if and only if check says so."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from emulating import PEOPLE

from pnpc import rules
from pnpc.check.engine import check
from pnpc.emulator.body import BodyReader, may_refuse
from pnpc.language.message import notice
from pnpc.language.message.answers import explain
from pnpc.language.message.context import Context
from pnpc.line.catalog import Catalog
from pnpc.line.service import endpoints
from pnpc.rules.listing import ALL
from pnpc.rules.rule import shown, whole
from pnpc.text.document import Unreadable
from pnpc.text.finding import Place
from pnpc.text.nodes import compose
from pnpc.text.path import show
from pnpc.text.source import Source
from pnpc.text.values import construct

KEYS = ("unknown-template", "unknown-item", "unknown-button", "country-suffix", "other-country", "unlisted-key")


def bodies() -> Iterator[Any]:
    """The examples that are a request body, or a spec whose message has no expression."""
    for listed in ALL:
        if listed.code.startswith("PNP5"):
            continue  # about what specs have and requests have not
        rule = rules.get(listed.name)
        for index, example in enumerate((*rule.bad, *rule.good)):
            try:
                documents = list(compose(Source("x", shown(whole(example))[0])))
            except Unreadable:
                continue
            value = construct(documents[0].root)
            body = value.get("message", value) if isinstance(value, dict) else None
            if isinstance(body, dict) and body.keys() & {"templateKey", "messages"} and "{{" not in json.dumps(body):
                yield pytest.param({**body, "to": PEOPLE["ok"]}, id=f"{rule.code}-{index}")


BODIES = list(bodies())


def test_there_are_examples_of_both_kinds() -> None:
    assert sum("templateKey" in one.values[0] for one in BODIES) > 20
    assert sum("messages" in one.values[0] for one in BODIES) > 50


@pytest.mark.parametrize("body", BODIES)
def test_refused_where_check_finds_an_error_of_line_s(body: dict[str, Any]) -> None:
    text = json.dumps(body, ensure_ascii=False)
    source = Source("x", text)
    found = check(source, Context(Catalog(), "JP"), {}).diagnostics
    wrong = [one.path for one in found if may_refuse(one.name) or one.name in KEYS]
    reader = BodyReader(Catalog(), "JP", lenient=False, check=True)
    refused = reader.read(endpoints()["template" if "templateKey" in body else "flexible"], text.encode()).refused
    assert (refused is not None) == bool(wrong), [one.message for one in found]
    if refused is None:
        return
    # And back: each place that LINE names is one at which check found something.
    (document,) = compose(source)
    for finding in explain(json.loads(refused.body), notice.read(document)):
        assert isinstance(finding.where, Place)
        place = show(finding.where.path)
        assert any(one.startswith(place) or place.startswith(one) for one in wrong), (place, wrong)
