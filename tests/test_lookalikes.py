"""What looks like an expression and is none is told at its characters, and nothing else is."""

import json
from typing import Any

import pytest
from specs import codes, diagnostics

SPEC = """\
pnpc: 1
name: like
country: JP
variables:
  code: {{type: string, maxLength: 5, example: A1}}
message:
  templateKey: shipment_completed_ja
  body:
    items:
      - {{itemKey: number_001_ja, content: "{{{{ code }}}}"}}
      - {{itemKey: name_010_ja, content: {content}}}
"""


def told(text: str) -> list[tuple[str, str]]:
    found = diagnostics(text)
    return [(one.severity, text[one.span.start : one.span.end]) for one in found if one.code in ("PNP508", "PNP509")]


def of_spec(content: str) -> list[tuple[str, str]]:
    return told(SPEC.format(content=json.dumps(content, ensure_ascii=False)))


def of_messages(*messages: Any) -> list[tuple[str, str]]:
    return told(json.dumps({"to": "0" * 64, "messages": messages}, ensure_ascii=False))


@pytest.mark.parametrize(
    "written",
    [
        "{% if code %}",
        "{%- endif -%}",
        "{# note #}",
        "<%= code %>",
        "<% x %>",
        "｛｛ code ｝｝",
        "｛｛x｝｝",
        "${code}",
        "${ code.a }",
    ]
    + ["{code}", "{ code }", "#{code}", "[[code]]", "[[ code ]]", "%code%", "｛code｝"]
    + ["<<code>>", "<< code >>", "%(code)s", "code }}", " code}}"],
)
def test_what_was_surely_meant_as_an_expression_is_an_error(written: str) -> None:
    assert of_spec(f"あ{written}い{{{{ code }}}}") == [("error", written)]


@pytest.mark.parametrize("written", ["${other}", "{other}", "{order_id}", "<code>", "< code >", "$code"])
def test_what_may_have_been_meant_is_a_warning(written: str) -> None:
    assert of_spec(f"あ{written}い") == [("warning", written)]


@pytest.mark.parametrize(
    "content",
    [
        "{{ code }}",
        "{{ {'a': code}['a'] }}",
        "5% 10% off%",
        "[[other]] #{other} %other%",
        "｛冷凍｝",
        "<other> <b>重要</b> $other $12 $$code %(other)s <<other>> }} a}}",
        "${{ code }}",
        "<{{ code }}>",
        "{スープ}",
        "$5 {}",
        "a{b c}d",
        "{% {# <%",
    ],
)
def test_what_is_text_is_silent(content: str) -> None:
    assert of_spec(content) == []


def test_a_request_body_fills_in_nothing_so_it_is_told_as_a_warning() -> None:
    assert of_messages({"type": "text", "text": "{{ name }}様 {% if a %}"}) == [
        ("warning", "{{ name }}"),
        ("warning", "{% if a %}"),
    ]
    flex = {"type": "flex", "altText": "${name}", "contents": {"type": "bubble"}}
    assert of_messages(flex) == [("warning", "${name}")]


@pytest.mark.parametrize("text", ["{name}様", "{{name}}", "{{ a }} {name}"])
def test_the_braces_of_text_v2_are_line_s_own(text: str) -> None:
    emoji = {"type": "emoji", "productId": "a", "emojiId": "b"}
    assert of_messages({"type": "textV2", "text": text, "substitution": {"name": emoji}}) == []


@pytest.mark.parametrize("written", ["{{{ code }}}", "{{{code}}}", "x {{{ code }} y", "{{{ code | urlencode }}}"])
def test_three_braces_are_no_expression_in_check_as_in_compile(written: str) -> None:
    """Two of them begin one, and what follows is a mapping that is none."""
    text = SPEC.format(content=json.dumps(written))
    assert "PNP501" in codes(text)
