"""One allowance of work a run: what a few bytes could make large ends, and what was not judged is told."""

import pytest

from pnpc import check_text
from pnpc.spec import allowance, patterns
from pnpc.spec.allowance import Allowance
from pnpc.spec.patterns import TooSlow, matcher

SLOW = "^(([a-z]|[a-y])+)+$"
ENDLESS = "a" * 40 + "1"


def spec(pattern: str, example: str, count: int = 1) -> str:
    """A spec with so many variables of a pattern."""
    variables = "".join(
        f'  v{n}: {{type: string, pattern: "{pattern}", maxLength: 50, example: {example}}}\n' for n in range(count)
    )
    used = "".join(f"{{{{ v{n} | truncate(2) }}}}" for n in range(min(count, 100)))
    return (
        f"pnpc: 1\nname: x\ncountry: JP\nvariables:\n{variables}message:\n  templateKey: shipment_completed_ja\n"
        f'  body:\n    items:\n      - {{itemKey: name_010_ja, content: "{used}"}}\n'
    )


@pytest.fixture
def no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run whose allowance lasts for a few milliseconds only."""
    monkeypatch.setattr(allowance, "BASE", 5_000)
    monkeypatch.setattr(Allowance.__init__, "__defaults__", (5_000,))


@pytest.mark.usefixtures("no_time")
def test_what_the_allowance_leaves_open_is_told() -> None:
    found = [one for one in check_text(spec(SLOW, ENDLESS)) if one.code == "PNP535"]
    assert [one.path for one in found] == ["variables.v0.example"]
    assert "allowance" in found[0].message


@pytest.mark.usefixtures("no_time")
def test_the_allowance_is_that_of_a_run_and_not_of_a_call() -> None:
    """Hundreds of slow patterns take no longer than one: after the first, none of them is tried."""
    found = [one for one in check_text(spec(SLOW, ENDLESS, 200)) if one.code == "PNP535"]
    assert len(found) == 200
    assert allowance.current().left < 100_000


def test_honest_patterns_cost_nothing() -> None:
    before = allowance.begin().left  # one match takes microseconds, which are free; 2,000 would not be
    matches = matcher("^([0-9]{3}-){2}[0-9]{4}$")
    assert all(matches("090-123-4567") for _ in range(2_000))
    assert allowance.current().left > before / 2


def test_a_slow_pattern_is_charged_and_then_not_tried() -> None:
    allowance.begin().take(allowance.BASE - 2_000)
    with pytest.raises(TooSlow, match="takes too long"):
        matcher(SLOW)(ENDLESS)
    assert allowance.current().left <= 0
    with pytest.raises(TooSlow, match="no time left"):
        matcher(SLOW)("a")
    assert matcher("^[a-z]+$")("abc")
    allowance.begin()
    assert matcher(SLOW)("a")


def test_steps_are_taken_while_they_last() -> None:
    own = Allowance(10)
    assert own.take(6)
    assert not own.take(6)
    own.earn(2)
    assert own.take(6)
    assert own.left == 0


@pytest.mark.parametrize("pattern", ["a?" * 900, "(" * 90 + "a" + ")" * 90, "^((a{1,100}){1,100}){1,100}$"])
def test_patterns_of_any_shape_are_made_ready(pattern: str) -> None:
    assert matcher(pattern)("a")
    assert patterns.quick(pattern)[0]("a") is not None
