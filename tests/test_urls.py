"""One judgement of URLs, wherever one stands: buttons of both kinds, `format: uri`, values of a row."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from specs import diagnostics

from pnpc.compile.text import compile_text
from pnpc.language.expressions.expression import MASK, masked
from pnpc.language.message.links import is_usual
from pnpc.language.message.urls import faults
from pnpc.language.variables import formats
from pnpc.rules.shared.content import plain_host

BROKEN = [
    ("http:shop.example.jp", "http:shop.example.jp"),
    ("https:/shop.example.jp", "https:/shop.example.jp"),
    ("https:///orders", "https:///orders"),
    ("https://", "https://"),
    ("https://?q=1", "https://?q=1"),
    ("https://user@/orders", "https://user@/orders"),
    ("shop.example.jp/orders", "shop.example.jp/orders"),
    ("shop.example.jp:8080/orders", "shop.example.jp:"),
    ("localhost:3000", "localhost:"),
    ("/orders/1", "/orders/1"),
    ("//shop.example.jp/", "//shop.example.jp/"),
    ("ｈｔｔｐｓ://shop.example.jp/", "ｈｔｔｐｓ://shop.example.jp/"),
    ("https：//shop.example.jp/", "https：//shop.example.jp/"),
    ("javascript:alert(1)", "javascript:"),
    ("JavaScript:alert(1)", "JavaScript:"),
    ("data:text/html,x", "data:"),
    ("file:///etc/hosts", "file:"),
    ("tel:", "tel:"),
    ("line://", "line://"),
    ("https://shop.example.jp/o/{order_id}", "{order_id}"),
    ("https://shop.example.jp/o/{", "{"),
    ("https://shop.example.jp/a|b", "|"),
    ('https://shop.example.jp/a"b', '"'),
    ("https://shop.example.jp/<b>", "<"),
    ("https://shop.example.jp\\orders", "\\"),
    ("https://shop.example.jp/a^b", "^"),
    ("https://shop.example.jp/a`b", "`"),
    ("https://shop.example.jp/a b", " "),
    (" https://shop.example.jp/", " "),
    ("https://shop.example.jp/ ", " "),
    ("https://shop.example.jp/a\u3000b", "\u3000"),
    ("https://shop.example.jp/a\nb", "\n"),
    ("https://shop.example.jp/100%", "%"),
    ("https://shop.example.jp/?q=5%OFF", "%"),
    ("https://shop.example.jp/%e3%8", "%"),
    ("https://shop.example.jp:80800/", "80800"),
    ("https://shop.example.jp:0/", "0"),
    ("https://shop.example.jp:-1/", "-1"),
    ("https://shop.example.jp:http/", "http"),
    ("https://shop.example.jp:８０/", "８０"),
    ("https://[::1/orders", "[::1"),
    ("https://[1:2]/", "[1:2]"),
    ("https://[fe80::1%eth0]/", "%"),
    ("https://[::1]8080/", "8080"),
    ("https://shop..example.jp/", "shop..example.jp"),
    ("https://.example.jp/", ".example.jp"),
    ("https://shop,example.jp/", ","),
    ("https://256.1.1.1/", "256.1.1.1"),
    ("https://1.2.3/", "1.2.3"),
    ("https://-shop.example.jp/", "-shop"),
    ("https://shop-.example.jp/", "shop-"),
    ("https://shop.example.jp-/", "jp-"),
    ("https://-/", "-"),
    (f"https://{'s' * 64}.example.jp/", "s" * 64),
    (f"https://{'shop.' * 50}example.jp/", f"{'shop.' * 50}example.jp"),
    ("https://@shop.example.jp/", "@"),
    ("https://:@shop.example.jp/", ":@"),
    ("https://:secret@shop.example.jp/", ":secret@"),
    ("https://a@b@shop.example.jp/", "@"),
    ("https://shop.example.jp:", ":"),
    ("https://shop.example.jp:/a", ":"),
    ("https://[2001:db8::1]:/a", ":"),
    ("https://:443/", "https://:443/"),
    ("https://a@:443/", "https://a@:443/"),
    ("https://[]/", "[]"),
]
WHOLE = [
    "https://shop.example.jp",
    "https://shop.example.jp/",
    "HTTPS://SHOP.EXAMPLE.JP/A",
    "https://shop.example.jp./a",
    "https://shop.example.jp:8443/a?b=c&d[]=%E6%B3%A8#top",
    "https://a@b.example.jp/a@b",
    "https://my_shop.example.jp/~a/(b)!$&'*+,;=:@",
    "https://xn--eckwd4c7c.jp/",
    "https://203.0.113.7:443/a",
    "https://[2001:db8::1]:8443/a",
    "https://a/",
    "https://shop--b.example.jp/",
    f"https://{'s' * 63}.example.jp/",
    f"https://{'shop.' * 48}example.jp./a",
    "http://shop.example.jp/a",
    "tel:+81-3-1234-5678",
    "tel:0312345678",
    "line://ti/p/@example",
]
DOUBTFUL = [
    ("https://shop.example.jp/検索?q=注文", "検索"),
    ("https://日本語.jp/", "日本語"),
    ("https://shop.example.jp/a\u200bb", "\u200b"),
]
TEMPLATE = """\
pnpc: 1
name: url
country: JP
{variables}message:
  templateKey: shipment_completed_ja
  body:
    buttons:
      - {{buttonKey: contact_ja, url: {url}}}
