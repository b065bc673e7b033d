"""Safe fixes do no harm: where there is one and where none; JSON stays JSON, what they did not touch is as it was.

`tests/test_mutants.py` has the same for hundreds of texts with mistakes put into them.
"""

import json
import random
import re
from collections.abc import Iterator

import pytest
from conftest import ROOT, tries
from hypothesis import given, settings
from hypothesis import strategies as st
from specs import diagnostics

from pnpc import check_text, rules
from pnpc.data import read_json
from pnpc.line.grammar.schema import load
from pnpc.rules.listing import ALL
from pnpc.rules.rule import shown, whole
from pnpc.text.document import Document, Mapping, Node, Scalar, Sequence, Unreadable, end, start
from pnpc.text.edits import apply
from pnpc.text.nodes import compose
from pnpc.text.source import Source, Span
from pnpc.text.values import construct

RULES = [rules.get(listed.name) for listed in ALL]
BAD = [
    pytest.param(shown(whole(example))[0], id=f"{rule.code}-{index}")
    for rule in RULES
    for index, example in enumerate(rule.bad)
]
ROUNDS = 10
TRAPS = (
    "no",
    "on",
    "012",
    "12:30",
    "1_000",
    "~",
    "2024-08-10",
    "1e3",
    "0x1F",
    "'a",
    "a #b",
    "{{ order_id }}",
    "null",
    "5",
)


def edits_of(text: str) -> list[tuple]:
    return [one.fix.edits for one in diagnostics(text) if one.fix and one.fix.safe]


def documents(text: str) -> list[Document] | None:
    try:
        return list(compose(Source("x.yaml", text)))
    except Unreadable:
        return None


def is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def assert_harmless(text: str) -> None:
    """Apply the safe fixes round by round, as `check --fix` does, and look at each round."""
    for _ in range(ROUNDS):
        edits = edits_of(text)
        fixed, applied = apply(text, edits)
        if not applied:
            break
        assert fixed != text
        assert is_json(fixed) or not is_json(text)
        spans = [edit.where for one in edits for edit in one]
        before, after = documents(text), documents(fixed)
        assert before is None or after is not None
        if before is not None and after is not None:
            assert len(before) == len(after)
            for old, new in zip(before, after, strict=True):
                assert_untouched(old.root, new.root, spans)
            assert_no_new_error(text, fixed, before, spans)
        text = fixed
    else:
        pytest.fail(f"fixes without end: {text}")
    assert apply(text, edits_of(text)) == (text, 0)


def assert_untouched(old: Node | None, new: Node | None, spans: list[Span]) -> None:
    """All keys and scalars outside the edits mean what they meant."""
    if old is None or isinstance(old, Scalar) or (isinstance(new, Scalar) and is_touched(old, spans)):
        if not is_touched(old, spans):  # `{{ x }}` without quotes was a mapping
            assert construct(old) == construct(new)
        return
    assert type(old) is type(new)
    assert len(old.value) == len(new.value)
    for one, other in zip(old.value, new.value, strict=True):
        pairs = zip(one, other, strict=True) if isinstance(old, Mapping) else [(one, other)]
        for left, right in pairs:
            assert_untouched(left, right, spans)


def is_touched(node: Node | None, spans: list[Span]) -> bool:
    return node is not None and any(span.start <= end(node) and start(node) <= span.end for span in spans)


def assert_no_new_error(text: str, fixed: str, before: list[Document], spans: list[Span]) -> None:
    """A new error may stand only in what was mended: a key with its right name is looked at, a text is all there; and
    in the texts that a mended variable fills, which are proved once its declaration can be read.
    """
    roots = {path for document in before for path in touched(document.root, "", spans)}
    if any(root.startswith("variables") for root in roots):
        roots.add("message.")
    old = {(one.code, one.path) for one in diagnostics(text) if one.severity == "error"}
    new = {(one.code, one.path) for one in diagnostics(fixed) if one.severity == "error"} - old
    assert [one for one in new if not one[1].startswith(tuple(roots))] == []


