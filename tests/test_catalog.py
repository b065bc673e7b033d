"""`pnpc catalog`: what is known, said with how it is known and how complete it is."""

import json

import pytest

from pnpc.cli.main import main
from pnpc.line.catalog import Catalog
from pnpc.text.width import cells


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def run(capsys, *words: str, code: int = 0) -> str:
    assert main(["catalog", *words]) == code
    told = capsys.readouterr()
    assert "Traceback" not in told.err
    return told.out if code == 0 else told.err


def test_list_says_how_complete_each_list_is(capsys):
    text = run(capsys, "list")
    assert "Japan, templates: 11 of 91, as LINE said on 2025-10-24\n" in text
    assert "Japan, items: 15 of 204, as LINE said on 2025-10-24\n" in text
    assert "Japan, buttons: all 8, as LINE said on 2025-10-24\n" in text
    for country in ("Thailand", "Taiwan"):
        for kind in ("templates", "items", "buttons"):
            assert f"{country}, {kind}: none known" in text


def test_list_shows_refused_keys_as_such(capsys):
    lines = run(capsys, "list", "templates", "--country", "JP").splitlines()
    (refused,) = [line for line in lines if line.startswith("reserve_004 ")]
    assert "refused: does not exist" in refused
    assert not [line for line in lines if line.startswith("check_details_ja")]


def test_columns_align_under_kanji(capsys):
    found = run(capsys, "search", "ja").splitlines()
    head, rows = found[0], found[1:]
    assert {"item", "button", "template"} == {row.split()[2] for row in rows}
    column = head.index("SAYS")
    for row in rows:
        if cells(row) > column:
            kept = row[:column]  # no kanji stands left of the last column
            assert cells(kept) == column
            assert kept.endswith("  ")


def test_list_as_json_is_the_catalog(capsys):
    listed = json.loads(run(capsys, "list", "buttons", "--country", "JP", "--format", "json"))
    (buttons,) = listed
    assert (buttons["complete"], buttons["held"], buttons["total"]) == (True, 8, 8)
    assert {one["key"] for one in buttons["keys"]} == set(Catalog().country("JP").listings["buttons"].keys)


@pytest.mark.parametrize(
    ("word", "key"),
    [("配達状況", "check_delivery_status_ja"), ("PRICE", "price_001_ja"), ("欠便", "service_cancellationl_ja"),
     ("cancelation", "service_cancellationl_ja"), ("delivry", "check_delivery_status_ja"), ("スープ", "name_010_ja")],
)  # fmt: skip
def test_search_finds_keys_by_key_text_and_near_spelling(word, key, capsys):
    rows = run(capsys, "search", word).splitlines()[1:]
    assert key in [row.split()[0] for row in rows]
    assert key in [one["key"] for one in json.loads(run(capsys, "search", word, "--format", "json"))]


def test_search_for_what_is_not_there(capsys):
    assert "no known key matches `xyzzy`" in run(capsys, "search", "xyzzy", code=1)


def test_show_tells_all_that_is_known(capsys):
    text = run(capsys, "show", "name_010_ja")
    for part in ("item", "Japan", "example", "スープセット（冷凍）", "https://developers.line.biz/", "2026-03-30"):
        assert part in text
    (entry,) = json.loads(run(capsys, "show", "service_cancellationl_ja", "--format", "json"))
    assert entry["known"] == "documented"
    assert entry["title"] == "欠便のお知らせ"
    assert "extra l" in entry["note"]


def test_show_a_refused_key(capsys):
    assert "LINE says that it does not exist" in run(capsys, "show", "datetime_000")


@pytest.mark.parametrize(
    ("key", "near"),
    [("shipment_complete_ja", "`shipment_completed_ja`"), ("check_shop_locaton", "`check_shop_location`")],
)
def test_show_an_unknown_key_names_near_ones(key, near, capsys):
    assert near in run(capsys, "show", key, code=1)


def test_show_an_unknown_key_is_honest_about_the_lists(capsys):
    told = run(capsys, "show", "name_099_ja", code=1)
    assert "it may exist all the same" in told
    assert "did you mean" not in told


def test_the_teams_catalog_is_part_of_it(tmp_path, capsys):
    keys = {"parcel_001_th": {"label": "พัสดุ", "date": "2026-11-01"}}
    own = {
        "catalog": 1,
        "country": "TH",
        "known": "local",
        "items": {"total": 4, "total_date": "2026-11-01", "keys": keys},
    }
    (tmp_path / "own.json").write_text(json.dumps(own), encoding="utf-8")
    (tmp_path / "pnpc.toml").write_text('catalogs = ["own.json"]\n', encoding="utf-8")
    assert "Thailand, items: 1 of 4, as LINE said on 2026-11-01\n" in run(capsys, "list", "--country", "TH")
    assert "local" in run(capsys, "show", "parcel_001_th")
    assert "parcel_001_th" in run(capsys, "search", "พัสดุ")


@pytest.mark.parametrize(
    ("key", "kind", "near"),
    [
        ("shipment_completed", "templates", "shipment_completed_ja"),
        ("number_001", "items", "number_001_ja"),
        ("number_001_ja_ja", "items", "number_001_ja"),
        ("check_shop_location_ja", "buttons", "check_shop_location"),
        ("number_００１_ja", "items", "number_001_ja"),
        ("ＮＵＭＢＥＲ_001", "items", "number_001_ja"),
    ],
)
def test_a_key_is_compared_in_plain_characters_with_its_ending_added_or_taken(key, kind, near):
    doubt = Catalog().doubt(key, kind, "JP")
    assert (doubt.claim, doubt.near) == ("unknown", (near,))


def test_a_key_of_another_number_is_near_none():
    assert Catalog().doubt("number_777", "items", "JP").claim == "unlisted"
