"""`pnpc catalog import`: the same list in every form that it can be saved in, pages merged, contradictions told."""

import csv
import html
import io
import json
from contextlib import suppress
from pathlib import Path

import pytest
from conftest import Run
from hypothesis import given
from hypothesis import strategies as st

from pnpc.line.catalog import Catalog, read
from pnpc.line.grammar import compiler
from pnpc.line.keylists.merging import Row, merge
from pnpc.line.keylists.reading import sheets
from pnpc.line.keylists.sheet import NotAList
from pnpc.text.nodes import compose
from pnpc.text.source import Source

ITEMS = [(f"name_{number:03}_ja", f"名前{number}") for number in range(101, 126)]
TEMPLATES = [
    (f"seat_{word}_ja", f"座席{number}通知", f"座席{number}のお知らせ", f"座席{number}について、お知らせいたします。")
    for number, word in enumerate(("reserved", "released", "moved", "upgraded"))
]


def page(heading: str, names: tuple[str, ...], rows: list[tuple[str, ...]], total: int) -> dict[str, str]:
    """One page of LINE's list, in each form, as browsers and converters write it."""
    cells = "".join(
        f'<tr><td></td><td><a href="#"><code>{row[0]}</code></a></td>'
        + "".join(f"<td>{html.escape(one)}</td>" for one in row[1:]) + "</tr>\n"
        for row in rows
    )  # fmt: skip
    head = "".join(f"<th>{name}</th>" for name in ("", *names))
    count = f"{total}件中 1〜{len(rows)}件目を表示"
    table = io.StringIO()
    csv.writer(table).writerows([names, *rows])
    return {
        "html": f"<!DOCTYPE html><script>var a = '<table>'</script><h2>{heading}</h2><p>{count}</p>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{cells}</tbody></table><p>Next",
        "md": f"## {heading}\n\n{count}\n\n|  | {' | '.join(names)} |\n|{' --- |' * (len(names) + 1)}\n"
        + "".join(f"|  | \n\n[`{row[0]}`](#)\n\n | {' | '.join(row[1:])} |\n" for row in rows)
        + "\n*   [1](#)\n",
        "csv": table.getvalue(),
        "tsv": "\n".join("\t".join(row) for row in [names, *rows]),
        "tabs.txt": f"{heading}\n\n{count}\n\t" + "\t".join(names) + "\n"
        + "".join(f"\t\n{row[0]}\n\n\t" + "\t".join(row[1:]) + "\n" for row in rows) + "\n1\n2\nNext\n",
        "lines.txt": f"{heading}\n{count}\n" + "\n".join("\n\n".join(row) for row in [names, *rows]) + "\n",
    }  # fmt: skip


FORMS = ("html", "md", "csv", "tsv", "tabs.txt", "lines.txt")


@pytest.mark.parametrize("form", FORMS)
def test_pages_of_every_form_give_one_catalog(form, here, tmp_path):
    files = []
    for number in range(0, len(ITEMS), 10):
        file = tmp_path / f"{number}.{form}"
        file.write_text(page("アイテム", ("Key", "Text"), ITEMS[number : number + 10], len(ITEMS))[form])
        files.append(file.name)
    first = tmp_path / f"templates.{form}"
    first.write_text(page("テンプレート", ("Key", "Name", "Title", "Description"), TEMPLATES, 91)[form])
    done = here("catalog", "import", *files, first.name, "-o", "own.json", "--date", "2026-11-20")
    assert done.returncode == 0, done.stderr
    content = json.loads((tmp_path / "own.json").read_text())
    assert {key: one["label"] for key, one in content["items"]["keys"].items()} == dict(ITEMS)
    assert content["templates"]["keys"]["seat_moved_ja"] == {
        "label": "座席2通知", "title": "座席2のお知らせ", "description": "座席2について、お知らせいたします。",
    }  # fmt: skip
    assert (content["country"], content["known"], content["date"]) == ("JP", "local", "2026-11-20")
    if form not in ("csv", "tsv"):  # they have no place for a count
        assert (content["items"]["total"], content["items"]["complete"]) == (25, True)
        assert (content["templates"]["total"], content["templates"]["complete"]) == (91, False)