def touched(node: Node | None, path: str, spans: list[Span]) -> Iterator[str]:
    """The paths of the texts that were mended, and of the mappings with a mended key or type."""
    if isinstance(node, Mapping):
        for key, value in node.value:
            if is_touched(key, spans) or (key.value == "type" and is_touched(value, spans)):
                yield path
            yield from touched(value, f"{path}.{key.value}".removeprefix("."), spans)
    elif isinstance(node, Sequence):
        for index, one in enumerate(node.value):
            yield from touched(one, f"{path}[{index}]", spans)
    elif is_touched(node, spans):
        yield path


@pytest.mark.parametrize("text", BAD)
def test_fixes_of_bad_examples_do_no_harm(text: str) -> None:
    assert_harmless(text)
    found = documents(text)
    if found and len(found) == 1 and found[0].root is not None:
        assert_harmless(json.dumps(construct(found[0].root), ensure_ascii=False))


def test_bad_examples_have_something_to_fix() -> None:
    assert len([param for param in BAD if edits_of(param.values[0])]) >= 5


def valid() -> list[str]:
    specs = [file.read_text(encoding="utf-8") for file in sorted((ROOT / "examples/shop/notifications").glob("*.yaml"))]
    specs += [whole(example) for rule in RULES for example in rule.good]
    return specs + [json.dumps(construct(found[0].root), indent=1) for one in specs if (found := documents(one))]


VALID = valid()
KEY = re.compile(r"[A-Za-z]{3,}(?=\"?:[ \n])")
VALUE = re.compile(r"(?<=: )(\"[^\"\n]*\"|[^\s\"{\[,}&|>][^\n,}]*)")


def changed(text: str, rng: random.Random) -> str:
    """A text with one slip of a person's: a key misspelt or in another case, a value unquoted, cut, of another type."""
    how = rng.choice(("swap", "case", "drop", "unquote", "trap", "hash", "separator"))
    found = list((KEY if how in ("swap", "case", "drop") else VALUE).finditer(text))
    if not found:
        return text
    one = rng.choice(found)
    word = one[0]
    at = rng.randrange(max(1, len(word) - 1))
    new = {
        "swap": word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :],
        "case": rng.choice((word.lower(), word.upper(), word.capitalize())),
        "drop": word[:at] + word[at + 1 :],
        "unquote": word.strip('"'),
        "trap": rng.choice(TRAPS),
        "hash": f"{word[:at]} #{word[at:]}",
        "separator": f"{word[:at]}\u2028{word[at:]}",
    }[how]
    return text[: one.start()] + new + text[one.end() :]


@settings(max_examples=tries(150))
@given(text=st.sampled_from(VALID), seed=st.integers(0, 2**32), slips=st.integers(1, 3))
def test_fixes_of_any_slip_do_no_harm(text: str, seed: int, slips: int) -> None:
    rng = random.Random(seed)
    for _ in range(slips):
        text = changed(text, rng)
    assert_harmless(text)


def test_slips_are_of_the_kind_that_is_fixed() -> None:
    """Else the test above would show nothing."""
    rng = random.Random(1)
    texts = [changed(rng.choice(VALID), rng) for _ in range(200)]
    assert len([text for text in texts if edits_of(text)]) > 20


# --- where a fix is offered ---

BOX = "pnpc: 1\nname: a\ncountry: JP\nmessage:\n  messages:\n    - type: flex\n      altText: x\n      contents:\n        type: bubble\n"
TEXT = (
    "pnpc: 1\nname: a\ncountry: JP\nvariables:\n  v: {type: string, maxLength: 5, example: a}\nmessage:\n  messages:\n"
)


