"""One mistake, one message: of what is found at one node, that is told which says all of it."""

import pytest
from specs import codes, diagnostics

from pnpc.check.engine import check
from pnpc.language.message.context import Context
from pnpc.line.catalog import Catalog
from pnpc.rules.rule import whole
from pnpc.text.finding import Diagnostic, Severity
from pnpc.text.source import Source

SPEC = "templateKey: shipment_completed_ja\n"
BOX = """\
messages:
  - type: flex
    altText: お知らせ
    contents:
      type: bubble
      body:
        type: box
        layout: vertical
        contents:
          - {component}
          - {{type: text, text: お知らせ}}
"""


def codes_of(example: str) -> list[str]:
    return codes(whole(example))


@pytest.mark.parametrize("to", ["0123", "[a, b]", "5", '"{{ recipient.to }}"', '"{{ nobody }}"'])
def test_a_recipient_in_a_spec_is_told_once_whatever_it_is(to: str) -> None:
    assert codes_of(f"{SPEC}to: {to}\n") == ["PNP217"]


@pytest.mark.parametrize(
    ("component", "code"),
    [
        ('{type: icon, url: "https://example.com/a.png"}', "PNP406"),
        ('{type: video, url: "https://example.com/a.mp4", previewUrl: "https://example.com/a.png"}', "PNP402"),
        ("{type: span, text: a}", "PNP310"),
    ],
)
def test_of_a_picture_in_the_wrong_place_only_that_it_has_to_go(component: str, code: str) -> None:
    assert [one for one in codes_of(BOX.format(component=component)) if one in ("PNP310", code)] == [code]


@pytest.mark.parametrize(
    ("example", "code"),
    [
        ('messages: "{{ nobody }}"\n', "PNP103"),
        ('messages: "{{ nobody"\n', "PNP103"),
        ('messages: [{type: "{{ nobody }}"}]\n', "PNP504"),
        ("body:\n  txet: https://example.com/a.png\n", "PNP101"),
    ],
)
def test_what_can_not_stand_there_means_nothing(example: str, code: str) -> None:
    assert [one for one in codes_of(example) if one != "PNP407"] == [code]


def test_two_mistakes_at_one_node_are_two() -> None:
    example = "messages:\n  - {type: text, text: a, quoteTokn: 5}\n"
    assert codes_of(example) == ["PNP101"]
    picture = """\
messages:
  - type: template
    altText: お知らせ
    template:
      type: buttons
      thumbnailImageUrl: x
      text: お知らせ
      actions: [{type: uri, label: 店, uri: "https://example.com/"}]
"""
    assert set(codes_of(picture)) == {"PNP405", "PNP304"}


def test_what_a_comment_suppresses_hides_nothing() -> None:
    assert codes_of(f"{SPEC}to: abc # pnpc: ignore[PNP217] a test\n") == ["PNP210"]


@pytest.mark.parametrize(("level", "told"), [(None, ["PNP210"]), ("warning", ["PNP217", "PNP210"])])
def test_a_rule_that_is_off_or_lowered_hides_no_error(level: Severity | None, told: list[str]) -> None:
    source = Source("x.yaml", whole(f"{SPEC}to: abc\n"))
    levels = {"recipient-in-spec": level}
    assert [one.code for one in check(source, Context(Catalog()), levels).diagnostics] == told


def _of_content(content: str) -> list[Diagnostic]:
    text = f"""\
pnpc: 1
name: x
country: JP
variables:
  k: {{type: string, example: a}}
  n: {{type: integer, minimum: 0, maximum: 9, example: 1}}
  d: {{type: string, format: date, example: "2026-01-02"}}
message:
  templateKey: shipment_completed_ja
  body:
    emphasizedItem: {{itemKey: number_001_ja, content: "{content}"}}
"""
    found = diagnostics(text)
    return [one for one in found if one.name != "unused-variable"]


@pytest.mark.parametrize("figures", ["{{ n | currency }}", "{{ n }}", "{{ 5 | number }}", "{{ d | date('short') }}"])
def test_a_text_with_figures_is_not_to_be_cut(figures: str) -> None:
    (told,) = _of_content(f"{figures} {{{{ k }}}}")
    assert told.code == "PNP531"
    assert told.help == "declare `maxLength` for `k`"


@pytest.mark.parametrize(
    "content",
    [
        "{{ k | currency }}",
        "{{ nobody | currency }}",
        "{{ 1e400 | currency }}{{ k }}",
        "{{ (k ~ 'a') | date('full') }}",
    ],
)
def test_an_expression_with_a_mistake_has_no_length(content: str) -> None:
    assert len(_of_content(content)) == 1


@pytest.mark.parametrize("first", ["yes", "txt", "{}", "''"])
def test_a_type_that_stands_twice_is_one_mistake_where_the_last_is_right(first: str) -> None:
    text = (
        f"pnpc: 1\nname: a\ncountry: JP\nmessage:\n  messages:\n    - type: {first}\n      type: text\n      text: あ\n"
    )
    found = diagnostics(text)
    assert [one.code for one in found if one.severity == "error"] == ["PNP004"]
