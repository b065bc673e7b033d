"""How many cases of a message are tried: as many as their values together allow, and long loops are cut before cases are left out."""

from collections.abc import Iterator

import pytest

from pnpc.check import weight
from pnpc.language.cases.expansion import Case, expand
from pnpc.language.directives.assembled import Structure, structure
from pnpc.language.directives.cases import choices
from pnpc.language.directives.domains import Domains, domains
from pnpc.language.directives.reading import known_names
from pnpc.language.message import notice
from pnpc.language.message.context import Context
from pnpc.line.catalog import Catalog
from pnpc.line.grammar import allowance
from pnpc.text.document import Mapping, Node, Scalar
from pnpc.text.nodes import compose
from pnpc.text.source import Source

SPEC = """\
pnpc: 1
name: weighed
country: JP
variables:
  b: {{type: boolean}}
  lines: {{type: array, maxItems: {lines}, items: {{type: array, maxItems: {parts}, items: {{type: string, maxLength: 3}}}}}}
  more: {{type: array, maxItems: 3, items: {{type: string, maxLength: 3}}}}
message:
  messages:
    - type: flex
      altText: x
      contents:
        type: bubble
        body:
          type: box
          layout: vertical
          contents:
{contents}"""
FLAT = """\
            - {type: text, text: x}
            - {$for: line in lines, type: text, text: x, size: sm}
"""
TWO = f"{FLAT}            - {{$for: other in more, type: separator}}\n"
NESTED = """\
            - {type: text, text: x}
            - {$for: line in lines, type: box, layout: vertical, contents: [{$for: part in line, type: text, text: x}]}
"""


def read(contents: str, lines: int, parts: int = 2) -> tuple[Structure, Domains]:
    (document,) = compose(Source("x.yaml", SPEC.format(contents=contents, lines=lines, parts=parts)))
    one = notice.read(document)
    made = structure(one, Context(Catalog()))
    assert made is not None
    return made, domains(made.part, known_names(made.notice))


def values(node: Node | None) -> Iterator[Node]:
    """All keys and values below a node, and the node itself."""
    if node is None:
        return
    yield node
    if isinstance(node, Mapping):
        for pair in node.value:
            for part in pair:
                yield from values(part)
    elif not isinstance(node, Scalar):
        for entry in node.value:
            yield from values(entry)


def size(made: Structure, case: Case) -> int:
    return sum(1 for _ in values(expand(made.part, case).root))


def texts(made: Structure, case: Case) -> int:
    """How many texts of the box stand in a case."""
    return sum(isinstance(node, Scalar) and node.value == "text" for node in values(expand(made.part, case).root)) // 2


def test_as_many_cases_are_tried_as_have_so_many_values(monkeypatch: pytest.MonkeyPatch) -> None:
    made, depends = read(TWO, lines=9)
    chosen = choices(depends).chosen
    allowance.begin()
    every, kept = weight.affordable(made.part, depends, chosen)
    assert kept == chosen
    sizes = [size(made, case) for case in every]
    assert len(sizes) == 16
    for count in range(5, len(sizes)):
        for allowed, expected in ((sum(sizes[:count]), count), (sum(sizes[:count]) - 1, count - 1)):
            monkeypatch.setattr(weight, "MOST_VALUES", allowed)
            cases, kept = weight.affordable(made.part, depends, chosen)
            assert (len(cases), kept) == (expected, chosen[:expected])


def test_a_condition_counts_as_if_it_held(monkeypatch: pytest.MonkeyPatch) -> None:
    made, depends = read(TWO + "            - {$if: b, type: text, text: x}\n", lines=9)
    chosen = choices(depends).chosen
    allowance.begin()
    every, _ = weight.affordable(made.part, depends, chosen)
    largest = [
        max(size(made, case) for case, other in zip(every, chosen, strict=True) if other.counts == choice.counts)
        for choice in chosen
    ]
    monkeypatch.setattr(weight, "MOST_VALUES", sum(largest[:6]))
    assert len(weight.affordable(made.part, depends, chosen)[0]) == 6


@pytest.mark.parametrize(("lines", "written"), [(64, 64), (14_000, 14_000), (15_000, 64)])
def test_a_long_loop_is_cut(lines: int, written: int) -> None:
    """Its first entries stand for the others; the cases in which it is short stay as they are."""
    made, depends = read(FLAT, lines)
    chosen = choices(depends).chosen
    allowance.begin()
    cases, kept = weight.affordable(made.part, depends, chosen)
    assert kept == chosen
    assert [texts(made, case) for case in cases] == [1 + min(choice.counts[("lines",)], written) for choice in chosen]


def test_a_loop_inside_a_loop_is_cut_to_one_entry_in_later_rounds() -> None:
    made, depends = read(NESTED, lines=500, parts=500)
    chosen = choices(depends).chosen
    allowance.begin()
    cases, _ = weight.affordable(made.part, depends, chosen)
    most = max(texts(made, case) for case in cases)
    assert most == 1 + 64 + (64 - 1)
    assert sum(size(made, case) for case in cases) <= weight.MOST_VALUES


def test_four_cases_are_tried_however_large_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    made, depends = read(NESTED, lines=500, parts=500)
    chosen = choices(depends).chosen
    monkeypatch.setattr(weight, "MOST_VALUES", 10)
    allowance.begin()
    cases, kept = weight.affordable(made.part, depends, chosen)
    assert kept == chosen[:4]
    assert max(texts(made, case) for case in cases) == 1 + 2 + 1
    monkeypatch.setattr(weight, "MOST_VALUES", 100_000)
    monkeypatch.setattr(allowance, "TEXT_STEPS", 0)
    allowance.begin()
    assert weight.affordable(made.part, depends, chosen)[1] == chosen[:4]


def test_the_finding_says_how_many_cases_were_tried() -> None:
    finding = weight.left_out(1_024, 12_345)
    assert str(finding.message).startswith("checked 1,024 of 12,345 cases of this message")
    assert finding.rule == "not-worked-out"
