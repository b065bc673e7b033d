"""`pnpc catalog list --unknown`: which keys of a project LINE has not confirmed, and where they stand."""

import json

import pytest
from conftest import Here

SPEC = """\
pnpc: 1
name: {name}
country: TH
variables:
  late: {{type: boolean, example: true}}
  lines: {{type: array, maxItems: 3, items: {{type: string, maxLength: 9, example: x}}, example: [x]}}
message:
  templateKey: parcel_901_th
  body:
    emphasizedItem: {{$include: parts/day.yaml}}
    items:
      - {{$if: late, itemKey: name_901_th, content: x}}
      - {{$if: not late, itemKey: name_902_th, content: x}}
      - {{$for: line in lines, itemKey: name_903_th, content: "{{{{ line }}}}"}}
      - {{itemKey: "{{{{ late }}}}_th", content: x}}
    buttons:
      - {{buttonKey: open_901_th, url: "https://example.com/"}}
"""
CATALOG = {
    "catalog": 1, "country": "TH", "known": "local",
    "templates": {"keys": {"parcel_901_th": {"known": "verified", "date": "2026-11-28", "account": "Shop A"}}},
    "items": {"keys": {
        "name_901_th": {"label": "พัสดุ"},
        "name_902_th": {"known": "documented"},
        "name_903_th": {"known": "refused", "date": "2026-11-28", "account": "Shop A"},
    }},
    "buttons": {"keys": {"open_901_th": {"known": "accepted", "date": "2026-11-27"}}},
}  # fmt: skip


@pytest.fixture
def project(tmp_path):
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "day.yaml").write_text("itemKey: date_901_th\ncontent: today\n")
    (tmp_path / "a.yaml").write_text(SPEC.format(name="a"))
    (tmp_path / "b.yaml").write_text(SPEC.format(name="b"))
    (tmp_path / "own.json").write_text(json.dumps(CATALOG))
    (tmp_path / "pnpc.toml").write_text('country = "TH"\ncatalogs = ["own.json"]\n')
    (tmp_path / "other.yaml").write_text("anything: else\n")
    return tmp_path


def unknown(here: Here, *words: str) -> dict:
    done = here("catalog", "list", "--unknown", "--format", "json", *words)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.usefixtures("project")
def test_keys_that_are_not_confirmed_with_every_place(here):
    """Behind `$if` and `$for`, and in a fragment, where each stands once however many specs include it."""
    content = unknown(here)
    assert {name: content[name] for name in ("version", "files", "keys", "known", "unread")} == {
        "version": 1, "files": 2, "keys": 7, "known": {"verified": 1, "documented": 1, "accepted": 1}, "unread": {},
    }  # fmt: skip
    places = {key["key"]: [(place["file"], place["line"]) for place in key["places"]] for key in content["unknown"]}
    assert places == {
        "date_901_th": [("parts/day.yaml", 1)],
        "name_901_th": [("a.yaml", 12), ("b.yaml", 12)],
        "name_903_th": [("a.yaml", 14), ("b.yaml", 14)],
    }
    (local,) = [key for key in content["unknown"] if key["key"] == "name_901_th"]
    assert (local["kind"], local["country"], local["known"], local["label"]) == ("items", "TH", "local", "พัสดุ")
    assert local["places"][0]["column"] == 30
    (refused,) = [key for key in content["unknown"] if key["key"] == "name_903_th"]
    assert (refused["known"], refused["date"], refused["account"]) == ("refused", "2026-11-28", "Shop A")
    assert [key["known"] for key in content["unknown"] if key["key"] == "date_901_th"] == [None]


@pytest.mark.usefixtures("project")
def test_a_key_that_an_expression_fills_can_not_be_told(here):
    (filled,) = unknown(here)["untellable"]
    assert (filled["key"], [place["line"] for place in filled["places"]]) == ("{{ late }}_th", [15, 15])
    assert "known" not in filled


