"""A file named .json is JSON: what is taken, what is refused and where, and where its nodes stand."""

import json
from math import isfinite
from pathlib import Path
from typing import Any

import pytest
from conftest import Run
from hypothesis import example, given
from hypothesis import strategies as st
from specs import codes, diagnostics

from pnpc.check.engine import check
from pnpc.compile.plan import CannotCompile
from pnpc.compile.text import compile_text
from pnpc.language.message.context import Context
from pnpc.line.catalog import Catalog
from pnpc.text.document import Mapping, Node, Scalar, Sequence, Unreadable, end, start
from pnpc.text.nodes import compose
from pnpc.text.source import Source, Span
from pnpc.text.values import construct

TO = "d41e0ad70dddfeb68f149ad6fc61574b9c5780ab7bcb2fba5517771ffbb2409c"
SPACE = " \t\n\r"


def strict(text: str) -> Any:
    """The value of a JSON text as Python reads it. Raises ValueError."""
    value = json.loads(text, parse_constant=refuse, parse_float=number)
    json.dumps(value, ensure_ascii=False).encode()  # half a surrogate pair is no text
    return value


def number(text: str) -> float | str:
    """A number; its text if no float is large enough."""
    return value if isfinite(value := float(text)) else text


def refuse(word: str) -> None:
    raise ValueError(word)


def root(text: str, name: str = "x.json") -> Node | None:
    (document,) = compose(Source(name, text))
    assert document.json
    return document.root


def assert_read_alike(text: str) -> None:
    """Our reader takes a text if and only if Python's does, to the same values at the right places."""
    source = Source("x.json", text)
    try:
        value = strict(source.text)
    except ValueError:
        if source.text.strip(SPACE):
            with pytest.raises(Unreadable) as caught:
                list(compose(source))
            finding = caught.value.finding
            assert finding.rule == "json-syntax"
            assert isinstance(finding.where, Span)
            assert 0 <= finding.where.start < finding.where.end <= len(source.text)
        return
    node = root(text)
    assert node is not None
    assert construct(node) == value
    assert_spans(source.text, node)


def assert_spans(text: str, node: Node) -> None:
    """What stands at a node's place is read to the node's value."""
    raw = text[start(node) : end(node)]
    assert strict(raw) == construct(node)
    if isinstance(node, Mapping):
        assert node.flow_style
        for key, value in node.value:
            assert strict(text[start(key) : end(key)]) == key.value
            assert_spans(text, value)
    elif isinstance(node, Sequence):
        assert node.flow_style
        for entry in node.value:
            assert_spans(text, entry)
    elif isinstance(node, Scalar):
        assert (node.style == '"') == raw.startswith('"')


LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**20), 10**20), st.floats(allow_nan=False, allow_infinity=False)
)
TEXTS = st.text(st.sampled_from('ab"\\/\n\t\u3000é山😀{}[],:#\x7f\u2028\ufeff'), max_size=6)
VALUES = st.recursive(
    LEAVES | TEXTS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3), max_leaves=8
)
WRITTEN = st.builds(
    json.dumps,
    VALUES,
    ensure_ascii=st.booleans(),
    indent=st.sampled_from([None, 1, "\t"]),
    separators=st.sampled_from([None, (",", ":"), (" ,\r\n", "\n:\t")]),
)
PIECES = st.sampled_from(
    [
        *"{}[]:,\"'\\#/ \t\n\r\x01",
        *"0-+.1eE",
        "01",
        "true",
        "False",
        "null",
        "None",
        "NaN",
        "-Infinity",
        "//",
        "/*",
        "{{",
    ]
    + [
        "a",
        "：",
        "“",
        "\u3000",
        "\u00a0",
        "\ufeff",
        "\\u12",
        "\\ud83d",
        "\\ude00",
        "\\ud83d\\ude00",
        "\\x",
        '"a"',
        "\ud800",
    ]
)


@given(WRITTEN)
@example('{"a":{"b":[]},"c":[{}]}')
@example('["\\ud83d\\ude00", "\\\\ud83d"]')
@example('["\\ud83d\\ude00", "\ud800"]')  # a whole pair, and half of one that is no escape
def test_json_is_read_as_python_reads_it(text: str) -> None:
    assert_read_alike(text)


@given(WRITTEN, st.lists(st.tuples(st.integers(0, 200), st.integers(0, 2), PIECES), min_size=1, max_size=3))
def test_what_is_nearly_json_is_taken_or_refused_as_by_python(text: str, edits: list[tuple[int, int, str]]) -> None:
    for at, width, piece in edits:
        at %= len(text) + 1
        text = text[:at] + piece + text[at + width :]
    assert_read_alike(text)


@given(st.lists(PIECES, max_size=10).map("".join))
def test_any_pieces_are_taken_or_refused_as_by_python(text: str) -> None:
    assert_read_alike(text)


