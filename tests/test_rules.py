"""Every rule: its bad examples are reported where they are marked, and nowhere else; its good ones please all rules."""

import ast
import json
import os
import re
from importlib import import_module

import pytest

from pnpc import rules
from pnpc.check.engine import check
from pnpc.cli.main import main
from pnpc.language.message.context import Context
from pnpc.line.catalog import Catalog
from pnpc.rules import page
from pnpc.rules.listing import ALL
from pnpc.rules.rule import shown, whole
from pnpc.text.edits import apply
from pnpc.text.source import Source

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
RULES = [rules.get(listed.name) for listed in ALL]
BAD = [pytest.param(rule, index, id=f"{rule.code}-{index}") for rule in RULES for index in range(len(rule.bad))]
GOOD = [pytest.param(example, id=f"{rule.code}-{index}") for rule in RULES for index, example in enumerate(rule.good)]


def diagnostics(text: str):
    return check(Source("x", text), Context(Catalog()), {}).diagnostics  # without a name: examples are YAML or JSON


def mended(text: str) -> str:
    return apply(text, [one.fix.edits for one in diagnostics(text) if one.fix and one.fix.safe])[0]


@pytest.mark.parametrize(("rule", "index"), BAD)
def test_bad_example_is_reported_where_it_is_marked(rule, index):
    text, spans = shown(whole(rule.bad[index]))
    assert spans, "a bad example without a mark"
    found = [(one.code, tuple(one.span)) for one in diagnostics(text)]
    assert found == [(rule.code, span) for span in spans]


@pytest.mark.parametrize(("rule", "index"), BAD)
def test_safe_fixes_mend_it_as_shown(rule, index):
    text = shown(whole(rule.bad[index]))[0]
    if not rule.fixed:
        assert mended(text) == text, "a safe fix that the rule does not show in `fixed`"
        return
    fixed = whole(rule.fixed[index])
    assert mended(text) == fixed
    if fixed != text:  # else this one of the rule's examples is for a person to mend
        assert rule.code not in [one.code for one in diagnostics(fixed)]


@pytest.mark.parametrize("example", GOOD)
def test_good_example_pleases_all_rules(example):
    assert [(one.code, one.message) for one in diagnostics(whole(example))] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_rule_is_tried(rule):
    """By examples, or by the test that it names, which says what code or name it expects."""
    if rule.bad:
        assert not rule.tried_by
        return
    file, _, function = rule.tried_by.partition("::")
    assert function.startswith("test_")
    assert re.search(rf"\b{rule.code}\b|(?<![\w-]){rule.name}(?![\w-])", source_of(function, file))


def source_of(function: str, file: str) -> str:
    """A test with its decorators, and the tables and helpers of its file that it uses by name."""
    lines = text_of(HERE, file).splitlines()
    parts = {name: node for node in ast.parse("\n".join(lines)).body for name in defined(node)}
    used = {node.id for node in ast.walk(parts[function]) if isinstance(node, ast.Name)}
    wanted = [parts[function], *(parts[name] for name in sorted(used & parts.keys()))]
    spans = [
        (min(one.lineno for one in (node, *getattr(node, "decorator_list", ()))), node.end_lineno) for node in wanted
    ]
    return "\n".join("\n".join(lines[first - 1 : last]) for first, last in spans)


def defined(node: ast.stmt) -> list[str]:
    """The names that a statement of a file defines."""
    if isinstance(node, ast.FunctionDef):
        return [node.name]
    return [one.id for one in node.targets if isinstance(one, ast.Name)] if isinstance(node, ast.Assign) else []


def test_a_table_that_is_none(tmp_path, capsys):
    spec, table = tmp_path / "a.yaml", tmp_path / "people.csv"
    spec.write_text(whole("templateKey: shipment_completed_ja\n"), encoding="utf-8")
    table.write_text('to,note\n+819012345678,"never closed\n', encoding="utf-8")
    assert main(["compile", str(spec), "--recipients", str(table)]) == 1
    assert "PNP601 bad-table" in capsys.readouterr().err


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_sources_are_whole(rule):
    """A URL that was broken by the wrapping of a line leads nowhere; so does a word."""
    for one in rule.source.split("; "):
        assert " " not in one if "://" in one else one.strip()
    assert not re.search(r"\w- ", f"{rule.source} {rule.summary} {rule.why}")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_rule_says_what_and_why_and_who_says_so(rule):
    assert rule.summary.endswith(".")
    assert rule.why.endswith((".", ")"))
    assert rule.source
    assert rule.severity in ("error", "warning")
    assert len(rule.fixed) in (0, len(rule.bad))