"""


def told(text: str) -> list[tuple[str, str, str]]:
    found = diagnostics(text)
    codes = ("PNP216", "PNP320", "PNP321", "PNP707")
    return [(one.code, one.severity, text[one.span.start : one.span.end]) for one in found if one.code in codes]


def of_template(url: str) -> list[tuple[str, str, str]]:
    return told(TEMPLATE.format(variables="", url=json.dumps(url, ensure_ascii=False)))


def of_flex(url: str, **action: Any) -> list[tuple[str, str, str]]:
    button = {"type": "button", "action": {"type": "uri", "label": "開く", "uri": url, **action}}
    box = {"type": "box", "layout": "vertical", "contents": [button]}
    flex = {"type": "flex", "altText": "a", "contents": {"type": "bubble", "body": box}}
    return told(json.dumps({"to": "0" * 64, "messages": [flex]}, ensure_ascii=False))


@pytest.mark.parametrize(("url", "where"), BROKEN)
def test_a_url_that_leads_nowhere_is_an_error_in_both_kinds_at_its_characters(url: str, where: str) -> None:
    (fault,) = faults(url)
    assert (fault.kind, url[fault.start : fault.end]) == ("broken", where)
    assert [(code, severity) for code, severity, _ in of_template(url)] == [("PNP216", "error")]
    assert [(code, severity) for code, severity, _ in of_flex(url)] == [("PNP320", "error")]
    if where != url and '"' not in where and "\\" not in where and where.isprintable():
        assert of_template(url)[0][2] == of_flex(url)[0][2] == where


@pytest.mark.parametrize("url", WHOLE)
def test_a_whole_url_is_silent_in_both_kinds(url: str) -> None:
    assert faults(url) == of_template(url) == of_flex(url) == []


@pytest.mark.parametrize(("url", "where"), DOUBTFUL)
def test_what_phones_read_differently_is_a_warning_in_both_kinds(url: str, where: str) -> None:
    assert of_template(url) == of_flex(url) == [("PNP707", "warning", where)]


def test_the_scheme_of_another_app_is_a_warning_where_the_docs_leave_it_open() -> None:
    assert of_template("myshop://orders") == of_flex("myshop://orders") == [("PNP321", "warning", "myshop")]
    assert of_flex("myshop://") == [("PNP321", "warning", "myshop")]


def test_the_desktop_link_is_judged_too() -> None:
    assert of_flex("https://shop.example.jp/", altUri={"desktop": "https://shop.example.jp/%"}) == [
        ("PNP320", "error", "%")
    ]


@pytest.mark.parametrize(("url", "where"), [(url, where) for url, where in BROKEN if url.isascii()])
def test_a_variable_of_format_uri_is_judged_alike(url: str, where: str) -> None:
    assert not formats.fits("uri", url), where


@pytest.mark.parametrize("url", WHOLE)
def test_a_whole_url_is_of_format_uri(url: str) -> None:
    assert formats.fits("uri", url)


def test_format_uri_takes_app_schemes_and_no_raw_kanji() -> None:
    assert formats.fits("uri", "myshop://orders/1")
    assert not formats.fits("uri", "https://shop.example.jp/検索")


@pytest.mark.parametrize(
    ("url", "where"),
    [
        ("{{ u }}", None),
        ("{{ u }}/orders", None),
        ("{{ u }}://shop.example.jp/", None),
        ("https:{{ u }}", None),
        ("https://{{ u }}", None),
        ("https://{{ u }}.example.jp:{{ u }}/{{ u }}", None),
        ("https://[{{ u }}]/", None),
        ("https://shop.example.jp/%{{ u }}", None),
        ("https://shop.example.jp/{{ u }}/{id}", "{id}"),
        ("orders/{{ u }}", "orders/{{ u }}"),
        ("https:///{{ u }}", "https:///{{ u }}"),
        ("https://{{ u }}:port/", "port"),
        ("https://{{ u }}@shop.example.jp/", None),
        ("https://shop-{{ u }}.jp/", None),
        ("https://shop{{ u }}-.jp/", None),
        ("https://-{{ u }}.jp/", "-"),
        ("https://shop-.{{ u }}.jp/", "shop-"),
        ("https://shop.example.jp/{{ u }}%", "%"),
    ],
)
def test_what_an_expression_fills_in_is_not_judged_before_it_is_known(url: str, where: str | None) -> None:
    found = [(fault.kind, url[fault.start : fault.end]) for fault in faults(masked(url, filled=True))]
    assert found == ([] if where is None else [("broken", where)])


def test_an_expression_in_a_request_body_is_text() -> None:
    assert of_flex("https://shop.example.jp/{{ order_id }}")[0][:2] == ("PNP320", "error")
    body = {"to": "0" * 64, "templateKey": "a_ja", "body": {"buttons": [{"buttonKey": "contact_ja", "url": ""}]}}
    body["body"]["buttons"][0]["url"] = "https://shop.example.jp/{{ order_id }}"  # type: ignore[index]
    assert told(json.dumps(body))[0][:2] == ("PNP216", "error")


@pytest.mark.parametrize("value", ["javascript:alert(1)", "http:shop.example.jp", "https://shop.example.jp/a|b"])
def test_a_value_of_a_row_is_judged_alike(value: str) -> None:
    variables = "variables: {u: {type: string, maxLength: 99, example: 'https://shop.example.jp/'}}\n"
    text = TEMPLATE.format(variables=variables, url='"{{ u }}"')
    (row,) = compile_text(text, recipients=[{"to": "0" * 64, "u": value}])
    assert [one.code for one in row.diagnostics] == ["PNP216"]  # type: ignore[union-attr]


@given(st.text("hHtTpPsS:/.?#%@[]{}-_aZ09& |\\é検\u200b" + MASK, max_size=24))
def test_no_text_breaks_the_judgement_and_its_places_are_in_the_text(text: str) -> None:
    for url in (text, "https://" + text, "https://a.jp" + text):
        found = faults(url)
        assert all(0 <= fault.start <= fault.end <= len(url) for fault in found)
        assert len({fault.kind for fault in found}) == len(found) <= 1 or {fault.kind for fault in found} == {
            "scheme",
            "doubtful",
        }


@given(st.text("a.Z0-:/?#%E3&=~_@[]{ |", max_size=20))
def test_the_quick_look_takes_no_url_that_has_a_fault(rest: str) -> None:
    url = "https://shop.jp" + rest
    if is_usual(url):
        assert faults(url) == []


@given(st.text("a0-.", max_size=70), st.text("a-./{} 0", max_size=9))
def test_the_quickest_look_takes_no_url_that_has_a_fault(host: str, rest: str) -> None:
    """Behind it no rule about links is asked."""
    url = f"https://{host}.jp/{rest}"
    if plain_host(url):
        assert is_usual(url)
