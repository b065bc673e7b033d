"""`pnpc compile --check` and `--update`: stored payloads of examples, compared, written, removed."""

import json
import os
import subprocess
import sys

import pytest
from conftest import ROOT, SPEC, clean_environment, tries
from hypothesis import given, settings
from hypothesis import strategies as st

from pnpc.compile.diff.snapshot import Snapshot, changed

STORED = "specs/__payloads__/shipment.json"


@pytest.fixture
def project(tmp_path):
    """A folder with one spec, which can be changed."""
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs" / "a.yaml").write_text(SPEC)
    return tmp_path


def spec(project, text: str, name: str = "a.yaml") -> None:
    (project / "specs" / name).write_text(text)


def test_a_missing_snapshot_is_told_then_written_then_the_same(project, here):
    missing = here("compile", "--check", "specs")
    assert missing.returncode == 1
    assert f"{STORED}: missing" in missing.stdout
    assert not (project / STORED).exists()
    written = here("compile", "--update", "specs")
    assert (written.returncode, written.stdout) == (0, f"{STORED}: written\n")
    content = json.loads((project / STORED).read_text())
    assert content == {
        "body": {
            "templateKey": "shipment_completed_ja",
            "body": {"items": [{"itemKey": "time_range_001_ja", "content": "午前中"}]},
        }
    }
    same = here("compile", "--check")
    assert (same.returncode, same.stdout) == (0, "")
    assert "1 snapshot, all as stored" in same.stderr


def test_no_change_writes_nothing(project, here):
    here("compile", "--update", "specs")
    os.utime(project / STORED, (1, 1))
    again = here("compile", "--update", "specs")
    assert (again.returncode, again.stdout) == (0, "")
    assert (project / STORED).stat().st_mtime == 1


def test_a_stale_snapshot_shows_what_people_will_read(project, here):
    here("compile", "--update", "specs")
    spec(project, SPEC.replace("example: 午前中", "example: 午後"))
    done = here("compile", "--check", "specs")
    assert done.returncode == 1
    assert f"{STORED}: stale" in done.stdout
    assert 'body.items[0].content: "午前中" → "午後"' in done.stdout
    assert '  -          "content": "午前中"' in done.stdout
    assert '  +          "content": "午後"' in done.stdout
    assert "午前中" in (project / STORED).read_text()


def test_the_delivery_tag_is_part_of_it_and_a_recipient_is_not(project, here):
    spec(project, SPEC.replace("message:", 'deliveryTag: "shipment-of-parcel-{{ recipient.index }}"\nmessage:'))
    here("compile", "--update", "specs")
    content = json.loads((project / STORED).read_text())
    assert content["headers"] == {"X-Line-Delivery-Tag": "shipment-of-parcel-0"}
    assert "to" not in content["body"]


def test_several_documents_are_several_files(project, here):
    spec(project, SPEC + "---\n" + SPEC.replace("name: shipment", "name: other"))
    here("compile", "--update", "specs")
    assert sorted(os.listdir(project / "specs" / "__payloads__")) == ["other.json", "shipment.json"]


def test_orphans_are_told_and_removed(project, here):
    here("compile", "--update", "specs")
    spec(project, SPEC.replace("name: shipment", "name: parcel"))
    told = here("compile", "--check", "specs")
    assert told.returncode == 1
    assert f"{STORED}: orphaned" in told.stdout
    assert "specs/__payloads__/parcel.json: missing" in told.stdout
    here("compile", "--update", "specs")
    assert os.listdir(project / "specs" / "__payloads__") == ["parcel.json"]
    (project / "specs" / "a.yaml").unlink()
    assert here("compile", "--check").returncode == 1
    assert here("compile", "--update").returncode == 0
    assert not (project / "specs" / "__payloads__").exists()


def test_a_snapshot_of_a_spec_that_is_excluded_or_broken_is_no_orphan(project, pnpc):
    spec(project, SPEC.replace("name: shipment", "name: other"), "b.yaml")
    pnpc("compile", "--update")
    (project / "pnpc.toml").write_text('exclude = ["a.yaml"]\n')
    assert pnpc("compile", "--check").returncode == 0
    (project / "pnpc.toml").unlink()
    spec(project, SPEC.replace("items:", "items: ["))
    done = pnpc("compile", "--update")
    assert done.returncode == 1
    assert "specs/a.yaml:" in done.stderr
    assert (project / STORED).exists()


def test_a_named_file_is_compared_alone(project, here):
    spec(project, SPEC.replace("name: shipment", "name: other"), "b.yaml")
    done = here("compile", "--check", "specs/a.yaml")
    assert "shipment.json: missing" in done.stdout
    assert "other.json" not in done.stdout


def test_a_spec_without_examples_is_told_and_others_are_written(project, here):
    spec(project, SPEC.replace("name: shipment", "name: other").replace(", example: 午前中", ""), "b.yaml")
    done = here("compile", "--update")
    assert done.returncode == 1
    assert "neither an example nor a default" in done.stderr
    assert os.listdir(project / "specs" / "__payloads__") == ["shipment.json"]


