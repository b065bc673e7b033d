"""Texts with positions: decoding, lines, paths, spans, offsets inside scalars, edits."""

import json
import subprocess
import sys

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st
from specs import codes

from pnpc.check.engine import check
from pnpc.language.message.context import Context
from pnpc.line.catalog import Catalog
from pnpc.text import path
from pnpc.text.document import Mapping, Unreadable, end, start
from pnpc.text.edits import apply
from pnpc.text.finding import Edit, Place
from pnpc.text.nodes import compose
from pnpc.text.source import Position, Source, Span, Undecodable, decode
from pnpc.text.tree import Tree
from pnpc.text.values import construct, trap
from pnpc.text.yaml.scalar import within

VISIBLE = st.characters(
    codec="utf-8",
    exclude_categories=("Cs", "Cc", "Cf", "Zl", "Zp", "Zs", "Mn"),
    exclude_characters="\ufeff\ufffe\uffff",
)
WORDS = st.text(VISIBLE, min_size=1, max_size=12)
TEXTS = st.lists(
    st.sampled_from(["a", "é", "日", "本", "😀", "👨‍👩‍👧", " ", "\n", "'", '"', "\\", "#", ":", "-", "x y"]),
    max_size=25,
).map("".join)


def root(text: str) -> Mapping:
    node = next(iter(compose(Source("t.yaml", text)))).root
    assert isinstance(node, Mapping)
    return node


# --- decoding ---


def test_utf8_with_and_without_a_byte_order_mark() -> None:
    assert decode("a", b"\xef\xbb\xbfpnpc: 1").text == "pnpc: 1"
    assert decode("a", "名前".encode()).text == "名前"


def test_other_encodings_are_named_with_file_and_offset() -> None:
    """PNP001."""
    with pytest.raises(Undecodable, match="byte 0x82 is not UTF-8") as error:
        decode("a", b"pnpc: " + "は".encode("shift_jis"))
    assert error.value.offset == 6
    with pytest.raises(Undecodable, match="UTF-16"):
        decode("a", "pnpc: 1".encode("utf-16"))


@given(st.text(max_size=60))
def test_positions_and_offsets_are_inverse(text: str) -> None:
    source = Source("t", text)
    for offset in range(len(source.text) + 1):
        assert source.offset(source.position(offset)) == offset


def test_lines_break_where_editors_break_them() -> None:
    source = Source("t", "a\r\nb\u2028c\rd\n")
    assert [source.line(number) for number in range(1, 5)] == ["a", "b\u2028c", "d", ""]
    assert source.position(3) == Position(2, 1)


# --- paths ---


@given(st.lists(st.one_of(st.integers(0, 999), st.text(min_size=1, max_size=8)), max_size=6).map(tuple))
@example(("a b", 0, 'q"u\\o', "x.y"))
def test_a_path_is_read_back_as_it_was_shown(steps: path.Path) -> None:
    assert path.parse(path.show(steps)) == steps


def test_a_path_looks_like_lines_property() -> None:
    assert path.show(("body", "items", 0, "itemKey")) == "body.items[0].itemKey"
    with pytest.raises(ValueError, match="not a path"):
        path.parse("a[")


# --- nodes and spans ---


def test_keys_and_values_have_exact_spans_under_kanji_emoji_crlf_and_bom() -> None:
    text = "\ufeff名前: 😀日本\r\nlist:\r\n  - \"é\\u65e5x\"\r\n  - 'it''s'\r\n"
    source = Source("t", text)
    node = next(iter(compose(source))).root
    assert isinstance(node, Mapping)
    (key, value), (_, items) = node.value
    assert [source.text[start(one) : end(one)] for one in (key, value, *items.value)] == [
        "名前",
        "😀日本",
        '"é\\u65e5x"',
        "'it''s'",
    ]


SCALARS = [
    ("plain", "k: 前 {{ x }} 後\n"),
    ("plain over two lines", "k: 前\n  と {{ x }}\n"),
    ("double", 'k: "\\u524d\\t{{ x }} \\U0001F600"\n'),
    ("double, escaped line break", 'k: "前 \\\n   {{ x }}"\n'),
    ("single", "k: 'it''s {{ x }}'\n"),
    ("literal", "k: |\n  一\n  前 {{ x }} 後\n"),
    ("literal, kept indentation", "k: |2\n     一\n    前 {{ x }}\n"),
    ("literal with a comment", "k: |- # note\n\n   前 {{ x }}\n"),
    ("folded", "k: >\n  一\n  二 {{ x }}\n\n  三\n"),
    ("folded, more indented", "k: >\n  一\n    二\n    {{ x }}\n"),
    ("literal with CRLF", "k: |\r\n  一\r\n  前 {{ x }} 後\r\n"),
    ("json surrogates", '{"k": "\\ud83d\\ude00 {{ x }}"}'),
]


