"""`pnpc catalog import` of what browsers and spreadsheets really write: tabs, grids, archives, encodings, pagers."""

import html
import json
import plistlib
import quopri
from contextlib import suppress
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from pathlib import Path
from typing import Any

import pytest
from conftest import Here
from hypothesis import given
from hypothesis import strategies as st

from pnpc.line.keylists.pager import Pager, pagers
from pnpc.line.keylists.reading import sheets
from pnpc.line.keylists.saved import texts
from pnpc.line.keylists.sheet import NotAList

Rows = list[tuple[str, ...]]
TEMPLATES: Rows = [
    ("seat_reserved_ja", "座席予約通知", "お座席のお知らせ", "お座席を確保いたしました。"),
    ("seat_moved_ja", "座席変更通知", "お座席変更のお知らせ", "お座席が変わりました。"),
]
ITEMS: Rows = [("name_301_ja", "座席名"), ("date_302_ja", "出発日"), ("price_303_ja", "運賃")]
BUTTONS: Rows = [("check_seat_ja", "座席を確認する"), ("cancel_seat_ja", "取り消す")]
LISTS = (
    ("テンプレート", ("Key", "Name", "Title", "Description"), TEMPLATES, 91),
    ("アイテム", ("Key", "Text"), ITEMS, 204),
    ("ボタン", ("Key", "Text"), BUTTONS, 8),
)
EVERYTHING = {"templates": (TEMPLATES, 91), "items": (ITEMS, 204), "buttons": (BUTTONS, 8)}


def table(names: tuple[str, ...], rows: Rows) -> str:
    """A table as a page renders it: keys in <code> with a button to copy them, texts in elements of their own."""
    head = "".join(f'<th><span>{name}</span><span class="sr-only">昇順</span></th>' for name in names)
    body = "".join(
        f"<tr><td><code>{row[0]}</code><button>コピー</button></td>"
        + "".join(f"<td><div><span>{html.escape(text)}</span></div></td>" for text in row[1:]) + "</tr>"
        for row in rows
    )  # fmt: skip
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def count(rows: Rows, total: int) -> str:
    return f"<p><b>{total}</b>件中 1〜{len(rows)}件目を表示</p>"


def in_panels() -> str:
    """All three lists, two of them in hidden panels, under a heading that names only one."""
    tabs = "".join(
        f'<button role="tab" id="t{at}" aria-controls="p{at}">{one[0]}</button>' for at, one in enumerate(LISTS)
    )
    panels = "".join(
        f'<div role="tabpanel" id="p{at}" aria-labelledby="t{at}"{" hidden" if at else ""}>{table(names, rows)}'
        f"{count(rows, total)}</div>"
        for at, (_, names, rows, total) in enumerate(LISTS)
    )
    return (
        '<!DOCTYPE html><html><head><meta charset="utf-8"><title>アイテム</title></head><body><nav><a href="/">Docs</a></nav>'
        f"<h1>通知メッセージ（テンプレート）</h1><div>{tabs}</div>{panels}</body></html>"
    )


def in_one_panel(at: int) -> str:
    """One list, as saved from a page that renders only the selected tab."""
    tabs = "".join(
        f'<li class="tab{" is-active" if number == at else ""}"><a href="#">{one[0]}</a></li>'
        for number, one in enumerate(LISTS)
    )
    _, names, rows, total = LISTS[at]
    return f"<!DOCTYPE html><h1>テンプレート</h1><ul>{tabs}</ul>{table(names, rows)}{count(rows, total)}"


def imported(here: Here, *words: str) -> dict[str, Any]:
    done = here("catalog", "import", *words)
    assert done.returncode == 0, done.stderr
    content: dict[str, Any] = json.loads(done.stdout)
    return content


def as_rows(content: dict[str, Any]) -> dict[str, tuple[Rows, int | None]]:
    """The keys of each kind with their texts, and the total."""
    return {
        kind: ([(key, *entry.values()) for key, entry in content[kind]["keys"].items()], content[kind].get("total"))
        for kind in ("templates", "items", "buttons")
        if kind in content
    }


