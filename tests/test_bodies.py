"""What is a request body of ours, what is another's; and that a quick look at bytes and at broken texts agrees."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import SPEC, Here
from hypothesis import given
from hypothesis import strategies as st
from specs import diagnostics

from pnpc.check.engine import check
from pnpc.language.message.context import Context
from pnpc.language.message.notice import form_of
from pnpc.line.catalog import Catalog
from pnpc.line.looks import looks_ours, may_be_ours, undecodable_looks_ours
from pnpc.line.other_bodies import other_body
from pnpc.text.document import Unreadable
from pnpc.text.nodes import compose
from pnpc.text.source import Source

TO = "0f" * 32
USER = "U" + "0f" * 16
TEXT = {"type": "text", "text": "ご注文の品を発送しました。"}
IMAGE = {"type": "image", "originalContentUrl": "https://e.example/a.jpg", "previewImageUrl": "https://e.example/b.jpg"}
TEMPLATE = {"templateKey": "shipment_completed_ja"}

OURS: list[dict[str, Any]] = [
    {"pnpc": 1},
    {"to": TO, "messages": "x"},
    {"to": TO, "messages": {"a": "b"}},
    {"to": TO, "messages": [1]},
    {"to": TO, "template_key": "x"},
    {"to": TO, "body": None},
    {"to": TO, "body": "<p>x</p>"},
    {"to": "z" * 64, "body": {}},
    {"to": TO, "messages": [TEXT], "replyToken": "x"},
    TEMPLATE,
    {**TEMPLATE, "boddy": {}},
    {**TEMPLATE, "body": None},
    {**TEMPLATE, "body": []},
    {"templateKey": {}, "body": {"items": []}},
    {"to": USER, **TEMPLATE, "messages": [TEXT]},
    {"messages": [TEXT]},
    {"messages": [1, {"text": "x"}, TEXT]},
    {"messages": [TEXT, IMAGE]},
    {"to": "+818000001234", "messages": [TEXT]},
    {"to": [TO], "messages": [TEXT]},
]
OTHERS: list[tuple[dict[str, Any], str]] = [
    ({"to": USER, "messages": [TEXT]}, "a push message"),
    ({"to": "C" + "AB" * 16, "messages": [IMAGE]}, "a push message"),
    ({"to": [USER, USER], "messages": [TEXT]}, "a multicast message"),
    ({"to": [], "messages": [TEXT]}, "a multicast message"),
    ({"replyToken": "x", "messages": [TEXT]}, "a reply"),
    ({"messages": [TEXT], "recipient": {"type": "audience", "audienceGroupId": 1}}, "a narrowcast message"),
    ({"messages": [TEXT], "filter": {"demographic": {}}}, "a narrowcast message"),
    ({"messages": [IMAGE, {"type": "sticker"}]}, "a broadcast message"),
]
FOREIGN: list[Any] = [
    {**TEMPLATE, "subject": "x", "body": "<p>x</p>"},
    {"messages": {"greeting": "こんにちは"}},
    {"messages": [{"role": "user", "content": "x"}]},
    {"messages": [{"role": "user", "type": "text", "text": "x"}]},
    {"messages": [{"type": "human"}]},
    {"messages": []},
    {"messages": "x"},
    {"template_key": "x", "body": {}},
    {"to": "someone@e.example", "body": "x"},
    {"body": {"type": "box"}},
    {"to": TO},
    {"type": "text", "text": "x"},
    [TEMPLATE],
    "pnpc",
    None,
]


def node(value: Any) -> Any:
    (document,) = compose(Source("x.json", json.dumps(value)))
    return document.root


@pytest.mark.parametrize("value", OURS, ids=json.dumps)
def test_a_body_in_a_folder_is_known_by_what_it_has(value: dict[str, Any]) -> None:
    assert form_of(node(value)) == ("spec" if "pnpc" in value else "request")
    assert form_of(node(value), named=True) == form_of(node(value))


@pytest.mark.parametrize("value", [*FOREIGN, *(value for value, _ in OTHERS)], ids=json.dumps)
def test_what_is_foreign_in_a_folder(value: Any) -> None:
    assert form_of(node(value)) is None


@pytest.mark.parametrize(("value", "sends"), OTHERS, ids=[sends for _, sends in OTHERS])
def test_a_body_for_another_endpoint_is_told_in_one_line_when_named(value: dict[str, Any], sends: str) -> None:
    other = other_body(node(value))
    assert other is not None
    assert str(other.sends) == sends
    (told,) = diagnostics(json.dumps(value), "x.json")
    assert (told.code, told.path) == ("PNP100", other.key)
    assert told.message.startswith(f"not checked: this is the body of {sends} (")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"messages": {"text": "x"}}, "request"),
        ({"messages": []}, "request"),
        ({"messages": [{"role": "user"}]}, "request"),
        ({"template_key": "x"}, "request"),
        ({"body": {}}, "request"),
        ({"to": TO}, "request"),
        ({**TEMPLATE, "subject": "x", "body": "x"}, "request"),
        ({"type": "text", "body": {}}, "message"),
        ({"type": "bubble", "body": {}}, "container"),
        ({"type": "buble", "body": {}}, None),
        ({"name": "x", "message": "hello"}, None),
        ({"to": "someone"}, None),
    ],
    ids=json.dumps,
)
def test_a_named_file_is_a_body_as_soon_as_it_has_a_key_of_one(value: dict[str, Any], expected: str | None) -> None:
    assert form_of(node(value), named=True) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"to": TO, "template_key": "shipment_completed_ja", "body": {"title": "x"}}, ["template_key", "body.title"]),
        ({"to": TO, "messages": [{"text": "x"}]}, ["messages[0]"]),
        ({"to": TO, "messages": [TEXT, 5, None]}, ["messages[1]", "messages[2]"]),
        ({"to": TO, "messages": TEXT}, ["messages"]),
        ({"to": TO, "messages": "x"}, ["messages"]),
        ({"to": TO, "body": {}}, [""]),
        ({"to": TO, **TEMPLATE, "notification_disabled": True}, ["notification_disabled"]),
        ({"messages": [TEXT], "notification_disabled": True}, ["notification_disabled"]),
        ({"to": [TO], "messages": [TEXT]}, ["to"]),
    ],
    ids=json.dumps,
)
def test_a_faulty_body_is_a_body_with_mistakes_at_their_places(value: dict[str, Any], expected: list[str]) -> None:
    for named in (True, False):
        checked = check(Source("x.json", json.dumps(value)), Context(Catalog()), {}, named=named)
        assert [told.path for told in checked.diagnostics if told.severity == "error"] == expected
        assert not any(told.code == "PNP100" for told in checked.diagnostics)


def test_a_nearly_right_key_is_told_with_the_right_one() -> None:
    value = {"to": TO, "template_key": "shipment_completed_ja", "body": {}}
    (told,) = check(Source("x.json", json.dumps(value)), Context(Catalog()), {}, named=False).diagnostics
    assert told.message == "unknown key `template_key`; did you mean `templateKey`?"


KEYS = st.sampled_from(
    ["pnpc", "to", "messages", "templateKey", "template_key", "body", "type", "role", "replyToken", "x", "name"]
    + ["message", "channel_specific_message", "LINE", "Channel_Specific_Message"]
)
LEAVES = st.sampled_from(
    [None, 1, "x", TO, USER, "text", "image", "<p>", [TO], [USER], [], {}, [TEXT], [IMAGE], [{"role": "a"}]]
)
MAPPINGS = st.dictionaries(
    KEYS, LEAVES | st.dictionaries(KEYS, LEAVES | st.dictionaries(KEYS, LEAVES, max_size=2), max_size=3), max_size=4
)


@st.composite
def files(draw: st.DrawFn) -> tuple[str, bytes]:
    """A mapping as the bytes of a file: JSON or YAML, letters of keys as escapes, in several encodings."""
    value = draw(MAPPINGS)
    name = draw(st.sampled_from(["x.json", "x.yaml"]))
    style = draw(st.sampled_from(["json", "block", "quoted"])) if name == "x.yaml" else "json"
    if style == "json":
        text = json.dumps(
            value,
            indent=draw(st.sampled_from([None, 2])),
            separators=draw(st.sampled_from([None, (",", ":"), (", ", "\n:")])),
        )
        if name == "x.yaml":
            text = text.replace("\n:", " :")
    else:
        text = yaml.safe_dump(value, default_style='"' if style == "quoted" else None, width=1000)
    letter = draw(st.sampled_from(["", "p", "o", "t", "m", "b", "h"]))
    if letter and (style in ("json", "quoted")):
        forms = ["\\u{:04x}"] if style == "json" else ["\\u{:04x}", "\\x{:02x}", "\\U{:08x}"]
        text = text.replace(letter, draw(st.sampled_from(forms)).format(ord(letter)))
    encoding = draw(st.sampled_from(["utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "shift_jis"]))
    return name, text.encode(encoding)


@given(files())
def test_the_quick_look_at_bytes_passes_over_nothing_that_is_ours(file: tuple[str, bytes]) -> None:
    name, data = file
    try:
        source = Source(name, data.decode())
        checked = check(source, Context(Catalog()), {}, named=False)
    except UnicodeDecodeError:
        assert may_be_ours(data) or not undecodable_looks_ours(name, data)
        return
    assert may_be_ours(data) or not checked.is_ours


@given(MAPPINGS, st.sampled_from(["json", "block"]), st.data())
def test_a_broken_text_is_judged_as_the_whole_one(value: dict[str, Any], style: str, data: st.DataObject) -> None:
    """Never told of a foreign file; and where a spec or a body is known by its keys, never passed over."""
    if style == "json":
        name, text = "x.json", json.dumps(value, indent=1)[:-1] + ",}"
        sound = json.dumps(value)
    else:
        name, text = "x.yaml", yaml.safe_dump(value) + "x: [\n"
        sound = text.removesuffix("x: [\n")
    (document,) = compose(Source(name, sound))
    with pytest.raises(Unreadable):
        list(compose(Source(name, text)))
    form = form_of(document.root)
    if form in ("spec", "request") and set(value) & {"pnpc"} | ({"to"} if value.get("to") == TO else set()):
        assert looks_ours(name, text)


@pytest.mark.parametrize(
    "value",
    [value for value in OURS if value.get("to") != [TO] and value != {"messages": [1, {"text": "x"}, TEXT]}],
    ids=json.dumps,
)
def test_a_broken_body_is_told_in_a_folder(value: dict[str, Any]) -> None:
    for text in (json.dumps(value)[:-1] + ",}", json.dumps(value, indent=1)[:-1] + ",}", str(value)):
        checked = check(Source("x.json", text), Context(Catalog()), {}, named=False)
        assert [told.code for told in checked.diagnostics] == ["PNP112"], text
    text = yaml.safe_dump(value, allow_unicode=True) + "x: [\n"
    checked = check(Source("x.yaml", text), Context(Catalog()), {}, named=False)
    assert [told.code for told in checked.diagnostics] == ["PNP002"], text


LISTS = [
    json.dumps([{"to": TO, "templateKey": "x", "body": {}}])[:-1],
    "# two\n\n[{pnpc: 1, name: a}",
    "\n " + json.dumps([{"messages": [TEXT]}])[:-1],
]


@pytest.mark.parametrize("text", LISTS)
@pytest.mark.parametrize("name", ["x.yaml", "x.json"])
def test_a_list_is_passed_over_in_a_folder_whether_it_can_be_read_or_not(text: str, name: str) -> None:
    """LINE takes no list of bodies, and a sound one in a folder is somebody else's file; so is a broken one."""
    if not name.endswith(".json") or "#" not in text:
        assert not check(Source(name, text + "]"), Context(Catalog()), {}, named=False).is_ours
    assert not check(Source(name, text + ", "), Context(Catalog()), {}, named=False).is_ours
    assert check(Source(name, text + ", "), Context(Catalog()), {}, named=True).diagnostics


