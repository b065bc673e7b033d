"""`pnpc new`, `init`, `import`, `schema`, `completion`: what they write is what `pnpc check` and `compile` accept."""

import json
import os
import shutil
import subprocess
import sys

import pytest
import yaml
from click.shell_completion import ShellComplete
from conftest import tries
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from specs import diagnostics

from pnpc.cli.common import COMPLETION
from pnpc.cli.main import cli, main
from pnpc.cli.project import init, new
from pnpc.cli.project.import_payload import to_spec
from pnpc.language.bundle import NAMES, bundle
from pnpc.language.message import notice
from pnpc.line.catalog import Catalog
from pnpc.project.config_schema import whole as whole_config
from pnpc.text.nodes import compose
from pnpc.text.source import Source
from pnpc.text.values import construct

TO = "d41e0ad70dddfeb68f149ad6fc61574b9c5780ab7bcb2fba5517771ffbb2409c"


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def messages(text: str) -> list[str]:
    return [f"{one.code} {one.message}" for one in diagnostics(text)]


def write(name: str, text: str) -> str:
    with open(name, "w", encoding="utf-8", newline="") as file:
        file.write(text)
    return name


def read(name: str) -> str:
    with open(name, encoding="utf-8") as file:
        return file.read()


# --- pnpc new ---


def test_there_is_a_starter_for_each_known_template():
    keys = Catalog().country("JP").listings["templates"].keys
    assert new.starters() == sorted(key for key, entry in keys.items() if entry.known != "refused")


@pytest.mark.parametrize("key", new.starters())
def test_a_starter_checks_clean_and_is_what_it_says(key):
    text = new.starter(key)
    assert messages(text) == []
    (document,) = compose(Source("x.yaml", text))
    read_notice = notice.read(document)
    assert read_notice.template_key.text == key
    assert read_notice.items
    assert read_notice.buttons
    assert all("example" in construct(declared) for declared in read_notice.variables.values())
    Draft202012Validator(bundle("spec")).validate(construct(document.root))


@pytest.mark.parametrize("key", new.starters())
def test_a_starter_compiles_from_its_examples(key, capsys):
    assert main(["new", key, "-o", "spec.yaml"]) == 0
    assert capsys.readouterr().out == "spec.yaml\n"
    assert main(["compile", "spec.yaml"]) == 0
    assert f'"templateKey":"{key}"' in capsys.readouterr().out.replace('": "', '":"')


def test_new_names_the_file_after_the_spec(capsys):
    assert main(["new", "shipment_completed_ja"]) == 0
    assert capsys.readouterr().out == "shipment-completed.yaml\n"
    assert main(["new", "shipment_completed_ja", "--name", "my-parcel"]) == 0
    assert "name: my-parcel\n" in read("my-parcel.yaml")


@pytest.mark.parametrize("name", ["no", "123", "2026-01-01", "1e5", "null"])
def test_new_quotes_a_name_that_other_readers_would_change(name, capsys):
    assert main(["new", "shipment_completed_ja", "--name", name, "-o", "-"]) == 0
    text = capsys.readouterr().out
    assert messages(text) == []
    assert yaml.safe_load(text)["name"] == name


@pytest.mark.parametrize("name", ["Parcel", "my parcel", " ", "a" * 101, "a\n", "小包"])
def test_new_refuses_a_name_that_is_none(name, capsys):
    assert main(["new", "shipment_completed_ja", "--name", name]) == 2
    assert "is not a name for a spec" in capsys.readouterr().err
    assert os.listdir() == []


def test_new_never_overwrites_unasked(capsys):
    write("shipment-completed.yaml", "mine")
    assert main(["new", "shipment_completed_ja"]) == 2
    assert "exists; --force overwrites it" in capsys.readouterr().err
    assert read("shipment-completed.yaml") == "mine"
    assert main(["new", "shipment_completed_ja", "--force"]) == 0
    assert "pnpc: 1" in read("shipment-completed.yaml")


def test_new_with_an_unknown_template(capsys):
    assert main(["new", "shipment_complete"]) == 2
    assert "did you mean `shipment_completed_ja`?" in capsys.readouterr().err
    assert main(["new", "../specs/shipment_completed_ja"]) == 2
    assert main(["new"]) == 2