def of_chrome(page: str) -> bytes:
    """A page as Chrome and Edge save it in a single file."""
    archive = MIMEMultipart("related", type="text/html")
    archive["From"], archive["Snapshot-Content-Location"] = "<Saved by Blink>", "https://example.com/keys"
    part = MIMENonMultipart("text", "html")
    part["Content-Transfer-Encoding"] = "quoted-printable"
    part.set_payload(quopri.encodestring(page.encode()).decode())
    archive.attach(part)
    return archive.as_bytes()


def of_safari(page: str) -> bytes:
    """A page as Safari saves it, in a web archive."""
    resource = {"WebResourceData": page.encode("euc_jp"), "WebResourceTextEncodingName": "euc-jp"}
    return plistlib.dumps({"WebMainResource": resource}, fmt=plistlib.FMT_BINARY)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("complete.html", in_panels().encode()),
        ("single.mhtml", of_chrome(in_panels())),
        ("safari.webarchive", of_safari(in_panels().replace("utf-8", "euc-jp"))),
        ("declared.html", in_panels().replace('"utf-8"', "Shift_JIS").encode("cp932")),
        ("marked.htm", in_panels().encode("utf-16")),
        ("anchors.html", in_panels().replace('role="tab" id', "id").replace('role="tabpanel"', "").encode()),
    ],
)
def test_three_tabs_in_one_page(name, data, here, tmp_path):
    (tmp_path / name).write_bytes(data)
    assert as_rows(imported(here, name)) == EVERYTHING


def test_the_selected_tab_names_the_list_of_a_page_with_one_panel(here, tmp_path):
    names = []
    for at in range(3):
        names.append(f"page{at}.html")
        (tmp_path / names[-1]).write_text(in_one_panel(at))
    assert as_rows(imported(here, *names)) == EVERYTHING
    (tmp_path / "none.html").write_text(in_one_panel(2).replace(" is-active", ""))
    done = here("catalog", "import", "none.html")
    assert (done.returncode, "add --kind" in done.stderr) == (2, True)


def test_a_heading_or_a_tab_above_different_lists_names_none_of_them(here, tmp_path):
    """One tab is selected, and all panels were saved without any sign of which is whose."""
    tables = "".join(f"<div>{table(names, rows)}{count(rows, total)}</div>" for _, names, rows, total in LISTS)
    tabs = "".join(
        f'<span class="Tabs_{"active" if not at else "tab"}__3f">{one[0]}</span>' for at, one in enumerate(LISTS)
    )
    for above in (f"<div>{tabs}</div>", "<h2>テンプレート</h2>", "<h2>ボタン</h2>"):
        (tmp_path / "a.html").write_text(f"<!DOCTYPE html>{above}{tables}")
        done = here("catalog", "import", "a.html")
        assert (done.returncode, "add --kind" in done.stderr) == (2, True), done.stdout
    alone = f"<!DOCTYPE html><div>{tabs}</div>{table(LISTS[0][1][:2], TEMPLATES)}"
    (tmp_path / "a.html").write_text(alone)
    assert list(imported(here, "a.html")) == ["catalog", "country", "known", "templates"]


@pytest.mark.parametrize("form", ["<h2>{}</h2>{}<h3>{}</h3>{}", "## {}\n\n{}\n### {}\n\n{}", "{}\n{}\n{}\n{}"])
def test_a_list_in_groups_under_headings_of_their_own(form, here, tmp_path):
    first, second = BUTTONS
    tables = [f"| Key | Text |\n|---|---|\n| {key} | {text} |\n" for key, text in BUTTONS]
    if form.startswith("<"):
        tables = [table(("Key", "Text"), [row]) for row in BUTTONS]
    elif form.startswith("{"):
        tables = [stacked(("Key", "Text"), [row]) for row in BUTTONS]
    (tmp_path / "a.html").write_text(form.format("ボタン", tables[0], "予約", tables[1]))
    assert as_rows(imported(here, "a.html")) == {"buttons": ([first, second], None)}