@pytest.mark.usefixtures("project")
def test_the_table_says_what_to_do(here):
    done = here("catalog", "list", "--unknown")
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    rows = {line.split()[0]: " ".join(line.split()) for line in lines if line.startswith(("date_", "name_"))}
    assert rows == {
        "date_901_th": "date_901_th item TH not in a catalog parts/day.yaml:1",
        "name_901_th": "name_901_th item TH local a.yaml:12, b.yaml:12",
        "name_903_th": "name_903_th item TH refused 2026-11-28 a.yaml:14, b.yaml:14",
    }
    assert "6 keys: 3 not confirmed by LINE; 1 verified, 1 documented, 1 accepted" in lines
    assert any(line.startswith("1 key filled by an expression") for line in lines)
    assert any(line.startswith("1 key refused by LINE") for line in lines)
    assert "next: pnpc verify a.yaml --learn catalogs/verified-th.json" in lines


def test_what_to_ask_about_can_be_pasted(here, tmp_path):
    for number in range(6):
        body = {"templateKey": f"parcel_90{number // 3}_jp", "body": {"items": [{"itemKey": "a_ja", "content": "x"}]}}
        (tmp_path / f"{number} x.json").write_text(json.dumps(body))
    (tmp_path / "pnpc.toml").write_text('country = "JP"\n')
    lines = here("catalog", "list", "--unknown").stdout.splitlines()
    assert "next: pnpc verify '0 x.json' '3 x.json' --learn catalogs/verified-jp.json" in lines


@pytest.mark.usefixtures("project")
def test_kind_country_and_paths_narrow_it(here):
    assert unknown(here, "templates")["unknown"] == []
    assert unknown(here, "--country", "JP")["keys"] == 0
    only = unknown(here, "items", "a.yaml")
    assert {place["file"] for key in only["unknown"] for place in key["places"]} == {"a.yaml", "parts/day.yaml"}


def test_nothing_is_left_once_line_has_confirmed_all(here, tmp_path):
    (tmp_path / "a.json").write_text(json.dumps({"templateKey": "boarding_time_change_ja"}))
    done = here("catalog", "list", "--unknown")
    assert (done.returncode, done.stdout) == (0, "1 key: 0 not confirmed by LINE; 1 documented\n")


def test_a_message_without_a_country(here, tmp_path):
    (tmp_path / "a.json").write_text(json.dumps({"templateKey": "parcel_901"}))
    assert unknown(here)["unknown"][0]["country"] is None
    assert "`country` in pnpc.toml" in here("catalog", "list", "--unknown").stdout


def test_bodies_of_sinch_and_several_documents_count(here, tmp_path):
    line = {"message_type": "NOTIFICATION_MESSAGE_TEMPLATE", "message": {"template_key": "parcel_901_ja"}}
    (tmp_path / "sinch.json").write_text(json.dumps({"message": {"channel_specific_message": {"LINE": line}}}))
    body = "templateKey: parcel_90{}_ja\nbody: {{}}\n"
    (tmp_path / "two.yaml").write_text("---\n".join(body.format(number) for number in (2, 3)))
    keys = {key["key"]: key["places"][0]["line"] for key in unknown(here)["unknown"]}
    assert keys == {"parcel_901_ja": 1, "parcel_902_ja": 1, "parcel_903_ja": 4}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("pnpc: 1\nname: a\nmessage:\n  templateKey: parcel_901_th\n   body: {}\n", ""),
        (
            "pnpc: 1\nname: a\nmessage:\n  templateKey: parcel_901_th\n  body: {$include: nowhere.yaml}\n",
            "nowhere.yaml",
        ),
        ("pnpc: 1\nname: caf\udce9\nmessage: {templateKey: parcel_901_th}\n", ""),
    ],
)
def test_what_can_not_be_read_is_named(text, reason, here, tmp_path):
    (tmp_path / "a.yaml").write_bytes(text.encode(errors="surrogateescape"))
    done = here("catalog", "list", "--unknown")
    assert done.returncode == 0
    assert done.stderr.startswith("note: a.yaml has keys that are not listed: ")
    assert reason in done.stderr
    assert list(unknown(here)["unread"]) == ["a.yaml"]


def test_words_that_are_wrong(here, tmp_path):
    assert "no spec found in ." in here("catalog", "list", "--unknown").stderr
    done = here("catalog", "list", "--unknown", "nowhere.yaml")
    assert (done.returncode, "nowhere.yaml" in done.stderr) == (2, True)
    assert "is not a kind: templates, items, buttons" in here("catalog", "list", "templats").stderr
    (tmp_path / "a.yaml").write_text("pnpc: 1\n")
    assert "add --unknown" in here("catalog", "list", "a.yaml").stderr
