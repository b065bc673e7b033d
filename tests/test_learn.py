"""`pnpc catalog learn`: only LINE's own words teach, and nothing that stands in a catalog is lost."""

import json
from typing import Any

import pytest
from journals import FLEXIBLE, LINE, Sent, keep, refused

from pnpc.cli.main import main
from pnpc.deliver.journal.journal import Journal
from pnpc.deliver.standing.learn import lessons
from pnpc.line.grammar import compiler
from pnpc.text.nodes import compose
from pnpc.text.source import Source

AT = 1_795_273_200_000  # 2026-11-21 in UTC
DAY = 86_400_000
FILE = "catalogs/learned-jp.json"


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def keys(template: str = "shipment_completed_ja", items: tuple[str, ...] = (), buttons: tuple[str, ...] = ()) -> str:
    found = {"templateKey": template, "items": items, "buttons": buttons}
    return json.dumps({name: value for name, value in found.items() if value})


def said(message: str, *details: tuple[str, str]) -> str:
    """An answer of 400."""
    return json.dumps({"message": message, "details": [{"message": one, "property": place} for one, place in details]})


def no_item(key: str) -> str:
    return said(
        "The request body has 1 invalid key(s).",
        (f"The specified item key does not exist: {key}", "body.items[0].itemKey"),
    )


def learn(capsys, *words: str, journal: str = "a.journal.db", code: int = 0) -> str:
    assert main(["catalog", "learn", "--journal", journal, *words]) == code
    told = capsys.readouterr()
    return told.out if code == 0 else told.err


def learnt(file: str = FILE) -> dict[str, Any]:
    """What the file holds, which must be a catalog."""
    with open(file, encoding="utf-8") as stream:
        text = stream.read()
    (document,) = compose(Source(file, text))
    assert list(compiler.check("catalog", document, expressions=False)) == []
    found: dict[str, Any] = json.loads(text)
    return found


def test_what_line_took_is_accepted(tmp_path, capsys):
    new = keys("parcel_911_ja", ("name_911_ja", "date_002_ja"), ("open_911_ja",))
    keep(tmp_path / "a.journal.db", [Sent(1, AT, keys=new), Sent(2, AT + DAY, keys=new), Sent(3, AT, keys=keys())])
    out = learn(capsys)
    source = "LINE's answers to 2 messages, 2026-11-21 to 2026-11-22"
    entry = {"known": "accepted", "date": "2026-11-22", "source": source}
    assert learnt() == {
        "catalog": 1, "country": "JP",
        "templates": {"keys": {"parcel_911_ja": entry}},
        "items": {"keys": {"name_911_ja": entry}},
        "buttons": {"keys": {"open_911_ja": entry}},
    }  # fmt: skip
    assert "2 keys with nothing new" in out  # date_002_ja and shipment_completed_ja: LINE's table has them
    assert out.endswith(f"{FILE}\n")


def test_what_line_names_as_missing_is_refused(tmp_path, capsys):
    no_template = said(
        "Invalid templateKey: parcel_912_ja",
        ("The specified template doesn't exist, or you don't have the permission", "templateKey"),
    )
    keep(
        tmp_path / "a.journal.db",
        [refused(1, AT, no_item("name_912_ja"), keys=keys(items=("name_912_ja", "name_911_ja"))),
         refused(2, AT, no_template, keys=keys("parcel_912_ja", ("name_913_ja",)))],
    )  # fmt: skip
    learn(capsys)
    found = learnt()
    assert {kind: list(found[kind]["keys"]) for kind in ("templates", "items")} == {
        "templates": ["parcel_912_ja"], "items": ["name_912_ja"],
    }  # fmt: skip
    item = found["items"]["keys"]["name_912_ja"]
    assert item["known"] == "refused"
    assert item["note"] == "LINE: The specified item key does not exist: name_912_ja"
    assert "buttons" not in found