def test_json_that_a_page_loads(here, tmp_path):
    (tmp_path / "a.json").write_text(json.dumps({"data": [{"itemKey": key, "text": text} for key, text in ITEMS]}))
    assert as_rows(imported(here, "a.json")) == {"items": (ITEMS, None)}
    (tmp_path / "b.json").write_text('{"catalog": 1, "country": "JP"}')
    assert "no keys found in b.json" in here("catalog", "import", "b.json").stderr


def test_a_page_whose_data_hold_more_than_it_shows(here, tmp_path):
    data = (
        'var events=[{key:"utm_source",name:"campaign"}];window.state={rows:[{key:"name_301_ja",text:"座席名"},'
        "{key:'date_302_ja',text:'\\u51fa\\u767a\\u65e5',},{key:\"price_303_ja\",text:`運賃`}]};start(1)"
    )
    shown = f"<!DOCTYPE html><h2>アイテム</h2>{table(('Key', 'Text'), ITEMS[:1])}<script>{data}</script>"
    (tmp_path / "a.html").write_text(shown)
    done = here("catalog", "import", "a.html")
    assert as_rows(json.loads(done.stdout)) == {"items": (ITEMS, None)}
    assert "2 of the items are from the page's data" in done.stderr
    state = {"props": {"buttons": [{"buttonKey": key, "text": text} for key, text in BUTTONS]}}
    page = f'<!DOCTYPE html><div id="app"></div><script type="application/json">{json.dumps(state)}</script>'
    (tmp_path / "b.html").write_text(page)
    assert as_rows(imported(here, "b.html")) == {"buttons": (BUTTONS, None)}
    (tmp_path / "c.html").write_text(
        '<!DOCTYPE html><div></div><script>var events=[{key:"utm_source",name:"a"}]</script>'
    )
    assert "no keys found in c.html" in here("catalog", "import", "c.html").stderr


@pytest.mark.parametrize(
    "page",
    [
        # Elements with the roles of a table.
        '<div role="grid" aria-label="ボタン"><div role="row"><div role="columnheader">Key</div><div role="columnheader">'
        "Text</div></div>ROWS</div>\t<div role=row><div role=gridcell>KEY</div><div role=gridcell>TEXT</div></div>",
        # Elements without any.
        "<h2>ボタン</h2><div><div>Key</div><div>Text</div></div>ROWS\t<div><div><b>KEY</b></div><div>TEXT</div></div>",
        # A head that stays in place is a table of its own.
        "<h3>ボタン</h3><table><tr><th>Key ▲<th>Text</table><table>ROWS</table>\t<tr><td>KEY<td>TEXT",
        # Cells over several columns and rows, columns that are not known, a break inside a key.
        "<table><caption>Buttons</caption><tr><th>No.<th>Button key (copy)<th colspan=2>Text<tr><td rowspan=0>1<td colspan=3>"
        "ROWS</table>\t<tr><td><input readonly value=KEY><td><img alt=icon><td>TEXT",
        # Tables inside a table, rows without ends, zero-width marks.
        "<table><tr><td><h2>ボタン</h2><table><tr><td>Key<td>Text ROWS</table></table>\t<tr><td>&#8203;KEY&shy;<td><p>TEXT",
    ],
)  # fmt: skip
def test_a_list_in_other_markup(page, here, tmp_path):
    around, row = page.split("\t")
    rows = "".join(row.replace("KEY", key).replace("TEXT", text) for key, text in BUTTONS)
    (tmp_path / "a.html").write_text("<!DOCTYPE html>" + around.replace("ROWS", rows))
    assert as_rows(imported(here, "a.html")) == {"buttons": (BUTTONS, None)}


def stacked(names: tuple[str, ...], rows: Rows) -> str:
    return "\n".join(text for row in [names, *rows] for text in row) + "\n"