def fixed(text: str) -> str:
    """A text with the safe fixes of one round."""
    return apply(text, edits_of(text))[0]


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        (f"{TEXT}    - {{tpye: text, text: a}}\n", "type"),
        (f"{TEXT}    - {{type: text, textt: a}}\n", "text"),
        (f"{TEXT}    - {{type: text, 'tetx': a}}\n", "'text'"),
        (f"{TEXT}    - {{type: text, text: a, quickRepl: {{items: []}}}}\n", "quickReply"),
        (f"{TEXT}    - {{ｔype: text, text: a}}\n", "text"),
        (TEXT.replace("maxLength", "maxLenght") + "    - {type: text, text: a}\n", "maxLength"),
        (TEXT.replace("message:", "mesage:") + "    - {type: text, text: a}\n", "message"),
    ],
)
def test_one_slip_in_a_key_is_fixed(wrong: str, right: str) -> None:
    assert right in fixed(wrong)
    assert fixed(fixed(wrong)) == fixed(wrong)
    assert "PNP101" not in [one.code for one in diagnostics(fixed(wrong))]


@pytest.mark.parametrize(
    "text",
    [
        f"{BOX}        hreo: {{type: image}}\n        heroo: x\n",  # two may mean `hero`
        f"{BOX}        body: {{type: box, layout: vertical, weight: bold, contents: []}}\n",  # a key of another object
        f"{TEXT}    - {{type: text, text: a, sendr: {{name: a}}, sender: {{name: b}}}}\n",  # the right one is there
        f"{TEXT}    - {{type: text, text: a, qickRepl: {{items: []}}}}\n",  # two slips
        f"{TEXT}    - {{type: location, title: a, address: b, altitude: 1, longitude: 2}}\n",  # a word of its own
        f"{TEXT}    - {{type: text, txt: 'a', test: 'b'}}\n",
        TEXT.replace("example: a", "examples: a"),  # a keyword of JSON Schema
        TEXT.replace("{type: string", "{'$id': x, type: string"),
        f"{TEXT}    - {{type: text, type: flex, textt: a}}\n",  # in a mapping with a key set twice
        f"{TEXT}    - type: yes\n      type: text\n      text: 012\n",
        f"{TEXT}    - &a {{type: text, textt: b}}\n    - *a\n",  # what an alias repeats
        f"{TEXT}    - &a {{type: text, textt: b}}\n    - {{<<: *a, text: 12:30}}\n".replace("12:30", "c"),
        f"{TEXT}    - {{<<: {{tpye: text}}, text: a}}\n",  # a merge
        f"{TEXT}    - {{type: text, textt: a}}\n---\npnpc: [\n",  # a file that can't be read to its end
        f"{TEXT}    - {{type: text, textt: a\n",
        TEXT.replace("{type: string", "{{type: string"),  # a brace too many, and no expression
        TEXT.replace("{type: string, maxLength: 5, example: a}", "{{type: string, example: a}}"),
        f"{TEXT}    - type: text\n      text: {{{{ v }}}}\n    - [\n",
        f"{TEXT}    - type: text\n      text: {{{{ v }}}}, {{{{ v }}}}\n",  # one text, or two things in [ ]
        f"{TEXT}    - {{type: text, text: {{{{ v v }}}}}}\n",  # no expression
        f"\ufeff\ufeff{TEXT}    - {{type: text, textt: a}}\n",
    ],
)  # fmt: skip
def test_what_may_mean_something_else_is_not_fixed(text: str) -> None:
    assert fixed(text) == text


@pytest.mark.parametrize(
    ("written", "is_safe"), [("12000", True), ("-1", True), ("1.50", False), ("1e3", False), ("true", False)]
)
def test_only_a_whole_number_of_json_is_surely_the_text_that_it_looks_like(written: str, is_safe: bool) -> None:
    body = f'{{"templateKey": "shipment_completed_ja", "body": {{"items": [{{"itemKey": "number_001_ja", "content": {written}}}]}}}}'
    (one,) = diagnostics(body, "x.json")
    assert one.fix is not None
    assert (str(one.fix.title), one.fix.safe) == ("quote it", is_safe)