def test_what_is_written_is_a_catalog_that_check_takes(pnpc, tmp_path):
    (tmp_path / "items.md").write_text(page("Items", ("Key", "Text"), ITEMS, 25)["md"])
    assert pnpc("catalog", "import", "items.md", "-o", "own.json").returncode == 0
    text = (tmp_path / "own.json").read_text()
    (document,) = compose(Source("own.json", text))
    assert compiler.check("catalog", document, expressions=False) == []
    assert read(json.loads(text)).listings["items"].complete
    (tmp_path / "pnpc.toml").write_text('catalogs = ["own.json"]\n')
    assert "名前101" in pnpc("catalog", "show", "name_101_ja").stdout


def test_pages_one_after_the_other(here, tmp_path):
    for number in (0, 10):
        (tmp_path / "page.html").write_text(page("Items", ("Key", "Text"), ITEMS[number : number + 10], 25)["html"])
        assert here("catalog", "import", "page.html", "-o", "own.json").returncode == 0
    written = (tmp_path / "own.json").read_bytes()
    assert list(json.loads(written)["items"]["keys"]) == [key for key, _ in ITEMS[:20]]
    again = here("catalog", "import", "page.html", "-o", "own.json")
    assert "items: 20 of 25" in again.stderr
    assert (tmp_path / "own.json").read_bytes() == written


def test_the_catalog_that_comes_with_pnpc_can_be_imported_back(here, tmp_path):
    """Its own entries as a table give the same labels again."""
    entries = Catalog().country("JP").listings["templates"].keys.values()
    rows = [(one.key, one.label, one.title, one.description) for one in entries if one.known == "documented"]
    (tmp_path / "a.html").write_text(page("Templates", ("Key", "Name", "Title", "Description"), rows, 91)["html"])
    done = here("catalog", "import", "a.html")
    keys = json.loads(done.stdout)["templates"]["keys"]
    assert {(key, one["label"], one["title"], one["description"]) for key, one in keys.items()} == set(rows)
    assert "pnpc's catalog" not in done.stderr


def test_contradictions_are_told_and_nothing_is_written(here, tmp_path):
    (tmp_path / "a.csv").write_text("key,label\nname_101_ja,甲\n")
    (tmp_path / "b.csv").write_text("key,label\nname_101_ja,乙\n")
    done = here("catalog", "import", "a.csv", "b.csv", "-o", "own.json")
    assert done.returncode == 1
    assert "b.csv: `name_101_ja` has the label `乙`, but `甲` in a.csv" in done.stderr
    assert not (tmp_path / "own.json").exists()


def test_doubts_are_told(here, tmp_path):
    rows = "key,label\nname_101_ja,甲\nname_0101_ja,乙\nname_013_ja,別名\ndatetime_000,x\n,空\n"
    (tmp_path / "a.csv").write_text(rows)
    done = here("catalog", "import", "a.csv", "--kind", "items")
    assert done.returncode == 0
    for words in (
        "`name_101_ja` is nearly `name_0101_ja`", "`name_013_ja`: the label is `別名` here", "`datetime_000`: LINE says",
        "| 空: no key in this row",
    ):  # fmt: skip
        assert words in done.stderr