def test_pasted_text_of_all_three_lists(here, tmp_path):
    parts = [f"{name}\n{total}件中 1〜{len(rows)}件目\n{stacked(names, rows)}" for name, names, rows, total in LISTS]
    (tmp_path / "a.txt").write_text("\n".join(parts) + "1\n2\nNext\n")
    assert as_rows(imported(here, "a.txt")) == EVERYTHING
    tabs = ["\n".join([name, *("\t".join(row) for row in [names, *rows])]) + "\n" for name, names, rows, _ in LISTS]
    (tmp_path / "b.txt").write_text(
        "".join(f"{part}1-{len(one[2])} of {one[3]}\n" for part, one in zip(tabs, LISTS, strict=True))
    )
    assert as_rows(imported(here, "b.txt")) == EVERYTHING


def test_names_of_tabs_in_pasted_text_name_no_list(here, tmp_path):
    """All three stand above whichever list was selected; the last one is not the heading."""
    tabs = "テンプレート\nアイテム\nボタン\n"
    (tmp_path / "items.txt").write_text(tabs + stacked(("Key", "Text"), ITEMS))
    assert as_rows(imported(here, "items.txt")) == {"items": (ITEMS, None)}  # by the form of the keys
    (tmp_path / "buttons.txt").write_text(tabs + stacked(("Key", "Text"), BUTTONS))
    assert "add --kind" in here("catalog", "import", "buttons.txt").stderr
    assert as_rows(imported(here, "buttons.txt", "--kind", "buttons")) == {"buttons": (BUTTONS, None)}


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_sheets_with_any_delimiter_titles_and_broken_cells(delimiter, here, tmp_path):
    lines = [
        ["テンプレート"],
        ["91件中 1〜2件目"],
        *map(list, [LISTS[0][1], *TEMPLATES]),
        [],
        ["アイテム"],
        ["Key", "Text"],
    ]
    lines += [["name_301_ja", '"座席\n名"'], ["date_302_ja", f'"出発日{delimiter}"'], ["price_303_ja", "運賃"]]
    (tmp_path / "a.csv").write_text("\r\n".join(delimiter.join(line) for line in lines))
    rows = as_rows(imported(here, "a.csv"))
    label = f"出発日{delimiter}".strip()
    assert rows == {
        "templates": (TEMPLATES, 91),
        "items": ([("name_301_ja", "座席 名"), ("date_302_ja", label), ("price_303_ja", "運賃")], None),
    }
    (tmp_path / "b.csv").write_text(f"name_301_ja{delimiter}x\n")
    named = imported(here, "b.csv", "--columns", "key,label")
    assert as_rows(named) == {"items": ([("name_301_ja", "x")], None)}
    (tmp_path / "b.csv").write_text(f"sep={delimiter}\nKey{delimiter}Text\nname_301_ja{delimiter}x\n")
    assert as_rows(imported(here, "b.csv")) == {"items": ([("name_301_ja", "x")], None)}


@pytest.mark.parametrize(
    ("country", "names", "rows", "codec", "also"),
    [
        ("JP", ("キー", "テキスト"), ITEMS, "cp932", "sjis"),
        ("JP", ("Key", "Text"), ITEMS, "euc_jp", "euc-jp"),
        ("TH", ("คีย์", "ข้อความ"), [("name_301_th", "ชื่อที่นั่ง"), ("date_302_th", "วันที่ออกเดินทาง")], "cp874", "tis-620"),
        ("TW", ("Key", "文字"), [("name_301_tw", "座位名稱"), ("date_302_tw", "出發日期")], "big5", "cp950"),
        ("JP", ("Key", "Text"), ITEMS, "utf-16-le", "utf-16le"),
        ("JP", ("Key", "Text"), ITEMS, "iso2022_jp", "iso-2022-jp"),
    ],
)
def test_an_encoding_is_named_and_never_guessed(country, names, rows, codec, also, here, tmp_path):
    data = "".join(";".join(row) + "\r\n" for row in [names, *rows]).encode(codec)
    (tmp_path / "a.csv").write_bytes(data)
    done = here("catalog", "import", "a.csv", "--country", country)
    assert (done.returncode, done.stdout) == (2, "")
    likely = done.stderr.partition("add --encoding ")[2].split(",")[0].split()[0]
    assert as_rows(imported(here, "a.csv", "--encoding", likely)) == {"items": (rows, None)}
    assert as_rows(imported(here, "a.csv", "--encoding", also)) == {"items": (rows, None)}


