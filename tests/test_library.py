"""`import pnpc`: what other programs may rely on."""

import doctest
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from typing import Any

import pytest
from conftest import ROOT, SPEC

import pnpc
from pnpc.about import VERSION
from pnpc.line.grammar import patterns

DIGEST = "d41e0ad70dddfeb68f149ad6fc61574b9c5780ab7bcb2fba5517771ffbb2409c"


def test_what_is_exported() -> None:
    assert pnpc.__version__ == VERSION
    assert sorted(pnpc.__all__) == pnpc.__all__
    assert all(getattr(pnpc, name) for name in pnpc.__all__)
    assert {"load", "Fix", "Edit", "Range", *vars(pnpc)} <= {*dir(pnpc)}
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


@pytest.mark.parametrize("module", ["pnpc.library.check", "pnpc.library.spec"])
def test_its_examples_run(module: str) -> None:
    tried = doctest.testmod(import_module(module))
    assert (tried.failed, tried.attempted > 0) == (0, True)


def test_fixes_are_applied() -> None:
    wrong = "\ufeff" + SPEC.replace("items:", "itms:")
    found = pnpc.check_text(wrong)
    assert all(isinstance(one.fix, pnpc.Fix) and isinstance(one.fix.edits[0], pnpc.Edit) for one in found)
    assert pnpc.apply_fixes(wrong, found) == "\ufeff" + SPEC
    unsafe = [one._replace(fix=one.fix._replace(safe=False)) for one in found if one.fix]
    assert pnpc.apply_fixes(wrong, unsafe) == wrong
    assert pnpc.apply_fixes(wrong, unsafe, unsafe=True) == "\ufeff" + SPEC


# --- load ---

README_SPEC = (ROOT / "README.md").read_text(encoding="utf-8").partition("```yaml\npnpc: 1 ")[2].partition("```")[0]
ORDER = {"order_id": "A1B2C3D4", "shipped_on": "2024-08-10", "total": 12000}
FLEXIBLE = """\
pnpc: 1
name: late
country: JP
variables:
  lines: {type: array, maxItems: 3, items: {type: string, maxLength: 10}, example: [a]}
  late: {type: boolean, example: true}
message:
  messages:
    - {type: text, text: ご案内}
    - $for: line in lines
      type: text
      text: "{{ line }}"
    - {$if: late, type: text, text: おくれます}
"""


def loaded(**given: Any) -> "pnpc.Spec":
    return pnpc.load("pnpc: 1 " + README_SPEC, **given)


def test_a_spec_is_filled_as_compile_does() -> None:
    spec = loaded()
    assert (spec.check(), spec.name) == ([], "shipment-completed")
    row = {**ORDER, "phone": "080-0000-1234"}
    (compiled,) = pnpc.compile_text("pnpc: 1 " + README_SPEC, recipients=[row])
    assert isinstance(compiled, pnpc.Payload)
    for filled in (spec.fill(row), spec.fill(ORDER, recipient="080-0000-1234"), spec.fill(ORDER, recipient=DIGEST)):
        assert filled == compiled._replace(origin={"spec": "<text>", "name": "shipment-completed"})
        assert filled.line() + "\n" == compiled.line().replace(',"row":"<data>:1"', "") + "\n"
    assert spec.fill(row, campaign="again").id == loaded(campaign="again").fill(row).id != compiled.id
    assert "to" not in spec.fill(ORDER).body


def test_the_fast_and_the_slow_way_give_the_same_payload() -> None:
    """An unknown key is passed over by both; a text that must be looked at goes the slow way."""
    spec = pnpc.load(SPEC)
    for slot in ("夜", "今だけ50%オフ", "x" * 21, "", "a\u2028b"):
        row = {"phone": "080-0000-1234", "slot": slot, "memo": 1}
        (compiled,) = pnpc.compile_text(SPEC, recipients=[{**row, "phone": "(080) 0000 1234"}])
        if isinstance(compiled, pnpc.Payload):
            assert spec.fill(row)[:6] == compiled[:6]
        else:
            with pytest.raises(pnpc.DataErrors) as error:
                spec.fill(row)
            assert [one.message for one in error.value.diagnostics] == [one.message for one in compiled.diagnostics]
    assert [(one.rows, one.counts, one.first.code) for one in spec.warnings] == [
        (1, "message", "PNP215"),
        (1, "message", "PNP701"),
    ]