REFUSED = [
    ('{"a": [1, 2«,»]}', "a comma before `]`: JSON has no trailing comma"),
    ('{"a": 1«,»\n}', "a comma before `}`: JSON has no trailing comma"),
    ('{"a": 1,«,» "b": 2}', "two commas with nothing between them"),
    ('{"a": 1 «"b"»: 2}', "a comma is missing before this"),
    ('{"a": "say "«hi»" now"}', "a comma is missing before this"),
    ("{«'a'»: 1}", "JSON has no single quotes"),
    ('{"a": «`b`»}', "JSON has no backquotes"),
    ('{"a": 1} «// note»', "JSON has no comments"),
    ('{«/* two\nlines */» "a": 1}', "JSON has no comments"),
    ('{"a": 1, «# note»\n "b": 2}', "JSON has no comments"),
    ('{"a": "one«\n»two"}', "a line break inside a text"),
    ('{"a": "one«\r»\ntwo"}', "a line break inside a text"),
    ('{"a": "one\\«\n»two"}', "a line break inside a text"),
    ('{"a": "one«\t»two"}', "a tab inside a text"),
    ('{"a": "one«\x01»two"}', "a control character (U+0001) inside a text"),
    ('{"a": «False»}', "JSON does not have the word `False`"),
    ('{"a": «None»}', "JSON does not have the word `None`"),
    ('{"a": «yes»}', "JSON does not have the word `yes`"),
    ('{"a": «NaN»}', "`NaN` is not a JSON number"),
    ('{"a": «-Infinity»}', "`-Infinity` is not a JSON number"),
    ('{"a": «007»}', "`007` is not a JSON number: it can't begin with `0`"),
    ('{"a": «+1»}', "`+1` is not a JSON number: it can't begin with `+`"),
    ('{"a": «.5»}', "`.5` is not a JSON number: a digit is missing before the decimal point"),
    ('{"a": «5.»}', "`5.` is not a JSON number: a digit is missing after the decimal point"),
    ('{"a": «0x1F»}', "`0x1F` is not a JSON number"),
    ('{"a": «12:30»}', "`12:30` is not a JSON number"),
    ('{«name»: "x"}', "the key `name` needs double quotes"),
    ('{"a": «x»}', "a text needs double quotes"),
    ('{"a": «{{ slot }}»}', "an expression must be in double quotes"),
    ('{"a"«=» 1}', 'a `:` is missing after "a"'),
    ('{"a": «}»', "a value is missing before `}`"),
    ('{"a": 1«:» 2}', "a second `:` after one key"),
    ('{"a": [1«}»', "`}` does not match the `[` of line 1"),
    ('«{»"a": 1', "this `{` is never closed"),
    ('{"a": «"»b}', "this quote is never closed"),
    ('{"a": "«\\x»41"}', "`\\x` is not an escape in JSON"),
    ('{"a": "«\\u12»"}', "`\\u` needs four hex digits"),
    ('{"a": "«\\ud83d»"}', "`\\ud83d` is half of a surrogate pair, which is not a character"),
    ('{"a": "\\ud83d\\ude00«\\ude00»"}', "`\\ude00` is half of a surrogate pair, which is not a character"),
    ('{"a": "«\ud83d»"}', "half of a surrogate pair (U+D83D), which is not a character"),
    ('{"a"«：» 1}', "`：` (U+FF1A) has no meaning in JSON"),
    ("{«“»a”: 1}", "`“` (U+201C) has no meaning in JSON"),
    ('{«\u3000»"a": 1}', "the character U+3000 is not white space in JSON"),
    ('\ufeff«\ufeff»{"a": 1}', "a second byte order mark (U+FEFF)"),
    ('{"a": 1}\n«{»"a": 2}', "a second value: a .json file can have only one"),
    ('{"a": 1}«}»', "`}` closes nothing: all brackets before it are closed"),
    ('{"a": 1}\n«---»', "text after the end of the JSON value"),
    ("«pnpc»: 1\nname: a\n", "this is not JSON, although the file's name ends in .json"),
]


@pytest.mark.parametrize(("marked", "message"), REFUSED, ids=[message for _, message in REFUSED])
def test_what_json_refuses_is_told_at_its_place(marked: str, message: str) -> None:
    before, rest = marked.split("«")
    wrong, after = rest.split("»")
    (told,) = diagnostics(before + wrong + after, "x.json")
    assert (told.code, told.name, told.message) == ("PNP112", "json-syntax", message)
    begins = len(before.removeprefix("\ufeff"))
    assert told.span == (begins, begins + len(wrong))


TAKEN = [
    '{"a"\n:\n1}',
    json.dumps({"k" * 1100: 1}),
    '["\\ud83d\\ude00", "\\/", "\x7f", "\u2028"]',
    '\t{\t"a"\t:\t[\t1\t]\t}\t',
    "\ufeff{}",
    "[" * 200 + "]" * 200,
    "-0.0e+1",
    "1" * 5000,
]