def test_an_encoding_that_is_wrong(here, tmp_path):
    (tmp_path / "a.csv").write_bytes("Key,Text\ndate_302_ja,出発日\n".encode("euc_jp"))
    for encoding, words in (("cp932", "not cp932"), ("klingon", "no encoding `klingon`"), ("punycode", "no encoding")):
        done = here("catalog", "import", "a.csv", "--encoding", encoding)
        assert (done.returncode, words in done.stderr) == (2, True), done.stderr
    # What is UTF-8 for certain is read as that: the option is for the files that are not.
    (tmp_path / "b.csv").write_text("Key,Text\nname_302_ja,座席番号\n")
    content = imported(here, "a.csv", "b.csv", "--encoding", "euc-jp")
    assert [row[1] for row in as_rows(content)["items"][0]] == ["出発日", "座席番号"]


def test_folders_and_patterns(here, tmp_path):
    saved = tmp_path / "saved"
    (saved / "page_files").mkdir(parents=True)
    for number in (10, 2, 1):
        (saved / f"page{number}.csv").write_text(f"Key,Text\nname_3{number:02}_ja,x\n")
    (saved / "page_files" / "frame.html").write_text(in_panels())
    (saved / "list.xlsx").write_bytes(b"PK\x03\x04")
    (saved / "login.html").write_text("<!DOCTYPE html><p>Log in")
    done = here("catalog", "import", "saved")
    assert list(json.loads(done.stdout)["items"]["keys"]) == ["name_301_ja", "name_302_ja", "name_310_ja"]
    assert "skipped: saved/list.xlsx" in done.stderr
    assert "saved/login.html was skipped: no <table>" in done.stderr
    assert len(imported(here, "saved/page*.csv", "./saved/page1.csv")["items"]["keys"]) == 3
    assert "no file matches `nothing*.csv`" in here("catalog", "import", "nothing*.csv").stderr
    # A file that is named must hold keys, and so must one of a pattern.
    assert here("catalog", "import", "saved/page1.csv", "saved/login.html").returncode == 2
    assert "list.xlsx: this is a workbook" in here("catalog", "import", "saved/list.xlsx").stderr
    # A list that can't be read ends the import, also in a folder: else it would be missed.
    for name, data in (
        ("a.csv", "Key,Text\nname_304_ja,運賃\n".encode("cp932")),
        ("b.csv", b"key,text\nsome_key_ja,x\n"),
    ):
        (saved / name).write_bytes(data)
        done = here("catalog", "import", "saved", "-o", "own.json")
        assert (done.returncode, f"saved/{name}: " in done.stderr) == (2, True)
        (saved / name).unlink()
    assert not (tmp_path / "own.json").exists()


def test_the_config_must_name_what_was_written(here, tmp_path):
    (tmp_path / "a.csv").write_text("Key,Text\nname_304_ja,x\n")
    named = 'name the file in pnpc.toml, so that `pnpc check` reads it: catalogs = ["own/jp.json"]'
    assert named in here("catalog", "import", "a.csv", "-o", "own/jp.json").stderr
    (tmp_path / "pnpc.toml").write_text('catalogs = ["own/*"]\n')
    assert "name the file" not in here("catalog", "import", "a.csv", "-o", "own/jp.json").stderr


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"%PDF-1.7 ...", "a PDF"), (b"", "empty"), (b"\x89PNG\r\n\x1a\n", "a picture"), (b"{\\rtf1 x}", "RTF"),
        (b"bplist00\x01\x02", "web archive is damaged"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x\n\n--x--\n", "no page in this archive"),
        (plistlib.dumps({"WebMainResource": {"WebResourceData": 1}}), "no page in this web archive"),
    ],
)  # fmt: skip
def test_what_is_saved_by_mistake(data, words, here, tmp_path):
    (tmp_path / "a.html").write_bytes(data)
    done = here("catalog", "import", "a.html")
    assert (done.returncode, done.stdout, words in done.stderr) == (2, "", True), done.stderr