@pytest.mark.parametrize("text", [text for _, text in SCALARS], ids=[name for name, _ in SCALARS])
def test_a_range_inside_a_scalar_is_found_in_the_text(text: str) -> None:
    source = Source("t", text)
    node = next(iter(compose(source))).root
    assert isinstance(node, Mapping)
    scalar = node.value[0][1]
    first = scalar.value.index("{{ x }}")
    span = within(source, scalar, first, first + 7)
    assert source.text[span.start : span.end] == "{{ x }}"


@given(TEXTS, st.sampled_from(["'", '"', "|", ">", None]), st.integers(20, 60))
def test_every_visible_character_of_a_scalar_is_where_the_map_says(text: str, style: str | None, width: int) -> None:
    written = yaml.dump({"k": text}, default_style=style, allow_unicode=True, width=width)
    source = Source("t", written)
    node = next(iter(compose(source))).root
    assert isinstance(node, Mapping)
    scalar = node.value[0][1]
    assert scalar.value == text
    previous = -1
    for index, character in enumerate(text):
        span = within(source, scalar, index, index + 1)
        assert span.start >= previous
        previous = span.start
        raw = source.text[span.start : span.end]
        if not character.isspace() and not (scalar.style == '"' and raw.startswith("\\")):
            assert raw[:1] == character, (written, index)


@given(
    st.recursive(
        st.one_of(WORDS, st.integers(), st.booleans(), st.none()),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
        max_leaves=12,
    )
)
def test_json_is_yaml(value: object) -> None:
    for text in (json.dumps({"k": value}), json.dumps({"k": value}, ensure_ascii=False, indent="\t")):
        document = next(iter(compose(Source("t", text))))
        assert document.json
        assert construct(document.root) == {"k": value}


def test_a_place_that_is_not_there_points_to_its_nearest_ancestor() -> None:
    tree = Tree(next(iter(compose(Source("t", "body:\n  items:\n    - {a: 1}\n")))))
    span = tree.span(Place(("body", "items", 9, "itemKey")))
    assert tree.source.text[span.start : span.end] == "items"


def test_an_alias_points_to_where_its_text_is() -> None:
    text = "a: &x {k: 一}\nb: *x\n"
    tree = Tree(next(iter(compose(Source("t", text)))))
    span = tree.span(Place(("b", "k")))
    assert text[span.start : span.end] == "一"


# --- what can't be read ---


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("pnpc: 1\nname: \x00a\n", "PNP010"),
        ("pnpc: 1\nname: \x07a\n", "PNP010"),
        ("pnpc: 1\n\tname: a\n", "PNP003"),
        ("pnpc: 1\nname: a\nmessage: &a [*a]\n", "PNP009"),
        ("pnpc: 1\nname: !!python/object:os.system x\n", "PNP011"),
        ("pnpc: 1\nname: " + "[" * 300 + "]" * 300, "PNP008"),
        ("pnpc: 1\nname: " + "[" * 30_000, "PNP008"),
        ("pnpc: 1\nname:\n" + "- " * 30_000, "PNP008"),
        ('{"pnpc": 1, "name": "\\ud83d"}', "PNP002"),
        ("pnpc: 1\nname: *nobody\n", "PNP002"),
    ],
)
def test_an_unreadable_text_gets_one_finding(text: str, code: str) -> None:
    assert codes(text) == [code]


def test_a_bomb_of_aliases_is_refused_at_once() -> None:
    lines = ["pnpc: 1", "a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [" + ", ".join([f"*a{n - 1}"] * 10) + "]" for n in range(1, 12)]
    assert codes("\n".join(lines)) == ["PNP008"]


def test_documents_before_a_fault_are_still_checked() -> None:
    good = "pnpc: 1\nname: A\ncountry: JP\nmessage: {templateKey: shipment_completed_ja}\n"
    assert codes(f"{good}---\npnpc: [\n") == ["PNP111", "PNP002"]


def test_line_separators_are_told() -> None:
    text = 'pnpc: 1\nname: a\ncountry: JP\nmessage:\n  templateKey: shipment_completed_ja\n  body: {items: [{itemKey: name_010_ja, content: "a\u2028b\x85c"}]}\n'
    assert codes(text) == ["PNP012", "PNP012"]