def test_what_stands_beside_a_spec_is_told_once_and_the_spec_is_not() -> None:
    empty, foreign = "---\n", "---\n{name: values, size: 3}\n"
    assert diagnostics(SPEC + empty) == ()
    (found,) = diagnostics(empty + SPEC + foreign)
    assert (found.code, found.range.start.line) == ("PNP100", SPEC.count("\n") + 3)


def test_a_document_after_a_list_is_not_part_of_it() -> None:
    checked = check(Source("x.yaml", "[1]\n---\npnpc: 1\nname: [\n"), Context(Catalog()), {}, named=False)
    assert [told.code for told in checked.diagnostics] == ["PNP002"]


@pytest.mark.parametrize(
    "value", [*(value for value in FOREIGN if isinstance(value, dict)), *(value for value, _ in OTHERS)], ids=json.dumps
)
def test_a_broken_foreign_file_is_passed_over(value: dict[str, Any]) -> None:
    texts = [("x.json", json.dumps(value)[:-1] + ",}"), ("x.json", json.dumps(value, indent=1)[:-1] + ",}")]
    texts += [("x.yaml", yaml.safe_dump(value, allow_unicode=True) + "x: [\n")]
    for name, text in texts:
        assert not check(Source(name, text), Context(Catalog()), {}, named=False).is_ours, text