@pytest.mark.parametrize(
    ("text", "pager"),
    [
        ("204件中 1〜10件目を表示", Pager(204, 1, 10)),
        ("２０４件中 １１～２０件目", Pager(204, 11, 20)),
        ("1-10件 / 全204件", Pager(204, 1, 10)),
        ("全 204 件", Pager(204)),
        ("Showing 1 to 10 of 1,204 entries", Pager(1204, 1, 10)),
        ("1–10 of 204", Pager(204, 1, 10)),
        ("Showing 1 to 3 of 3 entries (filtered from 204 total entries)", Pager(204, 1, 3)),
        ("3 件中 1 から 3 まで表示 (全 204 件より抽出)", Pager(204, 1, 3)),
        ("แสดง 1 ถึง 10 จาก 204 รายการ", Pager(204, 1, 10)),
        ("แสดง ๑ ถึง ๑๐ จากทั้งหมด ๒๐๔ รายการ", Pager(204, 1, 10)),
        ("ทั้งหมด 204 รายการ", Pager(204)),
        ("顯示第 1 至 10 項結果，共 204 項", Pager(204, 1, 10)),
        ("共 204 筆", Pager(204)),
        ("第1-10条/共204条", Pager(204, 1, 10)),
        ("Total: 204 items", Pager(204)),
        # The number of pages, of rows a page, and dates.
        ("Page 1 of 21", None), ("1 of 21", None), ("共 21 頁", None), ("หน้า 1 จาก 21", None), ("10件表示", None),
        ("Show 10 entries", None), ("2026-11-20 / 28", None), ("12-10 of 204", None), ("1 2 3 … 21", None),
    ],
)  # fmt: skip
def test_pagers_in_the_languages_of_the_page(text, pager):
    assert pagers(text)[:1] == ([pager] if pager else [])


@pytest.mark.parametrize("place", ["above", "below", "both", "mixed"])
def test_a_pager_belongs_to_its_table_above_or_below(place):
    page = ""
    for number, (name, names, rows, total) in enumerate(LISTS):
        above = place in ("above", "both") or (place == "mixed" and number == 1)
        below = place in ("below", "both") or (place == "mixed" and number != 1)
        page += f"<h2>{name}</h2>{count(rows, total) * above}{table(names, rows)}{count(rows, total) * below}"
    assert [sheet.pager and sheet.pager.total for sheet in sheets(page, "a.html")] == [91, 204, 8]


def test_a_smaller_total_than_is_known_is_noted(here, tmp_path):
    """The page may show the result of a search."""
    (tmp_path / "a.md").write_text("## アイテム\n3件中 1〜1件目\n\n| Key | Text |\n|---|---|\n| name_301_ja | x |\n")
    (tmp_path / "b.md").write_text("## アイテム\n204件中 1〜1件目\n\nKey | Text\n--- | ---\nname_302_ja | y\n")
    assert "the page says 3, but LINE had 204 on 2025-10-24" in here("catalog", "import", "a.md").stderr
    done = here("catalog", "import", "a.md", "b.md")
    assert json.loads(done.stdout)["items"]["total"] == 204
    assert "different totals, 3 and 204" in done.stderr


def test_pages_that_are_missing_are_named(here, tmp_path):
    """And keys that a complete list no longer has."""
    for first in (1, 11, 31):
        rows = "".join(f"| name_4{number:02}_ja | x |\n" for number in range(first, first + 10))
        text = f"## アイテム\n50件中 {first}〜{first + 9}件目\n\n| Key | Text |\n|---|---|\n{rows}"
        (tmp_path / f"page{first}.md").write_text(text)
    assert "items: 30 of 50; not on these pages: 21-30, 41-50" in here("catalog", "import", "page*.md").stderr
    (tmp_path / "b.md").write_text(
        "## ボタン\n1件中 1〜1件目\n\n| Key | Text |\n|---|---|\n| contact_ja | お問い合わせ |\n"
    )
    assert "lacks 7 that pnpc's catalog has, such as `check_details_ja`" in here("catalog", "import", "b.md").stderr


