"""What is said to people is made of wordings and named values, which JSON shows beside the words."""

import ast
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
from pnpc.text.wording import NOTHING, NameList, Quote, Subject, as_written, joined_by_and, joined_by_or, says

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


# Who has words from elsewhere, and whose they are. All other words are wordings of the code, which the tool lists.
OTHERS_WORDS = {
    "compile/tables/chunks.py": "the csv module's",
    "compile/tables/parquet.py": "pyarrow's",
    "compile/tables/phones.py": "a message whose values must not be shown",
    "compile/tables/values.py": "the json module's",
    "emulator/scenario.py": "the re module's",
    "language/expressions/misread.py": "Jinja2's",
    "language/filling/jinja.py": "Jinja2's",
    "language/review/approval.py": "the json module's",
    "language/variables/declaration.py": "the re module's",
    "line/grammar/collections.py": "a schema's",
    "line/grammar/verdicts.py": "a schema's, and the name of a list",
    "project/fragments.py": "the operating system's",
    "rules/flexible/bad_substitution.py": "a schema's",
    "rules/shared/content.py": "the policy's",
    "rules/shared/media.py": "what a medium shows, as media.json says it",
    "text/nodes.py": "PyYAML's",
    "text/toml.py": "the tomllib module's",
    "text/yaml/trouble.py": "libyaml's",
}


def calls(name: str) -> list[tuple[str, ast.Call]]:
    """The calls of a function or class of this name in all the code, with the file of each."""
    return [
        (str(file.relative_to(wordings.CODE)), node)
        for file in sorted(wordings.CODE.rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name
    ]


def test_no_message_is_made_in_another_way() -> None:
    """Types keep the rest: a finding, a fix, a mistake of a row and an error that becomes one take wordings only."""
    assert {file for file, _ in calls("Said")} == {"text/wording.py"}
    assert {file for file, _ in calls("Diagnostic")} == {"check/engine.py"}
    of_related = [call.args[2] for _, call in calls("Related")]
    assert {part.func.id for part in of_related if isinstance(part, ast.Call) and isinstance(part.func, ast.Name)} <= {
        "str",
        "brief",
    }
    assert all(isinstance(part, ast.Call) for part in of_related)


def test_words_from_elsewhere_are_no_words_of_the_code() -> None:
    borrowed = [(file, call.args[0]) for file, call in calls("as_written") if len(call.args) == 1]
    assert {file for file, _ in borrowed} == set(OTHERS_WORDS)
    for file, words in borrowed:
        literals = [node.value for node in ast.walk(words) if isinstance(node, ast.Constant) and node.value]
        assert not any(str(literal).count(" ") for literal in literals), f"{file}: a literal is a wording"


def test_help_related_places_and_titles_are_listed() -> None:
    listed = {wording.text for wording in wordings.wordings()}
    assert "put the link on a button" in listed  # a help text
    assert "first used here" in listed  # of a related place
    assert "rename it to `{meant}`" in listed  # the title of a fix
    assert "`{name}` has no value, and no default" in listed  # a mistake of a row
    assert "the name `{name}` is already taken" in listed  # a finding about two files


def test_a_list_of_parts_has_words_and_no_data() -> None:
    parts = [says("`{name}` {size}", name=name, size=7) for name in ("a", "b", "c")]
    assert str(joined_by_and(parts)) == "`a` 7, `b` 7 and `c` 7"
    assert str(joined_by_or(parts[:1])) == "`a` 7"
    assert joined_by_and([]) == NOTHING
    assert says("{parts} make {length}", parts=joined_by_and(parts), length=9).data() == {"length": 9}
    assert str(scrubbed(joined_by_and([says("`{text}`", text="09012345678")]))) == "`…78`"


def test_the_tool_lists_wordings_with_file_rule_and_values(
    capsys: pytest.CaptureFixture[str], monkeypatch: Any
) -> None:
    monkeypatch.setattr(sys, "argv", ["wordings.py", "--format", "json"])
    wordings.main()
    listed = json.loads(capsys.readouterr().out)
    found = next(wording for wording in listed if wording["text"].startswith("`text` has {length}"))
    assert found["rule"] == "text-beside-title"
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
