"""Expressions in URLs: urlencode is asked for where a value may break the URL, and the examples are tried."""

import json

import pytest

from pnpc.check.engine import check
from pnpc.language.message.context import Context
from pnpc.line.catalog import Catalog
from pnpc.text.source import Source

SPEC = """\
pnpc: 1
name: urls
country: JP
variables:
  v: {declared}
message:
  templateKey: shipment_completed_ja
  body:
    buttons:
      - {{buttonKey: contact_ja, url: {url}}}
"""
TEXT = "{type: string, maxLength: 9, example: A1}"


def diagnostics(declared: str, url: str):
    text = SPEC.format(declared=declared, url=json.dumps(url))
    return text, check(Source("x.yaml", text), Context(Catalog()), {}).diagnostics


def told(declared: str, url: str) -> list[tuple[str, str]]:
    text, found = diagnostics(declared, url)
    return [(one.code, text[one.span.start : one.span.end]) for one in found if one.code in ("PNP510", "PNP511")]


@pytest.mark.parametrize(
    ("url", "where"),
    [
        ("https://shop.example.jp/?q={{ v }}", "{{ v }}"),
        ("https://shop.example.jp/{{ v }}/a", "{{ v }}"),
        ("https://shop.example.jp/#{{ v | default('a') }}", "{{ v | default('a') }}"),
        ("https://shop.example.jp/{{ v | truncate(5) }}", "{{ v | truncate(5) }}"),
        ("https://shop.example.jp/{{ v ~ 'a' }}", "{{ v ~ 'a' }}"),
    ],
)
def test_a_value_that_may_break_the_url_is_asked_to_be_encoded(url: str, where: str) -> None:
    assert told(TEXT, url) == [("PNP510", where)]


@pytest.mark.parametrize(
    ("declared", "url"),
    [
        (TEXT, "https://shop.example.jp/?q={{ v | urlencode }}"),
        (TEXT, "https://shop.example.jp/?q={{ v | truncate(5) | urlencode }}"),
        (TEXT, "https://{{ v }}/a"),
        ("{type: string, format: uri, example: 'https://shop.example.jp/'}", "{{ v }}"),
        ("{type: integer, example: 1}", "https://shop.example.jp/{{ v }}"),
        (
            "{type: string, format: uuid, example: 123e4567-e89b-12d3-a456-426614174000}",
            "https://shop.example.jp/{{ v }}",
        ),
        (
            "{type: string, pattern: '^[A-Z]{2}-?[0-9_]+$', maxLength: 9, example: AB-1}",
            "https://shop.example.jp/{{ v }}",
        ),
        ("{type: string, pattern: '^(?:a|b)[.~]$', example: a.}", "https://shop.example.jp/{{ v }}"),
        ("{type: string, enum: [a/b, c], example: c}", "https://shop.example.jp/{{ v }}"),
        ("{type: string, enum: [a-b, c_d], example: c_d}", "https://shop.example.jp/?q={{ v }}"),
        (TEXT, "https://shop.example.jp/{{ recipient.index }}?q={{ v | urlencode }}"),
    ],
)
def test_what_can_t_break_it_is_silent(declared: str, url: str) -> None:
    assert told(declared, url) == []


@pytest.mark.parametrize(
    ("declared", "url"),
    [
        ("{type: string, pattern: '^[A-z]{2}$', example: AB}", "https://shop.example.jp/{{ v }}"),
        ("{type: string, pattern: '^[A-Z+]{2}$', example: AB}", "https://shop.example.jp/{{ v }}"),
        ("{type: string, pattern: '[A-Z]{2}', maxLength: 9, example: AB}", "https://shop.example.jp/{{ v }}"),
        ("{type: string, enum: [a&b, c], example: c}", "https://shop.example.jp/?q={{ v }}"),
        ("{type: string, format: email, example: a@b}", "https://shop.example.jp/?q={{ v }}"),
    ],
)
def test_a_declaration_that_lets_such_characters_in_proves_nothing(declared: str, url: str) -> None:
    assert told(declared, url) == [("PNP510", "{{ v }}")]


@pytest.mark.parametrize("example", ["A B", "100%", "a|b"])
def test_an_example_that_breaks_the_url_is_an_error(example: str) -> None:
    declared = json.dumps({"type": "string", "maxLength": 9, "example": example})
    url = "https://shop.example.jp/?q={{ v }}"
    assert told(declared, url) == [("PNP511", json.dumps(url)), ("PNP510", "{{ v }}")]
    assert told(declared, url.replace("v }}", "v | urlencode }}")) == []


def test_a_default_is_tried_too() -> None:
    assert told("{type: string, maxLength: 99, default: 'http:a.jp'}", "{{ v }}") == [("PNP511", '"{{ v }}"')]


def test_links_in_texts_are_looked_at() -> None:
    text = SPEC.format(declared=TEXT, url="tel:1").replace(
        "    buttons:",
        "    items: [{itemKey: name_010_ja, content: 'https://shop.example.jp/?q={{ v }} まで'}]\n    buttons:",
    )
    found = check(Source("x.yaml", text), Context(Catalog()), {}).diagnostics
    assert [text[one.span.start : one.span.end] for one in found if one.code == "PNP510"] == ["{{ v }}"]