@pytest.mark.parametrize(
    "answer",
    [
        said("The request body has 1 error(s)", ("Duplicate itemKey in items or between emphasizedItem and items are not "
             "allowed: name_912_ja", "body.items[0].itemKey")),
        said("The request body has 1 error(s)", ("The value must be a valid SHA-256 digest.", "to")),
        said("The request body has 1 error(s)", ("May not be empty", "templateKey")),
        no_item("name_999_ja"),  # no key of this message
        said("x", ("The specified item key does not exist: name_912_ja", "messages[0].text")),
        no_item("name_912_ja")[:40],  # cut
        "does not exist: name_912_ja",
        '{"message": "does not exist: name_912_ja", "details": [1, {"property": "body.items[0].itemKey"}]}',
    ],
)  # fmt: skip
def test_other_refusals_teach_nothing(tmp_path, capsys, answer):
    keep(tmp_path / "a.journal.db", [refused(1, AT, answer, keys=keys(items=("name_912_ja",)))])
    learn(capsys)
    assert [one.name for one in tmp_path.iterdir()] == ["a.journal.db"]


def test_a_200_of_the_flexible_kind_teaches_nothing(tmp_path, capsys):
    keep(tmp_path / "a.journal.db", [Sent(1, AT, status=200, path=FLEXIBLE)])
    assert learn(capsys) == ""
    keep(tmp_path / "b.journal.db", [Sent(1, AT, status=200, keys=keys("parcel_911_ja"))])  # LINE answers 202
    with Journal.read(str(tmp_path / "b.journal.db")) as journal:
        assert list(lessons(journal, LINE)) == []


def test_the_emulator_teaches_nothing(tmp_path, capsys):
    keep(tmp_path / "a.journal.db", [Sent(1, AT, keys=keys("parcel_911_ja"))], api="http://127.0.0.1:8080")
    assert "has no answers of https://api.line.me, and only those count" in learn(capsys, code=2)
    learn(capsys, "--api-url", "http://127.0.0.1:8080")
    assert "parcel_911_ja" in learnt()["templates"]["keys"]


def test_nothing_of_a_file_is_lost(tmp_path, capsys):
    own = {
        "catalog": 1, "country": "JP", "source": "our own list", "suffixes": [{"suffix": "_ja", "known": "documented"}],
        "items": {
            "complete": False, "total": 204, "total_date": "2026-01-01",
            "keys": {
                "name_901_ja": {"label": "品名", "note": "ask Sato"},
                "name_902_ja": {"label": "店名", "source": "a mail of LINE's"},
                "name_903_ja": {"known": "documented", "label": "係名"},
                "name_904_ja": {"known": "refused", "note": "LINE: …"},
            },
        },
    }  # fmt: skip
    (tmp_path / "own.json").write_text(json.dumps(own, ensure_ascii=False))
    used = ("name_901_ja", "name_902_ja", "name_903_ja", "name_904_ja", "name_905_ja")
    keep(tmp_path / "a.journal.db", [Sent(1, AT, keys=keys(items=used))])
    out = learn(capsys, "-o", "own.json")
    ours = "LINE's answers to 1 message, 2026-11-21"
    learned = {"known": "accepted", "date": "2026-11-21", "source": ours}
    listed = own["items"]["keys"]
    assert learnt("own.json") == {
        **own,
        "items": {
            **own["items"],
            "keys": {
                "name_901_ja": {**listed["name_901_ja"], **learned},
                "name_902_ja": {**listed["name_902_ja"], **learned, "source": f"a mail of LINE's; {ours}"},
                "name_903_ja": listed["name_903_ja"],
                "name_904_ja": learned,
                "name_905_ja": learned,
            },
        },
    }
    assert "was local" in out
    assert "was refused" in out
    before = (tmp_path / "own.json").read_bytes()
    assert "with nothing new" in learn(capsys, "-o", "own.json")  # the same again
    assert (tmp_path / "own.json").read_bytes() == before


def test_what_is_seen_again_later_is_renewed(tmp_path, capsys):
    keep(tmp_path / "a.journal.db", [Sent(1, AT, keys=keys("parcel_911_ja"))])
    keep(tmp_path / "b.journal.db", [Sent(1, AT + 5 * DAY, keys=keys("parcel_911_ja"))])
    learn(capsys)
    assert "seen again" in learn(capsys, journal="b.journal.db")
    assert learnt()["templates"]["keys"]["parcel_911_ja"]["date"] == "2026-11-26"
    assert "nothing new" in learn(capsys)  # the older journal
    assert learnt()["templates"]["keys"]["parcel_911_ja"]["date"] == "2026-11-26"