def test_a_bad_value_is_told_without_its_number() -> None:
    with pytest.raises(pnpc.DataErrors) as error:
        loaded().fill({"order_id": 5, "shipped_on": "2024-08-10"}, recipient="0900000")
    assert [one.path for one in error.value.diagnostics] == ["phone", "order_id", "total"]
    assert "and 2 more" in str(error.value)
    assert "0900000" not in str(error.value)
    with pytest.raises(pnpc.DataErrors, match="not of one number"):
        loaded().fill({**ORDER, "phone": "080-0000-1235"}, recipient={"to": DIGEST})
    with pytest.raises(ValueError, match="recipient= takes phone or to; found fax"):
        loaded().fill(ORDER, recipient={"fax": "1"})


@pytest.mark.parametrize("recipient", ["", {"phone": ""}, {"to": None}])
def test_a_recipient_without_a_number_is_a_mistake(recipient: Any) -> None:
    """The usual bad case of a database: without `to` the payload would be refused only when it is sent."""
    with pytest.raises(pnpc.DataErrors, match="neither `phone` nor `to` has a value"):
        loaded().fill(ORDER, recipient=recipient)


@pytest.mark.parametrize(
    "given", [{"data": 5}, {"data": "x"}, {"data": ORDER, "recipient": 5}, {"data": ORDER, "recipient": b"x"}]
)
def test_what_is_no_mapping_is_named(given: Any) -> None:
    with pytest.raises(TypeError, match=r"(data|recipient)= takes a mapping; found (int|str|bytes)"):
        loaded().fill(**given)


def test_a_fill_sends_no_examples_to_a_person() -> None:
    spec = loaded()
    assert spec.fill().body["body"]["items"][0]["content"] == "A1B2C3D4"
    with pytest.raises(pnpc.DataErrors, match="`order_id` has no value"):
        spec.fill(recipient="080-0000-1234")


@pytest.mark.parametrize("value", [10**5_000, -(10**5_000), [10**5_000], {"a": [1, 10**5_000]}], ids="abcd")
@pytest.mark.parametrize("name", ["order_id", "total"])
def test_a_number_too_long_to_write_is_a_mistake_of_the_row(name: str, value: Any) -> None:
    row = {**ORDER, "phone": "080-0000-1234", name: value}
    with pytest.raises(pnpc.DataErrors, match=f"`{name}` holds a number that has too many digits"):
        loaded().fill(row)
    made = loaded().lines([row, {**ORDER, "phone": "080-0000-1234"}])
    assert [bad.row for bad in made.bad] == [0]


def test_a_spec_with_errors_is_checked_and_not_filled() -> None:
    spec = pnpc.load(SPEC.replace("items:", "itms:"))
    assert [one.code for one in spec.check()] == ["PNP101"]
    with pytest.raises(pnpc.SpecErrors):
        spec.fill({})
    for text in (SPEC + "---\n" + SPEC.replace("name: ", "name: x"), "{type: text, text: a}"):
        with pytest.raises((pnpc.CannotCompile, pnpc.SpecErrors)):
            pnpc.load(text).fill({})


def test_a_request_body_comes_out_as_it_stands() -> None:
    payload = loaded().fill(ORDER, recipient=DIGEST)
    body = pnpc.load(payload.text)
    assert (body.fill().body, body.name) == (payload.body, None)
    with pytest.raises(pnpc.CannotCompile, match="takes no data"):
        body.fill(ORDER)


def test_flexible_messages_with_directives_are_filled() -> None:
    spec = pnpc.load(FLEXIBLE)
    payload = spec.fill({"lines": ["x", "y"], "late": False}, recipient="080-0000-1234")
    assert [one["text"] for one in payload.body["messages"]] == ["ご案内", "x", "y"]
    assert payload.origin["moved"] == {"messages": (0, 1, 1)}
    with pytest.raises(pnpc.DataErrors, match="limit 3"):
        spec.fill({"lines": [*"wxyz"], "late": False})