def test_list_and_files_agree():
    codes = [listed.code for listed in ALL]
    names = [listed.name for listed in ALL]
    assert codes == sorted(set(codes))
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"PNP[0-9]{3}", code) for code in codes)
    for listed, rule in zip(ALL, RULES, strict=True):
        assert (listed.code, listed.name, bool(listed.gate)) == (rule.code, rule.name, rule.check is not None)
    for listed in ALL:
        module = import_module(listed.module())
        held = [rule.name for rule in module.RULES] if listed.file else [module.RULE.name]
        assert listed.name in held
    folder = os.path.join(ROOT, "pnpc", "rules")
    texts = [text_of(where, file) for where, _, files in os.walk(folder) for file in files if file.endswith(".py")]
    assert sum(len(re.findall(r"^ +code=|^RULE = Rule\(", text, re.MULTILINE)) for text in texts) >= len(ALL)
    assert sum(len(re.findall(r'^ +code="PNP', text, re.MULTILINE)) for text in texts) == len(ALL)


def text_of(*parts: str) -> str:
    with open(os.path.join(*parts), encoding="utf-8") as file:
        return file.read()


def test_rule_pages_are_current():
    """If not: `pnpc rules --write-docs docs/rules`."""
    folder = os.path.join(ROOT, "docs", "rules")
    written = {name: text_of(folder, name) for name in os.listdir(folder)}
    expected = page.pages()
    assert sorted(written) == sorted(expected)
    for name, text in expected.items():
        assert written[name] == text, name


def test_carets_stand_under_kanji_as_a_terminal_shows_them():
    line, carets = page.marked("content: 注文 «#123» と «日本»\n")[0]
    assert line == "content: 注文 #123 と 日本"
    assert carets == "              ^^^^    ^^^^"  # each kanji takes two cells


def test_an_empty_span_has_a_caret():
    assert page.marked("a: «»b\n") == [("a: b", "   ^")]


# --- pnpc rules, pnpc explain ---


def test_rules_lists_every_rule(capsys):
    assert main(["rules"]) == 0
    table = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in table[1:]] == [listed.code for listed in ALL]
    assert main(["rules", "--format", "json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert [one["name"] for one in listed] == [one.name for one in ALL]
    assert {one["code"] for one in listed if one["fix"]} == {rule.code for rule in RULES if page.fixed(rule)}


def test_rules_writes_the_pages_and_removes_those_of_rules_that_are_gone(tmp_path, capsys):
    (tmp_path / "PNP999.md").write_text("old")
    (tmp_path / "notes.md").write_text("mine")
    assert main(["rules", "--write-docs", str(tmp_path)]) == 0
    assert {file.name for file in tmp_path.iterdir()} == {*page.pages(), "notes.md"}


def test_rules_into_a_place_that_is_no_folder(tmp_path, capsys):
    (tmp_path / "file").write_text("")
    assert main(["rules", "--write-docs", str(tmp_path / "file")]) == 2
    assert capsys.readouterr().err.startswith("pnpc: can't write to ")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_explain_tells_all_of_a_rule(rule, capsys):
    assert main(["explain", rule.name]) == 0
    text = capsys.readouterr().out
    for part in (rule.code, rule.name, rule.severity, rule.summary, page.suppression(rule), *rule.source.split("; ")):
        assert part in text
    assert " ".join(rule.why.split()) in " ".join(text.split())
    assert text.count("Reported\n") == len(rule.bad)
    assert ("^" in text) or not rule.bad
    assert "«" not in text
    assert main(["explain", rule.code.lower()]) == 0
    assert capsys.readouterr().out == text


def test_explain_for_programs_and_pages(capsys):
    assert main(["explain", "PNP206", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["name"] == "content-too-long"
    assert "Saturday, August 10, 2024" in told["bad"][0]
    assert main(["explain", "PNP206", "--format", "markdown"]) == 0
    assert capsys.readouterr().out == page.page(rules.get("PNP206"))


@pytest.mark.parametrize(
    ("word", "near"),
    [("duplicat-item", "`duplicate-item`"), ("PNP2O4", "`PNP204`"), ("nothing like it", "`pnpc rules`")],
)
def test_explain_an_unknown_rule(word, near, capsys):
    assert main(["explain", word]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert near in told.err


def test_explain_has_no_colours_where_no_terminal_is(capsys):
    main(["explain", "PNP204"])
    assert "\x1b" not in capsys.readouterr().out


def test_explain_has_colours_where_they_are_forced(capsys, monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("FORCE_COLOR", "1")
    main(["explain", "PNP204"])
    assert "\x1b[31m" in capsys.readouterr().out