def test_a_folder_of_them_and_the_same_by_name(tmp_path: Path, here: Here) -> None:
    for number, value in enumerate([*FOREIGN, *(value for value, _ in OTHERS)]):
        (tmp_path / f"{number:02}.json").write_text(json.dumps(value))
    (tmp_path / "a.json").write_text(json.dumps({"to": TO, **TEMPLATE}))
    done = here("check", "--format", "json")
    assert (done.returncode, json.loads(done.stdout)["diagnostics"]) == (0, [])
    assert json.loads(done.stdout)["summary"]["passed_over"] == len(FOREIGN) + len(OTHERS)
    names = [f"{number:02}.json" for number in range(len(FOREIGN), len(FOREIGN) + len(OTHERS))]
    done = here("check", *names, "--format", "concise")
    assert done.stdout.count("PNP100") == done.stdout.count("\n") == len(names)
    done = here("check", *names, "a.json", "--skip-foreign")
    assert done.returncode == 0


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "shift_jis"])
def test_ours_in_another_encoding_is_told(tmp_path: Path, here: Here, encoding: str) -> None:
    (tmp_path / "a.json").write_bytes(json.dumps({"to": TO, "messages": [TEXT]}, ensure_ascii=False).encode(encoding))
    (tmp_path / "b.yaml").write_bytes("pnpc: 1\nname: あ\n".encode(encoding))
    (tmp_path / "c.json").write_bytes('{"name": "あ", "version": 1}'.encode(encoding))
    done = here("check", "--format", "json")
    assert [told["file"] for told in json.loads(done.stdout)["diagnostics"]] == ["a.json", "b.yaml"]