def test_line_breaks_of_a_checkout_are_no_change(project, here):
    here("compile", "--update")
    file = project / STORED
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert here("compile", "--check").returncode == 0


@pytest.mark.parametrize("stored", ["<<<<<<< ours\n{}\n", "", "[1]\n", "\xff", "{" * 5000])
def test_whatever_is_stored_can_be_compared_and_replaced(stored, project, here):
    (project / STORED).parent.mkdir()
    (project / STORED).write_bytes(stored.encode("latin-1"))
    assert "stale" in here("compile", "--check").stdout
    assert here("compile", "--update").returncode == 0
    assert here("compile", "--check").returncode == 0


def test_every_machine_writes_the_same_bytes(project):
    """Another locale, time zone, hash seed and folder change nothing."""
    text = (ROOT / "examples" / "shop" / "notifications" / "receipt.yaml").read_text(encoding="utf-8")
    written = []
    for place, more in (("x", {"TZ": "Asia/Tokyo", "LC_ALL": "C"}), ("y", {"TZ": "UTC", "PYTHONHASHSEED": "7"})):
        folder = project / place
        folder.mkdir()
        (folder / "pnpc.toml").write_text('country = "JP"\n')
        (folder / "a.yaml").write_text(text, encoding="utf-8")
        subprocess.run(
            [sys.executable, "-m", "pnpc", "compile", "--update"],
            cwd=folder, env=clean_environment(**more), check=True, capture_output=True,
        )  # fmt: skip
        written.append((folder / "__payloads__" / "payment-receipt.json").read_bytes())
    assert written[0] == written[1]


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("--check", "--data", "x.yaml"), "fill specs from their examples"),
        (("--update", "-o", "x.json"), "fill specs from their examples"),
        (("--check", "-"), "is stored next to its spec"),
        (("--check", "nowhere"), "can't read nowhere"),
        (("--check", "empty"), "no spec found"),
        ((), "name a spec"),
    ],
)
def test_what_can_not_be_meant(words, complaint, project, here):
    (project / "empty").mkdir()
    done = here("compile", *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert complaint in done.stderr


def test_a_snapshot_is_no_request_body_to_check(project, here):
    here("compile", "--update")
    assert "in 1 file;" in here("check").stdout


json_values = st.recursive(
    st.one_of(st.none(), st.integers(), st.text()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(), inner, max_size=3)),
    max_leaves=8,
)


@settings(max_examples=tries(50))
@given(st.dictionaries(st.text(), json_values), st.one_of(st.none(), st.text()))
def test_a_stored_snapshot_is_equal_to_itself_and_to_no_other(body, tag):
    one = Snapshot(body, tag)
    assert list(changed(one.dump(), one)) == []
    assert list(changed(one.dump(), Snapshot({**body, "x": "another"}, tag))) != [] or body.get("x") == "another"


# --- what can't be read is not deleted ---


@pytest.mark.parametrize(
    "broken",
    [
        SPEC.replace("items:", "items: ["),
        SPEC.replace("name: shipment", 'name: "ship\\u006Dent').replace("items:", "items: ["),
        SPEC.replace("name: shipment", "nmae: shipment"),
        SPEC.replace("pnpc: 1", "pncp: 1"),
        SPEC.replace("pnpc: 1\nname: shipment\n", "\tpnpc: 1\n"),
        "\ufeff\ufeff" + SPEC,
        SPEC[:10],
    ],
)
def test_the_snapshot_of_a_spec_that_cannot_be_read_stays(broken: str, project, here):
    here("compile", "--update", "specs")
    spec(project, SPEC.replace("name: shipment", "name: other"), "b.yaml")
    spec(project, broken)
    here("compile", "--update", "specs")
    assert (project / STORED).exists()
    assert (project / "specs" / "__payloads__" / "other.json").exists()


def test_the_snapshot_of_a_spec_in_another_encoding_stays(project, here):
    here("compile", "--update", "specs")
    (project / "specs" / "a.yaml").write_bytes(SPEC.encode("utf-16"))
    here("compile", "--update", "specs")
    assert (project / STORED).exists()


def test_a_run_of_named_files_deletes_nothing(project, here):
    here("compile", "--update", "specs")
    spec(project, SPEC.replace("name: shipment", "name: parcel"))
    assert here("compile", "--update", "specs/a.yaml").returncode == 0
    assert (project / STORED).exists()


def test_a_file_that_is_no_snapshot_is_told_and_stays(project, here):
    here("compile", "--update", "specs")
    notes = project / "specs" / "__payloads__" / "notes.json"
    notes.write_text('{"by": "hand"}')
    done = here("compile", "--update", "specs")
    assert (done.returncode, notes.read_text()) == (1, '{"by": "hand"}')
    assert (
        done.stdout
        == f"{notes.relative_to(project)}: not a snapshot, and no spec of that name is next to it; not changed\n"
    )
