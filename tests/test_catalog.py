"""`pnpc catalog`: what is known, said with how it is known and how complete it is."""

import json

import pytest

from pnpc.cli.main import main
from pnpc.line.catalog import EXISTS, Catalog
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


def known(state: str, day: str = "", **more: str) -> dict[str, str]:
    return {"known": state, **({"date": day} if day else {}), **more}


def team(*claims: dict[str, str], key: str = "name_901_ja") -> Catalog:
    """Several catalog files of a team that say something of one item."""
    return Catalog(tuple({"catalog": 1, "country": "JP", "items": {"keys": {key: claim}}} for claim in claims))


TAKEN = known("verified", "2026-11-28", account="Shop A")
REFUSED = known("refused", "2026-11-28", account="Shop A", note="LINE: The specified item key does not exist")


@pytest.mark.parametrize("state", EXISTS)
def test_a_key_that_is_known_in_any_way_is_in_no_doubt(state):
    assert team(known(state)).doubt("name_901_ja", "items", "JP") is None
    assert team().doubt("name_901_ja", "items", "JP").claim == "unlisted"


@pytest.mark.parametrize(
    ("claims", "stands"),
    [
        # A refusal stands until LINE says otherwise on a later day.
        ([known("local"), REFUSED], "refused"),
        ([known("local", "2026-11-30"), REFUSED], "refused"),
        ([known("example", "2026-11-30"), REFUSED], "refused"),
        ([known("documented", "2026-11-20"), REFUSED], "refused"),
        ([known("documented", "2026-11-29"), REFUSED], "documented"),
        ([TAKEN, REFUSED], "refused"),
        ([known("verified", "2026-11-29"), REFUSED], "verified"),
        ([known("accepted", "2026-11-29"), REFUSED], "accepted"),
        ([known("accepted"), REFUSED], "refused"),
        ([known("refused"), TAKEN], "verified"),
        ([known("refused"), known("local")], "refused"),
        ([known("refused", "2026-11-20"), TAKEN, REFUSED], "refused"),
        # Of claims that it exists, the strongest.
        ([known("local"), TAKEN], "verified"),
        ([TAKEN, known("documented", "2025-01-01")], "documented"),
        ([known("accepted", "2026-11-29"), TAKEN], "verified"),
        ([known("example"), known("local")], "example"),
    ],
)
def test_what_stands_if_catalogs_differ(claims, stands):
    """Whatever the order of the files."""
    for order in (claims, claims[::-1]):
        catalog = team(*order)
        entry = catalog.country("JP").listings["items"].keys["name_901_ja"]
        assert entry.known == stands
        assert len(entry.others) == len(claims) - 1
        doubt = catalog.doubt("name_901_ja", "items", "JP")
        assert (doubt is not None) == (stands == "refused")


def test_a_key_that_one_country_lacks_may_be_anothers():
    files = (
        {"catalog": 1, "country": code, "items": {"keys": {"name_901": claim}}}
        for code, claim in (("JP", REFUSED), ("TH", TAKEN))
    )
    catalog = Catalog(tuple(files))
    assert catalog.doubt("name_901", "items", None) is None
    assert catalog.doubt("name_901", "items", "JP").claim == "refused"


def test_the_later_of_two_equal_claims_is_shown():
    entry = team(TAKEN, known("verified", "2026-11-30", account="Shop B"), TAKEN).country("JP").listings["items"].keys
    assert (entry["name_901_ja"].date, entry["name_901_ja"].account) == ("2026-11-30", "Shop B")


def test_joined_entries_keep_every_text():
    catalog = team(
        known("documented", "2025-10-24", label="品名", note="misspelt by LINE"), TAKEN, known("local", title="x")
    )
    entry = catalog.country("JP").listings["items"].keys["name_901_ja"]
    assert (entry.label, entry.title, entry.note) == ("品名", "x", "misspelt by LINE")
    entry = (
        team(known("local", label="品名"), known("local", label="店名"))
        .country("JP")
        .listings["items"]
        .keys["name_901_ja"]
    )
    assert entry.label == "店名"


def test_the_words_of_a_refusal_go_with_it():
    """What LINE said of a missing key is no note on a key that exists, nor the other way round."""
    entry = team(REFUSED, known("verified", "2026-11-29")).country("JP").listings["items"].keys["name_901_ja"]
    assert entry.note == ""
    entry = team(known("local", note="ask Sato"), known("refused", "2026-11-29")).country("JP").listings["items"].keys
    assert entry["name_901_ja"].note == ""


def test_verify_adds_to_what_comes_with_pnpc():
    entry = team(TAKEN, key="name_013_ja").country("JP").listings["items"].keys["name_013_ja"]
    assert (entry.known, entry.label) == ("documented", "受取店舗名")
    assert [(claim.known, claim.account) for claim in entry.others] == [("verified", "Shop A")]
    assert team(REFUSED, key="name_013_ja").doubt("name_013_ja", "items", "JP").claim == "refused"


def counted(complete: bool, total: int | None, day: str, keys: tuple[str, ...] = ()) -> dict[str, object]:
    listing = {
        "complete": complete,
        "total": total,
        "keys": {key: {} for key in keys},
        **({"total_date": day} if day else {}),
    }
    return {"catalog": 1, "country": "JP", "buttons": listing}


@pytest.mark.parametrize(
    ("file", "complete", "total"),
    [
        (counted(False, 9, "2026-11-20"), False, 9),
        (counted(False, 9, "2026-11-20", ("new_button_ja",)), True, 9),
        (counted(False, 9, "2025-01-01"), True, 8),  # an older page
        (counted(True, 9, "2026-11-20", ("new_button_ja",)), True, 9),
        (counted(False, 8, "2026-11-20"), True, 8),
        (counted(False, None, ""), True, 8),
        (counted(False, 12, ""), True, 8),
    ],
)
def test_a_complete_list_that_line_has_outgrown_is_complete_no_more(file, complete, total):
    listing = Catalog((file,)).country("JP").listings["buttons"]
    assert (listing.complete, listing.total) == (complete, total)