@pytest.mark.parametrize(
    ("text", "words", "complaint"),
    [
        ("key,label\nabc_def,x\n", (), "--kind"),
        ("key,label\nname_101,x\n", (), "--country"),
        ("name_101_ja,x\n", (), "no column is named `key`"),
        ("รหัส,คำ\nname_101_th,x\n", (), "(the first row is `รหัส`, `คำ`); name the columns with --columns key,label"),
        ("key,label\n", (), "no keys found"),
        ("<p>name_101_ja</p><html>", (), "no <table>"),
        ("name_101_ja\nx\ny\nname_102_ja\nz\n", ("--form", "text"), "no table found in this text"),
        ("key,label\nname_101_ja,x\n", ("--columns", "label,names"), "--columns takes"),
        ("key,label\nname_101_ja,x\n", ("--known", "documented"), "--source and --date"),
        ("key,label\nname_101_ja,x\n", ("--date", "today"), "not a date"),
        ("key,label\nname_101_ja,x\n", ("--date", "2026-02-30"), "not a date"),
        ("key,label\nname_101_ja,x\n", ("-o", "a.csv"), "is not a catalog"),
    ],
)
def test_what_can_not_be_told_is_asked_for(text, words, complaint, here, tmp_path):
    (tmp_path / "a.csv").write_text(text)
    done = here("catalog", "import", "a.csv", *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert complaint in done.stderr
    assert (tmp_path / "a.csv").read_text() == text


def test_a_note_rules_no_terminal(here, tmp_path):
    (tmp_path / "a.csv").write_text('Key,Name\ndate_001_ja,x\n,"y\x1b[31m\x07"\n')
    done = here("catalog", "import", "a.csv")
    assert done.returncode == 0
    assert "y<U+001B>[31m<U+0007>: no key in this row" in done.stderr


def test_columns_of_another_order(pnpc):
    done = pnpc("catalog", "import", "-", "--columns", "label,,key", "--form", "tsv", input="甲\t1\tname_101_ja\n")
    assert json.loads(done.stdout)["items"]["keys"] == {"name_101_ja": {"label": "甲"}}


def test_a_spreadsheets_utf_16_is_read(here, tmp_path):
    (tmp_path / "a.tsv").write_bytes("Key\tText\nname_101_ja\t甲\n".encode("utf-16"))
    assert "甲" in here("catalog", "import", "a.tsv").stdout
    (tmp_path / "a.tsv").write_bytes("Key\tText\nname_101_ja\t甲\n".encode("shift_jis"))
    assert "save it as UTF-8" in here("catalog", "import", "a.tsv").stderr


words = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=8)


@given(st.dictionaries(st.integers(0, 999), words, min_size=1, max_size=6), st.sampled_from(["html", "csv"]))
def test_labels_come_through_whatever_they_hold(labels, form):
    rows = [(f"name_{number:03}_ja", label) for number, label in labels.items()]
    (found,) = sheets(page("アイテム", ("Key", "Text"), rows, 99)[form].replace("\r\n", "\n"), f"a.{form}", form)
    first = 1 if form == "html" else 0  # the page has a column of nothing
    assert [tuple(one[first:]) for one in found.rows[1:]] == rows


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["x", "y"]))))
def test_the_order_of_pages_decides_no_conflict(pairs):
    def conflicts(rows):
        return bool(merge([Row(key, "items", {"label": label}, "f") for key, label in rows], {}).conflicts)

    assert conflicts(pairs) == conflicts(list(reversed(pairs)))
    assert conflicts(pairs) == (len(set(pairs)) > len({key for key, _ in pairs}))


@given(st.text(), st.sampled_from(["html", "markdown", "csv", "tsv", "text", None]))
def test_no_text_is_too_strange(text, form):
    with suppress(NotAList):
        for one in sheets(text, "a", form):
            assert all(isinstance(each, str) for row in one.rows for each in row)


def test_what_stands_in_lines_table_is_documented_from_then_on(pnpc: Run, tmp_path: Path) -> None:
    """An earlier file of our own says less of the same keys, and nothing new of the others."""
    (tmp_path / "all.tsv").write_text("Key\tText\nname_901_ja\t品名\nname_902_ja\t店名\n", encoding="utf-8")
    (tmp_path / "one.tsv").write_text("Key\tText\nname_901_ja\t品名\n", encoding="utf-8")
    assert pnpc("catalog", "import", "all.tsv", "-o", "own.json", "--date", "2026-11-20").returncode == 0
    table = ("--known", "documented", "--date", "2026-11-28", "--source", "https://line.example/items")
    assert pnpc("catalog", "import", "one.tsv", "-o", "own.json", *table).returncode == 0
    content = json.loads((tmp_path / "own.json").read_text(encoding="utf-8"))
    assert (content["known"], content["date"], "source" in content) == ("local", "2026-11-20", False)
    assert content["items"]["keys"] == {
        "name_901_ja": {
            "label": "品名", "known": "documented", "source": "https://line.example/items", "date": "2026-11-28",
        },
        "name_902_ja": {"label": "店名"},
    }  # fmt: skip