def test_a_spec_for_sinch() -> None:
    account = {"app-id": "a", "project-id": "p", "region": "eu"}
    spec = loaded(target="sinch", config={"sinch": {**account, "region": "us"}}, settings={"region": "eu"})
    (compiled,) = pnpc.compile_text(
        "pnpc: 1 " + README_SPEC, recipients=[{**ORDER, "contact_id": "c1"}], target="sinch", settings=account
    )
    assert spec.fill(ORDER, recipient={"contact_id": "c1"})[:6] == compiled[:6]
    with pytest.raises(ValueError, match="Sinch tells recipients apart by more than a number"):
        spec.fill(ORDER, recipient="080-0000-1234")
    with pytest.raises(ValueError, match="needs `region`"):
        loaded(target="sinch", settings={"app-id": "a", "project-id": "p"}).fill(ORDER)
    with pytest.raises(ValueError, match="no target 'fax'"):
        loaded(target="fax")


def test_config_catalogs_and_fragments_come_from_memory() -> None:
    unknown = SPEC.replace("shipment_completed_ja", "our_own_template_ja")
    assert [one.code for one in pnpc.load(unknown).check()] == ["PNP218"]
    catalog = {
        "catalog": 1,
        "country": "JP",
        "known": "local",
        "templates": {"keys": {"our_own_template_ja": {"label": "ours", "date": "2026-01-01"}}},
    }
    assert pnpc.load(unknown, catalogs=[catalog]).check() == []
    for config in ('ignore = ["PNP218"]', {"ignore": ["PNP218"]}, {"per-path": {"old/": ["PNP218"]}}):
        assert pnpc.load(unknown, name="old/a.yaml", config=config).check() == []
    assert [one.severity for one in pnpc.load(unknown, config={"severity": {"PNP218": "error"}}).check()] == ["error"]
    assert pnpc.load(SPEC.replace("country: JP\n", ""), config={"country": "JP"}).check() == []
    for wrong in ({"ignroe": []}, {"ignore": ["PNP999"]}, 'ignore = ["PNP999"]', "ignore = ["):
        with pytest.raises(pnpc.ConfigErrors) as error:
            pnpc.load(SPEC, config=wrong)
        assert error.value.diagnostics[0].code == "PNP801"
    with pytest.raises(pnpc.ConfigErrors):
        pnpc.load(SPEC, catalogs=["country: XX"])
    for wrong, says in (
        ({"catalogs": ["a.json"]}, "catalogs="),
        ({"require-approval": True}, "require-approval"),
        ({"country": SPEC.encode()}, "JSON"),
    ):
        with pytest.raises(ValueError, match=says):
            pnpc.load(SPEC, config=wrong)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="no country 'XX'"):
        pnpc.load(SPEC, country="XX")
    including = SPEC.replace("- {itemKey", "- $include: parts/item.yaml\n      - {itemKey")
    item = '{itemKey: number_001_ja, content: "{{ slot }}"}'
    spec = pnpc.load(including, name="specs/a.yaml", fragments={"specs/parts/item.yaml": item})
    assert spec.check() == []
    assert spec.fill({"slot": "朝"}).body["body"]["items"][0] == {"itemKey": "number_001_ja", "content": "朝"}
    (found,) = pnpc.load(including, fragments={"other.yaml": item}).check()
    assert found.message.startswith("there is no fragment `parts/item.yaml`")


def test_threads_share_a_spec() -> None:
    spec = loaded()
    with ThreadPoolExecutor(8) as pool:
        filled = pool.map(lambda number: spec.fill({**ORDER, "total": number}, recipient=DIGEST), range(400))
    assert [payload.body["body"]["items"][1]["content"] for payload in filled] == [
        f"{number:,}円" for number in range(400)
    ]


def test_a_value_that_was_slow_to_judge_is_no_reason_to_refuse_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patterns, "SECONDS", 0.01)
    spec = SPEC.replace("maxLength: 20", 'maxLength: 2000, pattern: "a.*b.*c.*d.*e.*f!"')
    ready = pnpc.load(spec.replace("午前中", '"abcdef!"').replace("{{ slot }}", "{{ slot | truncate(9) }}"))
    for _ in range(4):
        with pytest.raises(pnpc.DataErrors, match="takes too long"):
            ready.fill({"slot": "abcdef" * 300})
    assert ready.fill({"slot": "-" * 1000 + "abcdef!"}).body["body"]["items"][0]["content"] == "-" * 8 + "…"
