"""Gates ask less than their rules: a closed gate must never hide what its rule would say."""

import pytest

from pnpc import check_text
from pnpc.line.limits import limits
from pnpc.rules.gates import _CENTURIES

SPEC = """\
pnpc: 1
name: gate
country: JP
variables:
  a: {type: string, maxLength: 9, example: A1}
  b: {type: string, maxLength: 9, example: B1}
message:
  templateKey: shipment_completed_ja
  body:
    items:
      - {itemKey: name_010_ja, content: '%s'}
    buttons:
      - {buttonKey: contact_ja, url: 'https://example.com/%s'}
deliveryTag: '%s'
"""


def codes(
    content: str = "{{ a }}", path: str = "{{ b | urlencode }}", tag: str = "0123456789-{{ a }}-012345"
) -> list[str]:
    return [one.code for one in check_text(SPEC % (content, path, tag), name="x.yaml")]


def test_what_is_usual_opens_no_gate() -> None:
    assert [code for code in codes() if code in ("PNP508", "PNP509", "PNP510")] == []


@pytest.mark.parametrize(
    "path",
    [
        "{{ a }}",
        "{{ a | urlencode | urlencode }}/{{ b }}",
        "{{ a | urlencode }}/{{ b }}/x| urlencode",
        "{{ b }}?q={{ a | urlencode }}",
    ],
)
def test_each_expression_of_a_link_is_looked_at(path: str) -> None:
    assert "PNP510" in codes(path=path)


@pytest.mark.parametrize(
    ("content", "tag"), [("{a} {{ a }}", "0123456789-{{ a }}-0123"), ("{{ a }}", "{a}-0123456789-{{ a }}")]
)
def test_a_lone_brace_is_seen_in_every_text(content: str, tag: str) -> None:
    assert "PNP508" in codes(content=content, tag=tag)


def test_braces_of_two_texts_are_no_pair() -> None:
    """The last character of one text and the first of the next."""
    assert "PNP508" in codes(content="{{ a }}{", tag="{a}-0123456789-0123")


def test_the_years_that_open_no_gate_are_those_that_are_meant() -> None:
    known = limits()["years"]
    years = [year for year in range(10_000) if f"{year:04}"[:2] in _CENTURIES]
    assert all(known["least"] <= year <= known["most"] for year in years)