@pytest.mark.parametrize("opener", ["- ", "? ", "- ? ", "[", "{a: ", "[ {"])
@pytest.mark.parametrize("times", [210, 900, 1_100, 3_000])
def test_depth_is_told_in_our_words_whatever_libyaml_refuses_itself(opener: str, times: int) -> None:
    """Since PyYAML 6.0.4 libyaml refuses a depth of 1,000, in its own words, and before it gives all events."""
    with pytest.raises(Unreadable, match=r"^more than 200 levels deep$") as told:
        list(compose(Source("t", opener * times + "a")))
    assert told.value.finding.rule == "input-too-large"


@pytest.mark.parametrize("lines", [210, 1_100])
def test_depth_by_indentation_alone_is_told(lines: int) -> None:
    with pytest.raises(Unreadable, match=r"^more than 200 levels deep$"):
        list(compose(Source("t", "".join(f"{' ' * line}a:\n" for line in range(lines)))))


@given(st.text(max_size=200))
@example("? ? ? ?")
@example("{{{{")
@example("- - &a\n  *a")
def test_reading_any_text_gives_documents_or_one_finding(text: str) -> None:
    source = Source("t", text)
    finding = None
    try:
        for document in compose(source):
            assert document.root is None or 0 <= start(document.root) <= len(source.text)
    except Unreadable as error:
        finding = error.finding
    assert finding is None or (finding.rule and isinstance(finding.where, Span))


@given(
    st.text(max_size=120),
    st.sampled_from(["pnpc: 1\nname: a\nmessage:\n  ", "pnpc: 1\nmessage: {templateKey: ", '{"templateKey": ', ""]),
)
def test_check_never_raises(text: str, head: str) -> None:
    source = Source("t.yaml", head + text)
    for one in check(source, Context(Catalog()), {}).diagnostics:
        assert 0 <= one.span.start <= one.span.end <= len(source.text) + 1
        assert one.message
        assert one.code.startswith("PNP")


# --- values ---


def test_scalars_are_text_until_asked() -> None:
    node = root("a: no\nb: 012\nc: 12:30\nd: 2026-11-30\ne: 1e3\nf: 5\ng: true\nh:\n")
    assert construct(node) == {
        "a": "no",
        "b": "012",
        "c": "12:30",
        "d": "2026-11-30",
        "e": 1000.0,
        "f": 5,
        "g": True,
        "h": None,
    }


@pytest.mark.parametrize(
    "text", ["no", "On", "y", "012", "0312345670", "12:30", "2026-11-30", "1_000", "0x1F", "1e3", "1.10", ".5", "+5"]
)
def test_what_yaml_1_1_changes_is_a_trap(text: str) -> None:
    assert trap(text)
    if text not in ("y", "1e3"):  # PyYAML is lenient with y, and reads 1e3 as text; other YAML 1.1 readers do not
        assert yaml.safe_load(text) != text


@pytest.mark.parametrize(
    "text", ["0", "5", "12000", "-3", "午前中", "none", "yesterday", "12-30", "12:3a", "", "0312345678x"]
)
def test_what_every_reader_reads_alike_is_none(text: str) -> None:
    assert trap(text) is None


# --- edits ---


def test_overlapping_edits_are_left_for_the_next_round() -> None:
    one, two, three = Edit(Span(0, 3), "A"), Edit(Span(2, 4), "B"), Edit(Span(4, 5), "C")
    assert apply("abcde", [(one,), (two,), (three,)]) == ("AdC", 2)
    assert apply("abcde", [(one,), (one,)]) == ("Ade", 1)


@given(st.text(max_size=40), st.lists(st.tuples(st.integers(0, 40), st.integers(0, 5), WORDS), max_size=6))
def test_what_no_edit_touches_stays(text: str, raw: list[tuple[int, int, str]]) -> None:
    edits = [(Edit(Span(at, min(at + width, len(text))), new),) for at, width, new in raw if at <= len(text)]
    changed, applied = apply(text, edits)
    assert applied <= len(edits)
    if not applied:
        assert changed == text


def test_pyyaml_works_as_ever_where_its_patterns_wait() -> None:
    """`pnpc check` loads PyYAML without compiling what only its slow reader needs; nothing else may notice."""
    code = """
import pnpc.cli.main, pnpc.cli.checking.check, re, yaml
assert isinstance(re.compile("a"), re.Pattern)
assert not isinstance(yaml.reader.Reader.NON_PRINTABLE, re.Pattern), "nothing is saved any more"
assert yaml.safe_load("- 1\\n- 2024-08-10\\n- no\\n- 1.5\\n- x") == [1, __import__("datetime").date(2024, 8, 10), False, 1.5, "x"]
try:
    yaml.safe_load("a\\x01")
except yaml.reader.ReaderError:
    print("ok")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout == "ok\n", done.stderr