def test_new_lists_what_there_is(capsys):
    assert main(["new", "--list"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()[1:]] == new.starters()


def test_new_into_a_place_that_is_no_folder(capsys):
    write("file", "")
    assert main(["new", "shipment_completed_ja", "-o", "file/spec.yaml"]) == 2
    assert capsys.readouterr().err.startswith("pnpc: can't write file/spec.yaml")


SEATS = {
    "catalog": 1, "country": "JP", "known": "local", "date": "2026-11-20",
    "templates": {"keys": {
        "seat_reserved_ja": {"label": "座席予約通知", "title": "お座席のお知らせ", "description": "お座席を確保いたしました。"},
        "odd_ja": {"label": "x: #y\n{{ z }} 'q' \"", "account": "A\u202e"}, "gone_ja": {"known": "refused", "date": "2026-11-28"},
    }},
    "items": {"keys": {"name_301_ja": {"label": "座席名"}, "date_302_ja": {"label": "座席の日"}, "price_303_ja": {"label": "運賃"}}},
    "buttons": {"keys": {"check_seat_ja": {"label": "座席を確認する"}}},
}  # fmt: skip
PARCELS = {
    "catalog": 1,
    "country": "TH",
    "templates": {"keys": {"parcel_sent_th": {"known": "verified", "date": "2026-11-28"}}},
}


@pytest.fixture
def team():
    """A project with catalogs of its own."""
    os.mkdir("catalogs")
    write("catalogs/jp.json", json.dumps(SEATS))
    write("catalogs/th.json", json.dumps(PARCELS))
    write("pnpc.toml", 'catalogs = ["catalogs/*"]\n')


def framed(capsys, *words: str) -> str:
    assert main(["new", *words, "-o", "-"]) == 0
    return capsys.readouterr().out


@pytest.mark.usefixtures("team")
def test_new_offers_the_templates_of_the_catalogs(capsys):
    assert main(["new", "--list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    rows = [line.split() for line in lines[lines.index("From your catalogs, as frames:") + 2 :]]
    assert rows[0] == ["seat_reserved_ja", "JP", "local", "座席予約通知"]
    assert [row[0] for row in rows] == ["seat_reserved_ja", "odd_ja", "parcel_sent_th"]
    write("pnpc.toml", 'country = "TH"\ncatalogs = ["catalogs/*"]\n')
    assert main(["new", "--list"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()[2:]] == ["parcel_sent_th"]


@pytest.mark.usefixtures("team")
@pytest.mark.parametrize("key", ["seat_reserved_ja", "odd_ja", "parcel_sent_th"])
def test_a_frame_checks_clean_and_compiles(key, capsys):
    """Also if the catalog's texts are full of what YAML and expressions take for their own."""
    write("spec.yaml", framed(capsys, key))
    assert main(["check", "spec.yaml", "--fail-on", "warning"]) == 0, capsys.readouterr().out
    assert main(["compile", "spec.yaml"]) == 0
    assert f'"templateKey":"{key}"' in capsys.readouterr().out


@pytest.mark.usefixtures("team")
def test_a_frame_says_what_is_known_and_what_is_not(capsys):
    text = framed(capsys, "seat_reserved_ja")
    assert text.startswith("# 座席予約通知 (LINE's template `seat_reserved_ja`).\n")
    assert "お座席のお知らせ / お座席を確保いたしました。" in text
    assert "Known as: local 2026-11-20" in text
    body = yaml.safe_load(text)["message"]["body"]
    # Those that share a word with it, and not the fare; a date is one by its key.
    assert body["items"] == [
        {"itemKey": "name_301_ja", "content": "{{ name_301 }}"},
        {"itemKey": "date_302_ja", "content": "{{ date_302 | date('long') }}"},
    ]
    assert [button["buttonKey"] for button in body["buttons"]] == ["check_seat_ja"]
    assert "share words with the template's" in text
    text = framed(capsys, "parcel_sent_th")
    assert "No label is known" in text
    assert yaml.safe_load(text)["message"]["body"] == {}


@pytest.mark.usefixtures("team")
def test_new_takes_the_items_and_buttons_that_are_named(capsys):
    text = framed(capsys, "shipment_completed_ja", "--item", "price_303_ja", "--item", "price_303_ja", "--name", "fare")
    spec = yaml.safe_load(text)
    assert [item["itemKey"] for item in spec["message"]["body"]["items"]] == ["price_303_ja"]
    assert "buttons" not in spec["message"]["body"]
    assert (spec["name"], spec["deliveryTag"]) == ("fare", "fare-{{ id }}")
    assert messages(text) == ["PNP218 item `price_303_ja` is not in the catalog, which holds 15 of Japan's 204 items"]
    for words, complaint in (
        (("--item", "nmae_301_ja"), "no catalog has the item `nmae_301_ja`; did you mean `name_301_ja`?"),
        (("--button", "a_b", "--button", "c_d", "--button", "e_f"), "LINE takes at most 2 buttons, not 3"),
        (("--item", "check_seat_ja"), "no catalog has the item `check_seat_ja`"),
    ):
        assert main(["new", "seat_reserved_ja", *words]) == 2
        assert complaint in capsys.readouterr().err


@pytest.mark.usefixtures("team")
def test_new_refuses_what_it_does_not_know(capsys):
    for key, complaint in (
        ("gone_ja", "LINE refused template `gone_ja` on 2026-11-28"),
        ("seat_reserve_ja", "did you mean `seat_reserved_ja`?"),
        ("seat_xyz_ja", "no starter spec for `seat_xyz_ja`"),
    ):
        assert main(["new", key]) == 2
        assert complaint in capsys.readouterr().err
    write("pnpc.toml", 'country = "JP"\ncatalogs = ["catalogs/*"]\n')
    assert main(["new", "parcel_sent_th"]) == 2
    assert "is a key of TH, and `country` is JP" in capsys.readouterr().err


@pytest.mark.usefixtures("team")
def test_a_starter_that_line_refused_is_not_written(capsys):
    claims = {
        "shipment_completed_ja": {"known": "verified", "date": "2026-11-28"},
        "ride_time_change_ja": {"known": "refused", "date": "2026-11-28"},
    }
    write("catalogs/verified.json", json.dumps({"catalog": 1, "country": "JP", "templates": {"keys": claims}}))
    assert main(["new", "--list"]) == 0
    rows = {line.split()[0]: line for line in capsys.readouterr().out.splitlines() if line}
    assert rows["shipment_completed_ja"].endswith("(verified 2026-11-28)")
    assert rows["ride_time_change_ja"].endswith("(refused 2026-11-28)")
    assert main(["new", "ride_time_change_ja"]) == 2
    assert "LINE refused template `ride_time_change_ja` on 2026-11-28" in capsys.readouterr().err
    assert main(["new", "shipment_completed_ja"]) == 0


def completed(*words: str) -> list[str]:
    *before, begun = words
    return [item.value for item in ShellComplete(cli, {}, "pnpc", COMPLETION).get_completions(before, begun)]


@pytest.mark.usefixtures("team")
def test_the_shell_completes_keys_of_the_catalogs():
    assert completed("new", "s") == ["service_cancellationl_ja", "shipment_completed_ja", "seat_reserved_ja"]
    assert completed("new", "seat_reserved_ja", "--item", "name_3") == ["name_301_ja"]
    write("pnpc.toml", "catalogs = 1\n")
    assert completed("new", "ship") == ["shipment_completed_ja"]
    assert completed("catalog", "show", "contact") == ["contact_ja"]


# --- pnpc init ---


def test_init_makes_a_project_that_checks_clean_and_compiles(capsys, monkeypatch):
    assert main(["init", "shop"]) == 0
    told = capsys.readouterr().out
    for name in ("pnpc.toml", init.SCHEMA, init.SPEC, init.RECIPIENTS):
        assert f"made  {os.path.join('shop', name)}\n" in told
    monkeypatch.chdir("shop")
    assert main(["check", "--fail-on", "warning"]) == 0
    capsys.readouterr()
    assert main(["compile", init.SPEC, "--recipients", init.RECIPIENTS]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(lines) == len(read(init.RECIPIENTS).splitlines()) - 1
    assert lines[0]["body"]["body"]["emphasizedItem"]["content"] == "2026年12月24日"


def test_init_gives_editors_the_schema_that_the_spec_names():
    main(["init"])
    modeline = read(init.SPEC).splitlines()[0]
    named = os.path.join(os.path.dirname(init.SPEC), modeline.partition("$schema=")[2])
    schema = json.loads(read(named))
    Draft202012Validator(schema).validate(yaml.safe_load(read(init.SPEC)))


def test_init_changes_nothing_that_is_there(capsys):
    write("pnpc.toml", 'country = "TH"\n')
    assert main(["init"]) == 0
    assert read("pnpc.toml") == 'country = "TH"\n'
    before = {name: read(name) for name in (init.SPEC, init.SCHEMA, init.RECIPIENTS)}
    capsys.readouterr()
    assert main(["init"]) == 0
    assert "made" not in capsys.readouterr().out
    assert before == {name: read(name) for name in before}


def test_init_leaves_a_project_that_is_configured_in_pyproject(capsys):
    write("pyproject.toml", '[tool.pnpc]\ncountry = "JP"\n')
    assert main(["init"]) == 0
    assert not os.path.exists("pnpc.toml")
    assert main(["check", "--fail-on", "warning"]) == 0


@pytest.mark.parametrize("country", ["TH", "TW"])
def test_init_invents_no_keys_for_countries_without_known_ones(country, capsys):
    assert main(["init", "--country", country]) == 0
    assert f'country = "{country}"' in read("pnpc.toml")
    assert not os.path.exists(init.SPEC)
    assert "LINE publishes no list of this country's keys" in capsys.readouterr().out


def test_every_key_of_the_config_that_init_offers_exists():
    """The commented lines too: uncommented, they must be a config that pnpc takes."""
    text = init.files("JP")["pnpc.toml"]
    offered = [line.removeprefix("# ") for line in text.splitlines() if line.startswith("# ") and " = " in line]
    tables = [line.removeprefix("# ") for line in text.splitlines() if line.startswith("# [")]
    assert len(offered) > 8
    assert tables == ["[severity]", "[per-path]"]
    import tomllib

    uncommented = "\n".join(
        line.removeprefix("# ") if line.startswith("# [") or (line.startswith("# ") and " = " in line) else line
        for line in text.splitlines()
    )
    Draft202012Validator(bundle("config", whole_config())).validate(tomllib.loads(uncommented))


# --- pnpc import ---

PAYLOAD = {
    "to": TO,
    "templateKey": "shipment_completed_ja",
    "body": {
        "items": [
            {"itemKey": "time_range_001_ja", "content": "12:30"},
            {"content": '注文 #123: "急" 🍎\n2行', "itemKey": "number_001_ja"},
        ],
        "emphasizedItem": {"itemKey": "date_002_ja", "content": "2024-08-10"},
        "buttons": [{"buttonKey": "contact_ja", "url": "https://example.com/?a=1&b=%20#c"}],
    },
}


def test_import_keeps_everything_but_the_recipient(capsys):
    write("payload.json", json.dumps(PAYLOAD))  # kanji and emoji as \u escapes
    assert main(["import", "payload.json"]) == 0
    text = capsys.readouterr().out
    assert TO not in text
    assert "`to` is left out" in text
    assert "注文 #123" in text
    spec = yaml.safe_load(text)
    assert json.dumps(spec["message"]) == json.dumps({key: one for key, one in PAYLOAD.items() if key != "to"})
    assert (spec["name"], spec["country"]) == ("shipment-completed", "JP")
    assert messages(text) == []


def test_import_then_compile_gives_the_same_body(capsys):
    write("payload.json", json.dumps(PAYLOAD))
    assert main(["import", "payload.json", "-o", "spec.yaml"]) == 0
    write("to.csv", f"to\n{TO}\n")
    capsys.readouterr()
    assert main(["compile", "spec.yaml", "--recipients", "to.csv"]) == 0
    assert json.loads(capsys.readouterr().out)["body"] == PAYLOAD


def test_import_keeps_braces_as_text(capsys):
    payload = {
        "templateKey": "shipment_completed_ja",
        "body": {"items": [{"itemKey": "name_010_ja", "content": "{{x}} {{"}]},
    }
    write("payload.json", json.dumps(payload))
    assert main(["import", "payload.json", "-o", "spec.yaml"]) == 0
    assert messages(read("spec.yaml")) == []
    capsys.readouterr()
    assert main(["compile", "spec.yaml"]) == 0
    assert json.loads(capsys.readouterr().out)["body"]["body"] == payload["body"]


def test_import_takes_yaml_json_lines_and_several_documents(capsys):
    one = '{"templateKey": "shipment_completed_ja"}\n'
    for text in (
        one + one,
        f"{one}---\n{one}",
        "templateKey: shipment_completed_ja\n---\ntemplateKey: shipment_completed_ja\n",
    ):
        write("payloads", text)
        assert main(["import", "payloads", "--country", "JP"]) == 0
        specs = list(yaml.safe_load_all(capsys.readouterr().out))
        assert [spec["name"] for spec in specs] == ["shipment-completed", "shipment-completed-2"]


def test_import_reads_standard_input():
    command = [sys.executable, "-m", "pnpc", "import", "-", "--name", "parcel"]
    done = subprocess.run(command, input=json.dumps(PAYLOAD).encode(), capture_output=True, check=True)
    assert yaml.safe_load(done.stdout)["name"] == "parcel"


def test_import_writes_merged_keys_out(capsys):
    write(
        "payload.yaml",
        """\
templateKey: shipment_completed_ja
body:
  items:
    - &one {itemKey: name_010_ja, content: 12000}
    - {<<: *one, itemKey: price_001_ja}
""",
    )
    assert main(["import", "payload.yaml"]) == 0
    items = yaml.safe_load(capsys.readouterr().out)["message"]["body"]["items"]
    assert items[1] == {"itemKey": "price_001_ja", "content": 12000}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"hello": 1}', "not a request body"),
        ("[1, 2]", "not a request body"),
        ("", "an empty file"),
        ('{"templateKey": ', "bad.json:1:"),
        ('{"templateKey": "a"}\n{"templateKey": \'}\n', "bad.json:2:"),
        ('{"pnpc": 1, "name": "a", "message": {"templateKey": "shipment_completed_ja"}}', "a spec already"),
        ('{"templateKey": "a", "templateKey": "b"}', "bad.json:1:22: `templateKey` is set twice"),
        ('{"templateKey": "a"}\n{"b": 1}', "document 2: this is not a request body"),
    ],
)
def test_import_refuses_what_is_no_request_body(text, reason, capsys):
    write("bad.json", text)
    assert main(["import", "bad.json"]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert reason in told.err
    assert told.err.count("\n") == 1


def test_import_never_overwrites_what_it_reads(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.json").write_text('{"templateKey": "shipment_completed_ja"}')
    assert main(["import", "a.json", "-o", "./a.json", "--force"]) == 2
    assert capsys.readouterr().err == "pnpc: ./a.json is the request body that is read: -o must name another file\n"
    assert (tmp_path / "a.json").read_text() == '{"templateKey": "shipment_completed_ja"}'


def test_import_refuses_bytes_that_are_no_text(capsys):
    with open("bad.json", "wb") as file:
        file.write(b'{"templateKey": "\xff"}')
    assert main(["import", "bad.json"]) == 2
    assert "is not UTF-8" in capsys.readouterr().err
    assert main(["import", "missing.json"]) == 2


SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**6), 10**6),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=15),
    st.text("no:# {}[],&*!|>'\"%@`-?~.0123456789\n\t日本", max_size=10),
    st.sampled_from(["no", "012", "12:30", "2026-01-01", "~", "null", "true", "1e3", "=", "<<", "\u2028", "\x85", "a: b", "- a"]),
)  # fmt: skip
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=8,
)


