"""`import pnpc`: what other programs may rely on."""

import doctest
import subprocess
import sys

import pytest
from conftest import SPEC

import pnpc
from pnpc import library
from pnpc.about import VERSION

DIGEST = "d41e0ad70dddfeb68f149ad6fc61574b9c5780ab7bcb2fba5517771ffbb2409c"


def test_what_is_exported() -> None:
    assert pnpc.__version__ == VERSION
    assert sorted(pnpc.__all__) == pnpc.__all__
    assert {*library.__all__, "__version__"} == set(pnpc.__all__)
    assert all(getattr(pnpc, name) for name in pnpc.__all__)
    with pytest.raises(AttributeError):
        pnpc.nonsense  # noqa: B018


def test_check_gives_diagnostics_with_places() -> None:
    (found,) = pnpc.check_text(SPEC.replace("items:", "itms:"), name="a.yaml")
    assert (found.code, found.name, found.severity, found.file) == ("PNP101", "unknown-key", "error", "a.yaml")
    assert (found.path, found.range.start) == ("message.body.itms", (9, 5))
    assert pnpc.check_text(SPEC.replace("country: JP\n", ""), country="JP") == []


def test_compile_for_recipients_data_and_examples() -> None:
    (one,) = pnpc.compile_text(SPEC)
    assert isinstance(one, pnpc.Payload)
    assert one.body["body"]["items"][0]["content"] == "午前中"
    rows = [{"phone": "080-0000-1234", "slot": "夜"}, {"phone": "1", "slot": "朝"}, {"to": DIGEST, "slot": 5}]
    good, bad, wrong = pnpc.compile_text(SPEC, recipients=iter(rows))
    assert isinstance(good, pnpc.Payload)
    assert good.body["to"] == DIGEST
    assert isinstance(bad, pnpc.BadRow)
    assert isinstance(wrong, pnpc.BadRow)
    assert [(row.row, [one.code for one in row.diagnostics]) for row in (bad, wrong)] == [
        (1, ["PNP604"]),
        (2, ["PNP603"]),
    ]


def test_a_spec_with_errors_raises_at_once() -> None:
    with pytest.raises(pnpc.SpecErrors) as error:
        pnpc.compile_text(SPEC.replace("items:", "itms:"))
    assert [one.code for one in error.value.diagnostics] == ["PNP101"]


def test_importing_is_cheap_until_it_is_used() -> None:
    script = "import sys, pnpc; print([n for n in ('yaml', 'click', 'jinja2') if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_filters_that_check_knows_are_those_that_compile_has() -> None:
    from pnpc.language.expressions.expression import FILTERS
    from pnpc.language.filling.filters import MAKERS

    assert [make.__name__ for make in MAKERS.values()] == [f"_{name}" for name in FILTERS]
    assert [MAKERS[name]("JP").__name__ for name in FILTERS] == list(FILTERS)


def test_dates_are_written_as_the_country_writes_them() -> None:
    from pnpc.language.filling.filters import MAKERS

    def date(country: str, format: str) -> str:
        return MAKERS["date"](country)("2024-02-29", format)

    assert [date("JP", "long"), date("TW", "long"), date("TH", "long")] == [
        "2024年2月29日",
        "2024年2月29日",
        "29 กุมภาพันธ์ 2567",
    ]
    assert date("TH", "short") == "29/2/67"


def test_a_format_that_is_none_is_told_by_check() -> None:
    spec = SPEC.replace("maxLength: 20, example: 午前中", 'format: date, example: "2024-08-10"')
    assert pnpc.check_text(spec.replace("slot }}", "slot | date('long') }}")) == []
    (found,) = pnpc.check_text(spec.replace("slot }}", "slot | date('loong') }}"))
    assert (found.code, found.message) == ("PNP501", "no format `loong`; did you mean `long`?")


def test_its_examples_run() -> None:
    assert doctest.testmod(library).failed == 0
    assert doctest.testmod(library).attempted > 0