@pytest.mark.parametrize("text", TAKEN)
def test_what_json_takes_is_taken(text: str) -> None:
    assert root(text) is not None


def test_a_pair_of_escapes_is_one_character_with_a_place() -> None:
    body = {"to": TO, "messages": [{"type": "text", "text": "😀" * 3}], "mesages": 1}
    source = Source("x.json", json.dumps(body))
    (told,) = check(source, Context(Catalog()), {}).diagnostics
    assert (told.code, source.text[told.span.start : told.span.end]) == ("PNP101", '"mesages"')


@pytest.mark.parametrize(
    "text",
    ["[" * 201 + "]" * 201, "[" * 200 + "1" + "]" * 200, "[" * 50_000, '{"a":' * 50_000, "[" + "1," * 200_000 + "1]"],
)
def test_json_has_the_bounds_of_yaml(text: str) -> None:
    with pytest.raises(Unreadable) as caught:
        list(compose(Source("x.json", text)))
    assert caught.value.finding.rule == "input-too-large"


@pytest.mark.parametrize(
    ("name", "text", "json_"),
    [
        ("a.json", '{"a": 1}', True),
        ("A.JSON", '{"a": 1}', True),
        ("a.yaml", '{"a": 1, b: c,}', False),
        ("a.yml", '{"a": 1}', False),
        ("a.YAML", '{"a": 1}', False),
        ("<stdin>", '{"a": 1}', True),
        ("<stdin>", '{"a": 1, b: c}', False),
        ("<stdin>", "a: 1", False),
    ],
)
def test_the_name_says_what_a_text_is(name: str, text: str, json_: bool) -> None:
    (document,) = compose(Source(name, text))
    assert document.json is json_


def test_a_flow_mapping_in_yaml_is_yaml_whatever_its_first_character() -> None:
    text = '{"pnpc": 1, name: x, country: JP, "message": {templateKey: shipment_completed_ja}}'
    assert diagnostics(text) == ()
    (told,) = diagnostics(text, "x.json")
    assert (told.code, told.range.start) == ("PNP112", (1, 13))


def test_json_has_no_comments_that_hold_anything_back() -> None:
    text = json.dumps(
        {"to": TO, "templateKey": "shipment_completed_ja", "body": {"x": "# pnpc: file-ignore[PNP101] why"}}
    )
    whole = codes(text, "x.json")
    broken = codes(text[:-1], "x.json")
    assert (whole, broken) == (["PNP101"], ["PNP112"])


def test_a_body_without_a_recipient_is_clean_and_can_not_be_compiled(tmp_path: Path, pnpc: Run) -> None:
    (tmp_path / "body.json").write_text('{"templateKey": "shipment_completed_ja"}')
    assert pnpc("check", "body.json").returncode == 0
    done = pnpc("compile", "body.json")
    assert (done.returncode, done.stdout) == (2, "")
    assert "body.json: the request body has no `to`" in done.stderr
    with pytest.raises(CannotCompile, match="no `to`"):
        list(compile_text('{"templateKey": "shipment_completed_ja"}'))


def test_data_and_fragments_named_json_are_json(tmp_path: Path, pnpc: Run) -> None:
    spec = "pnpc: 1\nname: a\ncountry: JP\nvariables: {n: {type: string, maxLength: 9, example: x}}\n"
    spec += "message: {templateKey: shipment_completed_ja, body: {items: [{$include: item.json}]}}\n"
    (tmp_path / "a.yaml").write_text(spec)
    (tmp_path / "item.json").write_text('{"itemKey": "name_010_ja", "content": "{{ n }}"}')
    (tmp_path / "data.json").write_text('{"n": "y",}')
    done = pnpc("compile", "a.yaml", "--data", "data.json")
    assert (done.returncode, "a comma before `}`" in done.stderr) == (1, True)
    (tmp_path / "data.json").write_text('{"n": "y"}')
    assert (
        json.loads(pnpc("compile", "a.yaml", "--data", "data.json").stdout)["body"]["body"]["items"][0]["content"]
        == "y"
    )
    (tmp_path / "item.json").write_text("{'itemKey': 'name_010_ja', 'content': '{{ n }}'}")
    done = pnpc("check", "a.yaml")
    assert (done.returncode, "JSON has no single quotes" in done.stdout) == (1, True)


def test_standard_input_is_read_by_the_name_that_it_is_given(pnpc: Run) -> None:
    text = json.dumps({"to": TO, "templateKey": "shipment_completed_ja"})[:-1] + ",}"
    assert pnpc("check", "-", input=text).returncode == 0
    done = pnpc("check", "-", "--stdin-filename", "x.json", "--format", "concise", input=text)
    assert done.stdout.startswith("x.json:1:114: PNP112 error a comma before `}`")