def with_braces_as_text(value):
    if isinstance(value, dict):
        return {key: with_braces_as_text(one) for key, one in value.items()}
    if isinstance(value, list):
        return [with_braces_as_text(one) for one in value]
    return value.replace("{{", "{{ '{{' }}") if isinstance(value, str) else value


@settings(max_examples=tries(400), deadline=None)
@given(value=VALUES)
def test_what_import_writes_every_reader_reads_alike(value):
    payload = {"templateKey": "a_ja", "x": value}
    (document,) = compose(Source("x.json", json.dumps(payload)))
    spec = to_spec(document, "a", "JP")
    expected = with_braces_as_text(payload)
    assert yaml.safe_load(spec)["message"] == expected
    (again,) = compose(Source("x.yaml", spec))
    assert construct(again.root)["message"] == expected
    assert "PNP007" not in " ".join(messages(spec))


# --- pnpc schema, pnpc completion ---


def test_schema_lists_and_prints(capsys):
    assert main(["schema"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()[1:]] == list(NAMES)
    for name in NAMES:
        assert main(["schema", name]) == 0
        assert json.loads(capsys.readouterr().out) == bundle(name, whole_config() if name == "config" else None)
    assert main(["schema", "spek"]) == 2
    assert "did you mean `spec`?" in capsys.readouterr().err


def test_check_jsonschema_takes_the_schema_of_spec(capsys):
    """What an editor does, done by another program."""
    main(["init"])
    command = [sys.executable, "-m", "check_jsonschema", "--schemafile", init.SCHEMA, init.SPEC]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    write(init.SPEC, read(init.SPEC).replace("deliveryTag", "delivryTag"))
    assert subprocess.run(command, capture_output=True, check=False).returncode == 1


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script_that_its_shell_reads(shell, capsys):
    assert main(["completion", shell]) == 0
    script = capsys.readouterr().out
    assert "_PNPC_COMPLETE" in script
    if shutil.which(shell):
        subprocess.run([shell, "-n", write("script", script)], check=True)


def test_completion_completes_commands_and_rules():
    for words, wanted in (("pnpc exp", "explain"), ("pnpc explain content-too", "content-too-long")):
        environment = {
            **os.environ,
            "COMP_WORDS": words,
            "COMP_CWORD": str(words.count(" ")),
            "_PNPC_COMPLETE": "bash_complete",
        }
        program = "from pnpc.cli.main import run; run()"
        done = subprocess.run(
            [sys.executable, "-c", program], env=environment, capture_output=True, check=False, text=True
        )
        assert wanted in done.stdout