def test_bodies_are_imported_with_their_mistakes_and_others_are_named(tmp_path: Path, here: Here) -> None:
    (tmp_path / "a.json").write_text(json.dumps({"to": TO, "template_key": "x", "body": {}}))
    assert "template_key: x" in here("import", "a.json").stdout
    (tmp_path / "b.json").write_text(json.dumps({"to": USER, "messages": [TEXT]}))
    done = here("import", "b.json")
    assert (done.returncode, "b.json: this is the body of a push message (" in done.stderr) == (2, True)


def test_json_lines_are_read_as_bodies_one_a_line(tmp_path: Path, here: Here) -> None:
    lines = [
        {"to": TO, "messages": [TEXT]},
        {"to": TO, "messages": [{"type": "txt", "text": "a"}]},
        {"to": TO, "template_key": "shipment_completed_ja"},
    ]
    text = "\r\n\n".join(json.dumps(line, ensure_ascii=False) for line in lines) + "\n"
    for name in ("bodies.jsonl", "bodies.NDJSON"):
        (tmp_path / name).write_text(text, newline="")
        run = here("check", "--format", "concise", name)
        assert [line.split(" ")[0] for line in run.stdout.splitlines()] == [
            f"{name}:3:{lines_column(lines[1], 'txt')}:", f"{name}:5:{lines_column(lines[2], 'template_key')}:"
        ]  # fmt: skip
    (tmp_path / "bodies.jsonl").write_text(text.replace('"txt"', "txt"), newline="")
    run = here("check", "--format", "concise", "bodies.jsonl")
    assert run.stdout.startswith("bodies.jsonl:3:")
    assert "PNP112" in run.stdout
    (tmp_path / "bodies.jsonl").write_text("\n \n")
    assert "an empty file" in here("check", "bodies.jsonl").stdout


def lines_column(line: dict[str, Any], word: str) -> int:
    """The column of a quoted word in a line."""
    return json.dumps(line, ensure_ascii=False).index(f'"{word}"') + 1


def test_what_compile_wrote_is_told_in_one_line_when_named(tmp_path: Path, here: Here) -> None:
    (tmp_path / "a.yaml").write_text("pnpc: 1\nname: a\ncountry: JP\nmessage: {templateKey: shipment_completed_ja}\n")
    (tmp_path / "people.csv").write_text(f"to\n{TO}\n{TO[::-1]}\n")
    for name, style in (("out.jsonl", "jsonl"), ("out.json", "json")):
        here("compile", "a.yaml", "--recipients", "people.csv", "--format", style, "-o", name)
        run = here("check", "--format", "concise", name)
        assert run.returncode == 1
        (line,) = run.stdout.splitlines()
        assert "PNP100 error not checked: this is a payload of `pnpc compile`" in line
    assert here("check", "--exit-zero", ".").returncode == 0


@pytest.mark.parametrize("key", ["mesages", "Messages", "message", "messagess"])
def test_a_misspelt_key_of_the_flexible_kind_is_one_mistake(key: str) -> None:
    body = json.dumps({"to": "a" * 64, key: [{"type": "text", "text": "hi"}]})
    spec = f"pnpc: 1\nname: x\ncountry: JP\nmessage:\n  {key}:\n    - {{type: text, text: hi}}\n"
    for text in (body, spec):
        (diagnostic,) = check(Source("a.yaml", text), Context(Catalog(), "JP"), {}).diagnostics
        assert (diagnostic.code, "did you mean `messages`?" in diagnostic.message) == ("PNP101", True)


def test_a_message_without_either_key_is_told_so() -> None:
    diagnostics = check(
        Source("a.yaml", "pnpc: 1\nname: x\ncountry: JP\nmessage: {to: a}\n"), Context(Catalog()), {}
    ).diagnostics
    assert "PNP108" in [diagnostic.code for diagnostic in diagnostics]