def test_what_contradicts_is_asked_for_or_noted(here, tmp_path):
    (tmp_path / "a.csv").write_text("key,title\nname_301_ja,x\n")
    done = here("catalog", "import", "a.csv")
    assert (done.returncode, "templates by the column of titles" in done.stderr) == (2, True)
    assert "items" in imported(here, "a.csv", "--kind", "items")
    (tmp_path / "b.csv").write_text("itemKey,text,Owner\nname_301_ja,x,Sato\n")
    assert "but --kind says buttons" in here("catalog", "import", "b.csv", "--kind", "buttons").stderr
    done = here("catalog", "import", "b.csv", "--country", "TH")
    assert "end like those of JP, and are written as keys of TH" in done.stderr
    assert "columns that are not used: `Owner`" in done.stderr


def test_the_country_of_the_config_counts_where_the_endings_tell_nothing(here, tmp_path):
    """The folder of its catalogs may still be empty."""
    (tmp_path / "a.csv").write_text("itemKey,text\nname_301,x\n")
    assert "--country JP|TH|TW" in here("catalog", "import", "a.csv").stderr
    (tmp_path / "pnpc.toml").write_text('country = "TW"\n')
    assert imported(here, "a.csv")["country"] == "TW"


def test_an_imported_label_joins_what_line_said(here, tmp_path):
    known = {
        "name_301_ja": {"known": "verified", "date": "2026-11-28", "account": "Shop A"},
        "date_302_ja": {"known": "refused", "date": "2026-11-28"},
    }
    (tmp_path / "own.json").write_text(json.dumps({"catalog": 1, "country": "JP", "items": {"keys": known}}))
    (tmp_path / "a.csv").write_text("itemKey,text\n" + "".join(f"{key},{text}\n" for key, text in ITEMS))
    done = here("catalog", "import", "a.csv", "-o", "own.json")
    assert "`date_302_ja`: LINE refused it on 2026-11-28" in done.stderr
    keys = json.loads(Path(tmp_path, "own.json").read_text())["items"]["keys"]
    assert keys["name_301_ja"] == {"label": "座席名", **known["name_301_ja"]}
    assert keys["date_302_ja"]["known"] == "refused"


pieces = st.sampled_from(
    ["<table>", "</table>", "<tr>", "<td rowspan=0>", "<td colspan=999999>", "<th>", "Key", "Text", "name_301_ja", "<div role=grid>",
     "<div role=row>", "<div role=tabpanel id=x>", "<a href=#x>Items", "</a>", "<script>[{key:", "'a_b'", "}]", "</script>", "<h2>",
     "<template shadowrootmode=open>", "1-10 of 204", "\ud800", "\t", "\n", "|---|", "|", "<input value=a_b_ja>", "<!--", "-->", "&#xD800;"]
)  # fmt: skip


@given(st.lists(pieces, max_size=25), st.sampled_from(["html", "markdown", "csv", "text", None]))
def test_no_page_is_too_strange(parts, form):
    with suppress(NotAList):
        for sheet in sheets("".join(parts), "a.html", form, ("_ja",)):
            assert all(isinstance(text, str) for row in sheet.rows for text in row)


starts = st.sampled_from(
    [
        b"",
        b"bplist00",
        b"MIME-Version: 1.0\nContent-Type: multipart/x; boundary=a\n\n--a\n",
        b"\xff\xfe",
        b"<meta charset=x>",
    ]
)


@given(starts, st.binary(max_size=200), st.sampled_from([None, "cp932", "utf-16", "hz", "utf-7", "rot13", "\0"]))
def test_no_bytes_are_too_strange(start, data, encoding):
    with suppress(NotAList):
        assert all(isinstance(text.text, str) for text in texts(start + data, encoding, "TH"))