def test_the_later_answer_counts(tmp_path, capsys):
    used = keys(items=("name_912_ja",))
    keep(tmp_path / "a.journal.db", [refused(1, AT, no_item("name_912_ja"), keys=used), Sent(2, AT + DAY, keys=used)])
    assert "refused before, until 2026-11-21" in learn(capsys)
    assert learnt()["items"]["keys"]["name_912_ja"]["known"] == "accepted"
    keep(tmp_path / "b.journal.db", [refused(1, AT + 2 * DAY, no_item("name_912_ja"), keys=used)])
    assert "was accepted" in learn(capsys, journal="b.journal.db")
    assert learnt()["items"]["keys"]["name_912_ja"]["known"] == "refused"


def test_what_lines_table_has_is_not_overruled(tmp_path, capsys):
    keep(tmp_path / "a.journal.db", [refused(1, AT, no_item("date_002_ja"), keys=keys(items=("date_002_ja",)))])
    assert "the catalog has it as example" in learn(capsys)
    assert [one.name for one in tmp_path.iterdir()] == ["a.journal.db"]


def test_check_knows_what_was_learnt(tmp_path, capsys):
    used = keys("parcel_911_ja", ("name_912_ja",))
    keep(
        tmp_path / "a.journal.db",
        [refused(1, AT, no_item("name_912_ja"), keys=used), Sent(2, AT, keys=keys("parcel_911_ja"))],
    )
    learn(capsys)
    (tmp_path / "pnpc.toml").write_text(f'country = "JP"\ncatalogs = ["{FILE}"]\n')
    body = {"templateKey": "parcel_911_ja", "body": {"items": [{"itemKey": "name_912_ja", "content": "x"}]}}
    (tmp_path / "one.json").write_text(json.dumps(body))
    assert main(["check", "one.json", "--format", "json"]) == 1
    found = {one["name"]: one["message"] for one in json.loads(capsys.readouterr().out)["diagnostics"]}
    assert "name_912_ja" in found["unknown-item"]
    assert not {"unlisted-key", "unknown-template"} & set(found)


def test_whose_keys_they_are_is_asked_where_nothing_tells(tmp_path, capsys):
    keep(tmp_path / "a.journal.db", [Sent(1, AT, keys=keys("parcel"))])
    assert "--country JP|TH|TW" in learn(capsys, code=2)
    learn(capsys, "--country", "TH")
    assert learnt("catalogs/learned-th.json")["country"] == "TH"
    assert "holds keys of TH" in learn(capsys, "--country", "TW", "-o", "catalogs/learned-th.json", code=2)


def test_what_is_no_journal_is_told(tmp_path, capsys):
    assert "a.journal.db" in learn(capsys, code=2)
    (tmp_path / "a.journal.db").write_text("no journal\n" * 500)
    assert "a.journal.db" in learn(capsys, code=2)
    keep(tmp_path / "b.journal.db", [], lines=3)
    learn(capsys, journal="b.journal.db")
    assert LINE in learn(capsys, "--help")


def test_a_verified_key_stays_unless_line_refuses_it(tmp_path, capsys):
    """A message that LINE took says nothing new of it; a later refusal does, and no journal knows the account's name."""
    keys_of = {
        f"name_90{number}_ja": {"known": "verified", "date": "2026-11-21", "account": "Shop A"} for number in (1, 2, 3)
    }
    keys_of["name_903_ja"]["date"] = "2026-11-25"
    own = {"catalog": 1, "country": "JP", "items": {"keys": keys_of}}
    (tmp_path / "own.json").write_text(json.dumps(own))
    sent = [Sent(1, AT + DAY, keys=keys(items=("name_901_ja",)))]
    sent += [refused(n, AT, no_item(f"name_90{n}_ja"), keys=keys(items=(f"name_90{n}_ja",))) for n in (2, 3)]
    keep(tmp_path / "a.journal.db", sent)
    assert "was verified" in learn(capsys, "-o", "own.json")
    written = learnt("own.json")["items"]["keys"]
    assert {key: written[key] for key in ("name_901_ja", "name_903_ja")} == {
        key: keys_of[key] for key in ("name_901_ja", "name_903_ja")
    }
    assert (written["name_902_ja"]["known"], "account" in written["name_902_ja"]) == ("refused", False)
