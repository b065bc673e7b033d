"""YAML's merge key `<<`: every reader of a file sees the same members, wherever they are written."""

import pytest
from specs import marked

from pnpc.cli.main import main
from pnpc.text.members import entries, members
from pnpc.text.nodes import compose
from pnpc.text.source import Source
from pnpc.text.values import construct

HEAD = "pnpc: 1\nname: example\ncountry: JP\n"
BUBBLE = "{type: bubble, body: {type: box, layout: vertical, contents: [{type: text, text: 発送しました}]}}"


def root(text: str):
    return next(iter(compose(Source("x.yaml", text)))).root


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{<<: {a: 1, b: 2}, a: 3}", {"a": 3, "b": 2}),
        ("{<<: {<<: {<<: {a: 1}, b: 2}, c: 3}}", {"a": 1, "b": 2, "c": 3}),
        ("{<<: [{a: 1}, {a: 2, b: 2}]}", {"a": 1, "b": 2}),
        ("{<<: [{<<: {a: 1}}, {a: 2}]}", {"a": 1}),  # what the first merges belongs to the first
        ("{a: 3, <<: [{<<: [{b: 1}, {a: 1}]}]}", {"a": 3, "b": 1}),
        ("{<<: text, a: 1}", {"a": 1}),
        ("{'<<': {a: 1}}", {"<<": {"a": 1}}),
        ('{"<<": {"a": 1}}', {"<<": {"a": 1}}),
        ("{[a]: 1, b: 2}", {"b": 2}),
        ("[a]", {}),
    ],
)
def test_members_of_merges(text, expected):
    node = root(text)
    assert {name: construct(value) for name, value in members(node).items()} == expected
    assert list(entries(node)) == list(members(node))
    assert all(key.value == name for name, (key, _) in entries(node).items())
    if expected:
        assert construct(node) == expected


MERGED = {
    "the message": "message: {<<: {messages: [{type: text, text: 発送しました}]}}\n",
    "the message, twice": "message: {<<: {<<: {messages: [{type: text, text: 発送しました}]}}}\n",
    "the template kind": "message: {<<: [{templateKey: shipment_completed_ja}, {body: {items: []}}]}\n",
    "a type": "message: {messages: [{<<: {<<: {type: text}}, text: 発送しました}]}\n",
    "a Flex bubble": f"message: {{messages: [{{type: flex, altText: 発送しました, contents: {{<<: [{{}}, {{<<: {BUBBLE}}}]}}}}]}}\n",
    "an item": (
        "message:\n  templateKey: shipment_completed_ja\n  body:\n    items:\n"
        "      - &a {itemKey: number_001_ja, content: A1}\n"
        "      - &b {<<: *a, itemKey: name_010_ja}\n"
        "      - {<<: [*b, *a], itemKey: price_001_ja, content: 500円}\n"
    ),
    "a variable": (
        'message: {messages: [{type: text, text: "{{ a }} {{ b }}"}]}\n'
        "variables:\n  a: &a {<<: {type: string, maxLength: 5}, example: ab}\n  b: {<<: *a, example: cd}\n"
    ),
}


@pytest.mark.parametrize("name", MERGED)
def test_merged_members_count_as_written_ones(name):
    assert marked(HEAD + MERGED[name]) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # No text at all: where the merge is written its own mapping lacks it.
        ("message: {messages: [{<<: {type: text}}]}\n", [("PNP102", "{<<: {type: text}}")]),
        ("message: {messages: [{<<: {<<: {type: text, txt: a}}}]}\n", [("PNP101", "txt")]),
        ("message: {messages: [{type: text, text: a, '<<': {b: 1}}]}\n", [("PNP101", "'<<'")]),
        ("message: {messages: [{<<: [a, {type: text}], text: b}]}\n", [("PNP103", "<<")]),
        (
            "message: {<<: {messages: [{type: text, text: a}], templateKey: shipment_completed_ja}}\n",
            [("PNP108", None)],
        ),
        ('message: {messages: [{<<: {type: text, text: "{{ who }}"}}]}\n', [("PNP502", "who")]),
        ('message: {messages: [{<<: {type: text, text: "{{ who }}"}, text: a}]}\n', []),
        (
            "message: {messages: [{type: text, text: 発送しました}]}\n"
            "variables:\n  a: {<<: {<<: {type: integer}}, example: x}\n",
            [("PNP503", "a"), ("PNP505", "x")],
        ),
    ],
)
def test_mistakes_in_merged_members_are_told_where_they_are_written(text, expected):
    found = marked(HEAD + text)
    assert [code for code, _ in found] == [code for code, _ in expected]
    for (_, shown), (_, wanted) in zip(found, expected, strict=True):
        assert wanted is None or shown == wanted


@pytest.mark.parametrize(
    "contents",
    [
        "{<<: {type: image}, url: 'https://a.example/x.png'}",
        "{<<: {<<: {type: image, url: 'https://a.example/x.png'}}}",
        "{<<: [{size: full}, {<<: [{}, {type: image, url: 'https://a.example/x.png'}]}]}",
        "{type: box, layout: vertical, contents: [{<<: {type: image, url: 'https://a.example/x.png'}}]}",
    ],
)
def test_pictures_come_in_by_no_merge(contents):
    bubble = f"{{type: bubble, body: {{type: box, layout: vertical, contents: [{contents}]}}}}"
    text = f"{HEAD}message: {{messages: [{{type: flex, altText: 発送しました, contents: {bubble}}}]}}\n"
    assert marked(text) == [("PNP401", "image")]


def test_pictures_come_in_by_no_alias():
    text = (
        f"{HEAD}message:\n  messages:\n    - type: flex\n      altText: 発送しました\n      contents:\n"
        "        type: bubble\n        header: &all\n          type: box\n          layout: vertical\n"
        "          contents: [{type: image, url: 'https://a.example/x.png'}]\n"
        "        body: *all\n        footer: {<<: *all}\n"
    )
    assert {code for code, _ in marked(text)} == {"PNP401"}


def test_what_the_own_mapping_sets_is_no_picture():
    text = f"{HEAD}message: {{messages: [{{<<: {{type: image}}, type: text, text: 発送しました}}]}}\n"
    assert marked(text) == []


def test_a_quoted_merge_key_is_no_way_round(tmp_path):
    """`'<<'` is a key that LINE does not know; what it holds is looked at like any other unknown object."""
    text = (
        f"{HEAD}message: {{messages: [{{type: text, text: a, '<<': {{type: image, url: 'https://a.example/x'}}}}]}}\n"
    )
    assert [code for code, _ in marked(text)] == ["PNP101", "PNP401"]


def test_merges_are_written_out_where_a_message_is_sent(tmp_path, capsys):
    file = tmp_path / "a.yaml"
    file.write_text(HEAD + MERGED["a Flex bubble"], encoding="utf-8")
    assert main(["compile", str(file), "--format", "json"]) == 0
    told = capsys.readouterr()
    assert '"type": "bubble"' in told.out
    assert "<<" not in told.out


def test_import_writes_merges_out(tmp_path, capsys):
    file = tmp_path / "a.yaml"
    file.write_text("{<<: {to: 0, <<: {messages: [{<<: {type: text}, text: 発送しました}]}}}\n", encoding="utf-8")
    assert main(["import", str(file)]) == 0
    written = capsys.readouterr().out
    assert "<<" not in written
    assert "to:" not in written
    assert marked(written.replace("name: a", "name: example")) == []