def test_all_expressions_that_keep_a_text_from_being_read_are_quoted_at_once() -> None:
    text = f"{TEXT}    - type: text\n      text: {{{{ v }}}}様  # to whom\n    - {{type: text, text: {{{{ v }}}}-{{{{ v }}}}}}\n"
    assert fixed(text) == (
        f'{TEXT}    - type: text\n      text: "{{{{ v }}}}様"  # to whom\n    - {{type: text, text: "{{{{ v }}}}-{{{{ v }}}}"}}\n'
    )
    (one,) = diagnostics(text)
    assert one.fix is not None
    assert (str(one.fix.title), len(one.fix.edits)) == ("quote these 2 texts", 2)


def test_a_comment_is_idle_only_where_no_mistake_hides_what_it_is_for() -> None:
    idle = f"{TEXT}    - {{type: text, text: a}}  # pnpc: ignore[PNP204] seen\n"
    assert fixed(idle) == f"{TEXT}    - {{type: text, text: a}}\n"
    hidden = idle.replace("text: a", "textt: a")
    assert fixed(hidden) == idle
    held = idle.replace("text: a", "a: a").replace("PNP204", "PNP101, PNP102") + "# pnpc: file-ignore[PNP206] seen\n"
    assert fixed(held) == held


def test_no_key_of_ours_is_taken_for_a_slip() -> None:
    """`python tools/names.py` writes the file anew."""
    known = set(read_json("schemas", "names.json")["keys"])

    def keys(schema: object) -> set[str]:
        if isinstance(schema, list):
            return set().union(*map(keys, schema))
        if not isinstance(schema, dict):
            return set()
        own = schema.get("properties")
        return set(own if isinstance(own, dict) else ()).union(*map(keys, schema.values()))

    names = ("action", "flex", "flexible-message", "message-object", "spec", "template-message", "variable")
    assert set().union(*(keys(load(name)) for name in names)) - known == set()


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("header", "unknown key `header` in `messages[0]`"),  # of a bubble; `sender` is near by chance
        ("sendr", "unknown key `sendr` in `messages[0]`; did you mean `sender`?"),
    ],
)
def test_a_key_of_line_in_another_place_is_not_likened_to_others(key: str, said: str) -> None:
    text = f"messages:\n  - type: text\n    text: a\n    {key}: {{name: x}}\n"
    (finding,) = (one for one in check_text(text) if one.code == "PNP101")
    assert finding.message == said
    assert (finding.help or "").startswith("`header` belongs in another place") == (key == "header")


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("where", ["above", "behind", "end"])
def test_a_comment_that_suppresses_nothing_goes_and_leaves_its_neighbours(where: str, newline: str) -> None:
    comment = "# pnpc: ignore[PNP218] not any more"
    lines = whole("body:\n  items:\n    - {itemKey: name_010_ja, content: スープ}\n").splitlines()
    with_it = {
        "above": [*lines[:-1], f"      {comment}", *lines[-1:]],
        "behind": [*lines[:-1], f"{lines[-1]}  {comment}"],
        "end": [*lines, f"  {comment} "],
    }[where]
    assert fixed("".join(line + newline for line in with_it)) == "".join(line + newline for line in lines)


HEAD = "pnpc: 1\nname: x\ncountry: JP\n"


@pytest.mark.parametrize(
    "text",
    [
        f"{HEAD}mesage:\n  templateKey: shipment_completed_ja\n  body: {{zzzz: 1}}\n",
        f"{HEAD}message:\n  templateKey: shipment_completed_ja\n  boddy: {{zzzz: 1}}\n",
        f"{HEAD}message:\n  templateKey: shipment_completed_ja\n  body:\n    itms:\n      - {{itemKey: name_010_ja, content: x, qqq: 1}}\n",
    ],
)
def test_a_fix_is_safe_though_it_uncovers_mistakes_below(text: str) -> None:
    (one,) = [one for one in diagnostics(text) if one.fix is not None]
    assert one.fix is not None
    assert one.fix.safe
    assert "PNP101" in [left.code for left in diagnostics(fixed(text))]
