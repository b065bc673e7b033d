"""What is said to people is made of wordings and named values, which JSON shows beside the words."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from pnpc.check.engine import check
from pnpc.compile.tables.phones import scrubbed
from pnpc.language.message.context import Context
from pnpc.line.catalog import Catalog
from pnpc.text.source import Source
from pnpc.text.wording import NOTHING, NameList, Quote, Subject, as_written, says

sys.path.insert(0, str(Path(__file__).parent.parent / "tools"))
import wordings  # type: ignore[import-not-found]

SPEC = """\
pnpc: 1
name: wordings
country: JP
variables:
  lines: {type: array, maxItems: 30, items: {type: string}}
message:
"""


def diagnostics(text: str, name: str = "a.yaml") -> list[Any]:
    return list(check(Source(name, text), Context(Catalog()), {}).diagnostics)


def test_every_wording_is_a_literal_with_a_value_for_each_field() -> None:
    found = wordings.wordings()
    assert len(found) > 250
    for wording in found:
        place = f"{wording.file}:{wording.line}"
        assert wording.text is not None, f"{place}: a wording is one literal"
        assert wording.fields() == set(wording.values), f"{place}: fields and values differ"


def test_the_tool_lists_wordings_with_file_rule_and_values(
    capsys: pytest.CaptureFixture[str], monkeypatch: Any
) -> None:
    monkeypatch.setattr(sys, "argv", ["wordings.py", "--format", "json"])
    wordings.main()
    listed = json.loads(capsys.readouterr().out)
    found = next(one for one in listed if one["rule"] == "text-beside-title")
    assert found["text"] == "`text` has {length} characters, limit {limit} beside `{beside}`"
    assert found["values"] == ["length", "limit", "beside"]
    assert any(one["file"].startswith("schemas/") for one in listed)


def test_a_finding_carries_its_values() -> None:
    (short,) = [
        one for one in diagnostics(SPEC + "  templateKey: a_ja\ndeliveryTag: short\n") if one.name == "delivery-tag"
    ]
    assert short.message == "`deliveryTag` is 5 characters, minimum 16"
    assert short.data == {"subject": "deliveryTag", "length": 5, "least": 16}


def test_a_part_of_a_message_gives_its_values_too() -> None:
    inner = says("`{key}` is {length} long", key="a", length=3)
    outer = says("with `{key}`: {finding}{more}", key="b", finding=inner, more=NOTHING)
    assert str(outer) == "with `b`: `a` is 3 long"
    assert outer.data() == {"key": "b", "length": 3}


def test_the_kind_of_a_message_leaves_out_numbers_and_indices() -> None:
    def of(index: int, length: int, key: str) -> Any:
        subject = Subject(("items", index))
        return says("{subject} {part}", subject=subject, part=says("{length} `{key}`", length=length, key=key)).kind()

    assert of(1, 2, "a") == of(3, 4, "a")
    assert of(1, 2, "a") != of(1, 2, "b")


def test_braces_of_others_are_no_fields() -> None:
    assert str(as_written("write `{{ name }}` or {}")) == "write `{{ name }}` or {}"
    assert as_written("{name}").data() == {}


def test_names_are_listed() -> None:
    assert str(NameList(["a"])) == "`a`"
    assert str(NameList(["a", "b", "c"])) == "`a`, `b` or `c`"
    assert str(NameList(["a", "b"], " and ", mark="")) == "a and b"


def test_a_quote_is_short_in_words_and_whole_in_data() -> None:
    said = says("found `{found}`", found=Quote("x" * 60))
    assert str(said) == f"found `{'x' * 40}…`"
    assert said.data() == {"found": "x" * 60}


def test_no_value_of_a_row_shows_a_phone_number() -> None:
    said = scrubbed(says("{subject}: `{found}`", subject=Subject(("a",)), found=Quote("y" * 38 + "09012345678")))
    assert "2345" not in json.dumps(said.data())
    assert said.data()["subject"] == "a"
    number = scrubbed(says("`{name}` is {found}", name="a", found=9012345678))
    assert "2345" not in str(number)
    assert number.data() == {}


def test_a_count_and_an_index_of_a_spec_with_directives_are_values() -> None:
    item = "{$for: line in lines, itemKey: x_ja, content: '{{ line }}'}"
    text = SPEC + f"  templateKey: t_ja\n  body:\n    items:\n      - {item}\n      - {{itemKey: b_ja, contnet: b}}\n"
    found = {one.name: one for one in diagnostics(text)}
    many = next(one for one in diagnostics(text) if one.message.endswith(" items, limit 15"))
    assert many.data == {"count": 31, "limit": 15}
    assert found["unknown-key"].data["subject"] == "items[1]"
    assert "in `items[1]`" in found["unknown-key"].message


def test_a_key_set_twice_below_a_loop_is_told_with_the_index_that_is_written() -> None:
    twice = "{itemKey: b_ja, content: a, content: b}"
    text = (
        SPEC
        + f"  templateKey: t_ja\n  body:\n    items:\n      - {{$if: 1 == 1, itemKey: a_ja, content: a}}\n      - {twice}\n"
    )
    (found,) = [one for one in diagnostics(text) if one.name == "duplicate-key"]
    assert found.data == {"key": "content", "subject": "items[1]"}
