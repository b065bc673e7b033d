"""Approved layouts: kept by `pnpc approve`, and every change since told by `pnpc check` at its place."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import SPEC, Here, Run
from hypothesis import given
from hypothesis import strategies as st

from pnpc.check.engine import check
from pnpc.language.message import notice
from pnpc.language.message.context import Context
from pnpc.language.review.alignment import align
from pnpc.language.review.approval import Approval, BadApproval, dump, file_name, layout, load
from pnpc.line.catalog import Catalog
from pnpc.text.nodes import compose
from pnpc.text.source import Source

RECEIPT = """\
pnpc: 1
name: receipt
country: JP
variables:
  order: {type: string, maxLength: 20, example: A1}
  other: {type: string, maxLength: 20, example: B1}
message:
  messages:
    - type: flex
      altText: "ご注文 {{ order }} の品を発送しました {{ other }}"
      contents:
        type: bubble
        body:
          type: box
          layout: vertical
          contents:
            - {type: text, text: 発送しました, weight: bold}
            - {type: separator}
            - {type: text, text: "注文番号 {{ order }}", wrap: true, maxLines: 2}
"""
ARGUMENTS = ("--review-id", "UX-1", "--date", "2026-11-21")
REVIEW = ("PNP335", "PNP336", "PNP337", "PNP338")
BODY = "message.messages[0].contents.body.contents"


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    file = tmp_path / "a.yaml"
    file.write_text(RECEIPT, encoding="utf-8")
    return file


def codes(here: Here, *args: str) -> list[tuple[str, str]]:
    done = here("check", "--format", "json", "--select", "PNP33", *args)
    return [(one["code"], one["path"]) for one in json.loads(done.stdout)["diagnostics"] if one["code"] in REVIEW]


# --- the command ---


def test_approve_then_check_is_clean(here: Here, spec: Path) -> None:
    assert codes(here) == [("PNP336", "message.messages")]
    done = here("approve", "a.yaml", *ARGUMENTS)
    assert (done.returncode, done.stdout) == (0, "receipt.approved.json\n")
    assert here("check").returncode == 0
    assert codes(here) == []


def test_the_file_is_read_well_in_a_diff(here: Here, spec: Path, tmp_path: Path) -> None:
    here("approve", "a.yaml", *ARGUMENTS)
    text = (tmp_path / "receipt.approved.json").read_text(encoding="utf-8")
    assert text.splitlines()[:9] == [
        "{",
        ' "version": 1,',
        ' "name": "receipt",',
        ' "reviewer": "LINE",',
        ' "reviewId": "UX-1",',
        ' "date": "2026-11-21",',
        ' "layout": [',
        "  {",
        '   "altText": "ご注文 {{ order }} の品を発送しました {{ other }}",',
    ]
    assert json.loads(text)["layout"][0]["contents"]["body"]["contents"][1] == {"type": "separator"}
    # The same layout, written in another order and style, gives the same file.
    other = RECEIPT.replace(
        "{type: text, text: 発送しました, weight: bold}", '{weight: bold, text: "発送しました", type: text}'
    )
    spec.write_text(other.replace("{{ order }}", "{{order}}"), encoding="utf-8")
    assert here("approve", "a.yaml", *ARGUMENTS).returncode == 0
    assert (tmp_path / "receipt.approved.json").read_text(encoding="utf-8") == text


def test_sinch_is_noted_and_a_new_review_takes_the_place(here: Here, spec: Path, tmp_path: Path) -> None:
    here("approve", "a.yaml", *ARGUMENTS)
    spec.write_text(RECEIPT.replace("発送しました, w", "出荷しました, w"), encoding="utf-8")
    assert codes(here) == [("PNP337", f"{BODY}[0].text")]
    assert here("approve", "a.yaml", "--review-id", "T-2", "--date", "2026-12-01", "--sinch").returncode == 0
    assert codes(here) == []
    approval = load((tmp_path / "receipt.approved.json").read_bytes())
    assert approval[:3] == ("Sinch", "T-2", "2026-12-01")


def test_it_lies_beside_the_spec_wherever_one_stands(pnpc: Run, tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "a.yaml").write_text(RECEIPT, encoding="utf-8")
    assert pnpc("approve", "notes/a.yaml", *ARGUMENTS).stdout == "notes/receipt.approved.json\n"
    assert codes(pnpc) == []
    assert codes(pnpc, "notes/a.yaml") == []
    assert pnpc("check", cwd=tmp_path / "notes").returncode == 0
    (tmp_path / "b.yaml").write_text(RECEIPT.replace("receipt", "other"), encoding="utf-8")
    assert codes(pnpc) == [("PNP336", "message.messages")]


def test_standard_input_lies_where_its_name_says(here: Here, spec: Path) -> None:
    here("approve", "a.yaml", *ARGUMENTS)
    changed = RECEIPT.replace("separator", "filler")
    done = here("check", "-", "--stdin-filename", "a.yaml", "--format", "concise", input=changed)
    assert "PNP337" in done.stdout


@pytest.mark.parametrize(
    ("text", "args", "said"),
    [
        (SPEC, ARGUMENTS, "a.yaml is a template message: it needs no review, and no approval"),
        (RECEIPT.replace("separator", "seperator"), ARGUMENTS, "a.yaml has 1 error; `pnpc check` shows it"),
        ("a: [", ARGUMENTS, "a.yaml has 1 error; `pnpc check` shows it"),
        (RECEIPT, ("--review-id", " ", "--date", "2026-11-21"), "--review-id must be one line of 1 to 200 characters"),
        (
            RECEIPT,
            ("--review-id", "a\nb", "--date", "2026-11-21"),
            "--review-id must be one line of 1 to 200 characters",
        ),
        (
            RECEIPT,
            ("--review-id", "1", "--date", "2026-02-30"),
            "--date `2026-02-30` is not a date of the form YYYY-MM-DD",
        ),
        (RECEIPT, ("--review-id", "1", "--date", "20261121"), "--date `20261121` is not a date of the form YYYY-MM-DD"),
        (
            '{"to": "' + "0" * 64 + '", "messages": [{"type": "text", "text": "a"}]}',
            ARGUMENTS,
            "a.yaml is a request body, not a spec; `pnpc import` makes a spec of it",
        ),
    ],
)
def test_what_can_not_be_approved(here: Here, tmp_path: Path, text: str, args: tuple[str, ...], said: str) -> None:
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    done = here("approve", "a.yaml", *args)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"pnpc: {said}\n")
    assert [file.name for file in tmp_path.iterdir()] == ["a.yaml"]


def test_what_is_not_there(here: Here, tmp_path: Path) -> None:
    assert here("approve", "a.yaml", *ARGUMENTS).stderr == "pnpc: can't read a.yaml: no such file or directory\n"
    assert "name a file" in here("approve", "-", *ARGUMENTS).stderr
    done = here("approve", "a.yaml", "--review-id", "1")
    assert (done.returncode, "--date" in done.stderr) == (2, True)


def test_the_config_can_require_it(here: Here, spec: Path, tmp_path: Path) -> None:
    assert here("check").returncode == 0  # a warning
    (tmp_path / "pnpc.toml").write_text("require-approval = true\n")
    assert here("check").returncode == 1
    (tmp_path / "pnpc.toml").write_text('require-approval = true\n[severity]\nunapproved-layout = "warning"\n')
    assert here("check").returncode == 0
    (tmp_path / "pnpc.toml").write_text('require-approval = "yes"\n')
    assert here("check").returncode == 2
    (tmp_path / "pnpc.toml").write_text("require-approval = true\n")
    here("approve", "a.yaml", *ARGUMENTS)
    assert here("check").returncode == 0


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"\xff", b"{}", b'{"version": 2}', b'{"version": 1, "layout": []}', b"[" * 100_000]
    + [b'{"version": 1, "reviewer": 1, "reviewId": "a", "date": "b", "layout": []}'],
)
def test_an_approval_that_is_none(here: Here, spec: Path, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "receipt.approved.json").write_bytes(content)
    assert codes(here) == [("PNP335", "message.messages")]
    with pytest.raises(BadApproval):
        load(content)


def test_an_approval_that_can_not_be_opened(here: Here, spec: Path, tmp_path: Path) -> None:
    (tmp_path / "receipt.approved.json").mkdir()
    done = here("check")
    assert (done.returncode, done.stderr) == (2, "pnpc: can't read receipt.approved.json: it is a folder\n")


def test_template_specs_and_request_bodies_have_none(here: Here, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(SPEC, encoding="utf-8")
    body = '{"to": "' + "0" * 64 + '", "messages": [{"type": "text", "text": "発送しました"}]}'
    (tmp_path / "b.json").write_text(body, encoding="utf-8")
    assert codes(here) == []


def test_a_name_that_is_none_reaches_no_other_folder() -> None:
    assert file_name("receipt") == "receipt.approved.json"
    for name in ("../receipt", "a/b", "", "A", "a.b", "a" * 101, "領収書", "a\n"):
        assert file_name(name) is None
    asked: list[str] = []

    def approvals(_file: str, name: str) -> bytes | None:
        asked.append(name)
        return None

    text = RECEIPT.replace("name: receipt", "name: ../receipt")
    check(Source("a.yaml", text), Context(Catalog(), approvals=approvals), {})
    assert asked == []


# --- drift ---


def drifts(text: str, before: str = RECEIPT) -> list[tuple[str, str, str]]:
    """Code, path and message of what has changed between two texts of a spec."""
    (document,) = compose(Source("a.yaml", before))
    data = dump("receipt", Approval("LINE", "UX-1", "2026-11-21", layout(notice.read(document)))).encode()
    context = Context(Catalog(), approvals=lambda _file, _name: data)
    found = check(Source("a.yaml", text), context, {}).diagnostics
    return [(one.code, one.path, one.message.partition(": ")[2]) for one in found if one.code in REVIEW]


CHANGES = {
    "a text": (
        "発送しました, w", "出荷しました, w",
        "PNP337", f"{BODY}[0].text", "`出荷しました`, approved was `発送しました`",
    ),
    "a number": ("maxLines: 2", "maxLines: 3", "PNP337", f"{BODY}[2].maxLines", "`3`, approved was `2`"),
    "a boolean": ("wrap: true", "wrap: false", "PNP337", f"{BODY}[2].wrap", "`false`, approved was `true`"),
    "gone": (", wrap: true", "", "PNP337", f"{BODY}[2]", "`wrap` is missing, approved was `true`"),
    "new": ("weight: bold", "weight: bold, size: xl", "PNP337", f"{BODY}[0].size", "`size` is new since the review"),
    "an item gone": (
        "            - {type: separator}\n", "",
        "PNP337", BODY, "`separator` is missing (it was item 2)",
    ),
    "an item new": (
        "- {type: separator}", "- {type: separator}\n            - {type: filler}",
        "PNP337", f"{BODY}[2]", "`filler` is new since the review",
    ),
    "no longer filled": (
        'altText: "ご注文 {{ order }}', 'altText: "ご注文 A1',
        "PNP337", "message.messages[0].altText",
        "`ご注文 A1 の品を発送しました {{ other }}`, approved was `ご注文 {{ order }} の品を発送しました {{ other }}`",
    ),
    "filled": (
        "発送しました, w", '"{{ order }}", w',
        "PNP337", f"{BODY}[0].text", "`{{ order }}`, approved was `発送しました`",
    ),
    "filled by another": (
        "注文番号 {{ order }}", "注文番号 {{ other }}",
        "PNP338", f"{BODY}[2].text", "filled by `{{ other }}`, approved was `{{ order }}`",
    ),
    "filled through a filter": (
        "注文番号 {{ order }}", "注文番号 {{ order | truncate(5) }}",
        "PNP338", f"{BODY}[2].text", "filled by `{{ order | truncate(5) }}`, approved was `{{ order }}`",
    ),
    "another kind of value": (
        "{type: separator}", "[]",
        "PNP337", f"{BODY}[1]", "a list here, approved was `separator`",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_what_changed_and_where(name: str) -> None:
    old, new, *expected = CHANGES[name]
    assert old in RECEIPT
    assert drifts(RECEIPT.replace(old, new, 1)) == [tuple(expected)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("{{ order }}", "{{order}}"),
        ("name: receipt", "name: receipt\ndescription: 発送のお知らせ"),
        ("  messages:", "  notificationDisabled: false\n  messages:"),
        ("wrap: true, maxLines: 2", "maxLines: 2, wrap: true"),
        ("text: 発送しました", 'text: "発送しました"'),
        ("example: A1", "example: A2"),
    ],
)
def test_what_is_no_change_of_the_layout(old: str, new: str) -> None:
    assert old in RECEIPT
    assert drifts(RECEIPT.replace(old, new)) == []


# --- any layout ---

WORDS = st.sampled_from(
    ["発送しました", "{{ order }}", "注文 {{ order }} 番", "vertical", "1", "", "a\nb", "{{", "<<x"]
)
VALUES = st.recursive(
    WORDS | st.booleans() | st.integers(0, 9) | st.none(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["type", "text", "contents", "body", "wrap"]), inner, max_size=4)
    ),
    max_leaves=15,
)
LAYOUTS = st.lists(st.fixed_dictionaries({"type": st.just("flex"), "contents": VALUES}), min_size=1, max_size=3)


def spec_of(messages: Any) -> str:
    return json.dumps(
        {"pnpc": 1, "name": "receipt", "country": "JP", "message": {"messages": messages}}, ensure_ascii=False
    )


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict | list):
        for step in value if isinstance(value, dict) else range(len(value)):
            yield from leaves(value[step], (*path, step))
    else:
        yield path


@given(messages=LAYOUTS)
def test_an_approved_layout_has_not_drifted(messages: Any) -> None:
    assert drifts(spec_of(messages), spec_of(messages)) == []


@given(messages=LAYOUTS, data=st.data())
def test_any_change_of_a_literal_is_told_at_its_place(messages: Any, data: st.DataObject) -> None:
    changed = json.loads(json.dumps(messages))
    *above, last = data.draw(st.sampled_from(list(leaves(messages))))
    inner = changed
    for step in above:
        inner = inner[step]
    inner[last] = "something new"
    found = drifts(spec_of(changed), spec_of(messages))
    path = "message.messages" + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in (*above, last))
    assert [(code, where) for code, where, _ in found] == [("PNP337", path)]


ITEMS = st.lists(st.integers(0, 3) | st.fixed_dictionaries({"type": st.sampled_from("abc")}), max_size=8)


@given(before=ITEMS, after=ITEMS)
def test_alignment_names_each_item_once_and_in_order(before: list[Any], after: list[Any]) -> None:
    pairs = align(before, after)
    assert [one for one, _ in pairs if one is not None] == list(range(len(before)))
    assert [other for _, other in pairs if other is not None] == list(range(len(after)))


@given(items=ITEMS, data=st.data())
def test_one_item_put_in_is_one_change(items: list[Any], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(items)))
    pairs = align(items, [*items[:at], {"type": "new"}, *items[at:]])
    assert [pair for pair in pairs if pair[0] is None] == [(None, at)]
    assert [pair for pair in pairs if pair[1] is None] == []