def test_a_team_may_call_a_list_complete():
    assert (
        Catalog(({"catalog": 1, "country": "JP", "items": {"complete": True, "keys": {}}},))
        .doubt("abc_x_ja", "items", "JP")
        .claim
        == "unknown"
    )


@pytest.fixture
def asked(tmp_path):
    """A project in which LINE took one item, refused another and refused a template."""
    items = {"name_901_ja": TAKEN, "name_902_ja": REFUSED}
    templates = {"parcel_911_ja": known("refused", "2026-11-27", source="LINE's answers to 2 messages, 2026-11-27")}
    own = {"catalog": 1, "country": "JP", "items": {"keys": items}, "templates": {"keys": templates}}
    (tmp_path / "own.json").write_text(json.dumps(own), encoding="utf-8")
    (tmp_path / "pnpc.toml").write_text('country = "JP"\ncatalogs = ["own.json"]\n', encoding="utf-8")
    rows = [{"itemKey": key, "content": "x"} for key in ("name_901_ja", "name_902_ja", "datetime_000")]
    body = {"templateKey": "parcel_911_ja", "body": {"items": rows}}
    (tmp_path / "body.json").write_text(json.dumps(body), encoding="utf-8")


@pytest.mark.usefixtures("asked")
def test_check_names_the_day_and_the_account_of_a_refusal(capsys):
    assert main(["check", "body.json", "--format", "json"]) == 1
    diagnostics = json.loads(capsys.readouterr().out)["diagnostics"]
    assert [(one["name"], one["message"]) for one in diagnostics] == [
        ("unknown-template", "LINE refused template `parcel_911_ja` on 2026-11-27"),
        ("unknown-item", "LINE refused item `name_902_ja` on 2026-11-28 for the account `Shop A`"),
        ("unknown-item", "there is no item `datetime_000` (LINE's own example of an item that does not exist)"),
    ]
    assert "LINE: The specified item key does not exist; `pnpc verify --learn FILE`" in diagnostics[1]["help"]


def test_check_says_that_another_catalog_has_a_refused_key(tmp_path, capsys):
    for name, claim in (("a", known("documented", "2026-11-20")), ("b", REFUSED)):
        own = {"catalog": 1, "country": "JP", "items": {"keys": {"name_901_ja": claim}}}
        (tmp_path / f"{name}.json").write_text(json.dumps(own), encoding="utf-8")
    body = {"templateKey": "ride_time_change_ja", "body": {"items": [{"itemKey": "name_901_ja", "content": "x"}]}}
    (tmp_path / "body.json").write_text(json.dumps(body), encoding="utf-8")
    assert main(["check", "body.json", "--catalog", "a.json", "--catalog", "b.json"]) == 1
    assert "another catalog has it as documented 2026-11-20; `pnpc verify --learn FILE`" in capsys.readouterr().out


@pytest.mark.usefixtures("asked")
def test_list_and_show_name_the_day_and_the_account(capsys):
    rows = {row.split()[0]: row for row in run(capsys, "list", "items", "--country", "JP").splitlines()[2:]}
    assert "verified 2026-11-28" in rows["name_901_ja"]
    assert "refused 2026-11-28" in rows["name_902_ja"]
    assert "Shop A" in run(capsys, "show", "name_901_ja")
    text = run(capsys, "show", "name_902_ja")
    assert "refused by LINE as an item of Japan" in text
    assert "Shop A" in text
    (entry,) = json.loads(run(capsys, "show", "name_901_ja", "--format", "json"))
    assert (entry["known"], entry["date"], entry["account"]) == ("verified", "2026-11-28", "Shop A")


def test_show_tells_what_the_other_catalogs_say(tmp_path, capsys):
    for name, claim in (("a", known("local", label="品名")), ("b", TAKEN)):
        own = {"catalog": 1, "country": "JP", "items": {"keys": {"name_901_ja": claim}}}
        (tmp_path / f"{name}.json").write_text(json.dumps(own), encoding="utf-8")
    words = ("show", "name_901_ja", "--catalog", "b.json", "--catalog", "a.json")
    text = run(capsys, *words)
    assert "品名" in text
    assert "known    verified" in text
    assert "also     local" in text
    (entry,) = json.loads(run(capsys, *words, "--format", "json"))
    assert entry["others"] == [{"known": "local"}]


@pytest.mark.parametrize("day", ["today", "2026-1-1", "28.11.2026"])
def test_a_day_in_a_catalog_is_a_date(day, tmp_path, capsys):
    """Days are compared, so they must have one form."""
    (tmp_path / "a.json").write_text(
        json.dumps({"catalog": 1, "country": "JP", "items": {"keys": {"a_b": {"date": day}}}})
    )
    assert main(["catalog", "list", "--catalog", "a.json"]) == 2
    assert "a.json:1:" in capsys.readouterr().err


def test_the_texts_of_a_catalog_rule_no_terminal(tmp_path, capsys):
    texts = {"label": "x\u202e\ny", "source": "\u202ez"}
    own = {"catalog": 1, "country": "TH", "items": {"keys": {"name_901_th": texts, "name\u202e_th": {}}}}
    (tmp_path / "own.json").write_text(json.dumps(own))
    for words in (
        ("list", "--country", "TH"),
        ("search", "x\u202e"),
        ("show", "name_901_th"),
        ("show", "name\u202e_th"),
    ):
        text = run(capsys, *words, "--catalog", "own.json")
        assert "\u202e" not in text
        assert "<U+202E>" in text
