"""The config: found, checked, every mistake at its place, never a silent one."""

import json
import subprocess
from pathlib import Path

import pytest
from conftest import SPEC, Here, Run


@pytest.fixture(autouse=True)
def _spec(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(SPEC.replace("country: JP\n", ""), encoding="utf-8")


def test_the_country_may_stand_in_the_config(here: Here, tmp_path: Path) -> None:
    assert "PNP110" in here("check").stdout
    (tmp_path / "pnpc.toml").write_text('country = "JP"\n')
    assert here("check").returncode == 0
    assert here("check", "--isolated").returncode == 1


def test_pyproject_counts_if_it_has_our_table(here: Here, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "x"\n')
    assert here("check").returncode == 1
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "x"\n\n[tool.pnpc]\ncountry = "JP"\n')
    assert here("check").returncode == 0


def test_the_nearest_config_holds(here: Here, tmp_path: Path) -> None:
    (tmp_path / "pnpc.toml").write_text('country = "TH"\n')
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "pnpc.toml").write_text('country = "JP"\n')
    (tmp_path / "sub" / "b.yaml").write_text((tmp_path / "a.yaml").read_text())
    assert here("check", "sub").returncode == 0
    assert "for accounts of Japan" in here("check", "a.yaml").stdout
    assert here("check", "a.yaml", "--config", "sub/pnpc.toml").returncode == 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('contry = "JP"\n', "pnpc.toml:1:1: error[PNP801 bad-config]: unknown key `contry`; did you mean `country`?"),
        ('country = "JPN"\n', "pnpc.toml:1:11: error[PNP801 bad-config]: `country` can't be `JPN`; did you mean `JP`?"),
        ("exclude = 1\n", "pnpc.toml:1:1: error[PNP801 bad-config]: `exclude` must be a list, but 1 is a number"),
        (
            '\nignore = ["PNP1", "dupliacte-item"]\n',
            "pnpc.toml:2:19: error[PNP801 bad-config]: no rule `dupliacte-item`; did you mean `duplicate-item`?",
        ),
        ('[severity]\ntab = "info"\n', "pnpc.toml:2:7: error[PNP801 bad-config]: `tab` can't be `info`"),
        ('[severity]\nnosuch = "off"\n', "pnpc.toml:2:1: error[PNP801 bad-config]: no rule `nosuch`"),
        ('catalogs = ["none/*.yaml"]\n', "pnpc.toml:1:13: error[PNP801 bad-config]: no file matches `none/*.yaml`"),
        ('country = "JP\n', "pnpc.toml:1:14: error[PNP801 bad-config]: not valid TOML"),
    ],
)
def test_a_mistake_in_the_config_is_told_at_its_place(here: Here, tmp_path: Path, text: str, expected: str) -> None:
    (tmp_path / "pnpc.toml").write_text(text)
    done = here("check", "a.yaml")
    assert (done.returncode, done.stdout) == (2, "")
    assert expected in done.stderr


def test_a_team_catalog_makes_keys_known(here: Here, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(SPEC.replace("shipment_completed_ja", "our_template_ja"), encoding="utf-8")
    assert "PNP218" in here("check").stdout
    (tmp_path / "keys.yaml").write_text(
        "catalog: 1\ncountry: JP\ndate: 2026-11-01\ntemplates:\n  keys:\n    our_template_ja: {label: 自社}\n"
    )
    (tmp_path / "pnpc.toml").write_text('catalogs = ["*keys.yaml"]\n')
    done = here("check", "a.yaml", "--fail-on", "warning")
    assert done.returncode == 0, done.stdout


def test_a_mistake_in_a_team_catalog_is_told_in_it(here: Here, tmp_path: Path) -> None:
    (tmp_path / "keys.yaml").write_text("catalog: 1\ncountry: JP\ntemplate:\n  keys: {}\n")
    (tmp_path / "pnpc.toml").write_text('catalogs = ["keys.yaml"]\n')
    done = here("check", "a.yaml")
    assert done.returncode == 2
    assert "keys.yaml:3:1: error[PNP801 bad-config]: unknown key `template`; did you mean `templates`?" in done.stderr


def test_a_complete_team_catalog_makes_unlisted_keys_errors(here: Here, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(SPEC.replace("shipment_completed_ja", "something_else_ja"), encoding="utf-8")
    (tmp_path / "keys.yaml").write_text("catalog: 1\ncountry: JP\ntemplates: {complete: true, keys: {}}\n")
    (tmp_path / "pnpc.toml").write_text('catalogs = ["keys.yaml"]\n')
    assert "PNP201" in here("check", "a.yaml").stdout


def test_each_folder_is_searched_under_its_own_config(pnpc: Run, tmp_path: Path) -> None:
    def checked(*args: str) -> set[str]:
        done = pnpc("check", "--format", "json", "--allow-empty", *args)
        return {Path(one["file"]).name for one in json.loads(done.stdout)["diagnostics"] if one["code"] == "PNP110"}

    text = (tmp_path / "a.yaml").read_text(encoding="utf-8")
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    for name in ("sub/b.yaml", "sub/old/c.yaml", "sub/d.yml", "sub/made/e.yaml", "old/f.yaml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / ".gitignore").write_text("made/\n")
    (tmp_path / "sub" / "pnpc.toml").write_text('exclude = ["old/"]\ninclude = ["*.yaml"]\nrespect-gitignore = false\n')
    assert checked() == {"a.yaml", "b.yaml", "e.yaml", "f.yaml"}
    assert checked("sub") == {"b.yaml", "e.yaml"}
    (tmp_path / "pnpc.toml").write_text('exclude = ["sub/"]\n')
    assert checked() == {"a.yaml", "f.yaml"}
    assert checked("sub/b.yaml") == {"b.yaml"}
    assert checked("sub/b.yaml", "--force-exclude") == set()
    (tmp_path / "pnpc.toml").write_text("respect-gitignore = false\n")
    (tmp_path / "sub" / "pnpc.toml").write_text('exclude = ["old/"]\n')
    assert checked() == {"a.yaml", "b.yaml", "d.yml", "f.yaml"}


def test_a_config_at_the_root_of_the_disk_ends_the_search(pnpc: Run, tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text("kind: Pod\n")
    done = pnpc("check", tmp_path / "x.yaml", "--force-exclude", cwd=Path("/"))
    assert done.returncode == 1


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("push", "a.jsonl", "--only", ""), "the value of --only"),
        (("push", "a.jsonl", "--only="), "the value of --only"),
        (("push", "a.jsonl", "--not-after", ""), "the value of --not-after"),
        (("check", "--config", ""), "the value of --config"),
        (("check", ""), "an argument"),
    ],
)
def test_an_empty_word_is_a_variable_that_is_not_set(here: Here, words: tuple[str, ...], what: str) -> None:
    """`--only "$TESTERS"` would be no list at all, and send to everybody."""
    done = here(*words, LINE_CHANNEL_ACCESS_TOKEN="any")
    assert done == (2, "", f"pnpc: {what} is empty: is a variable of the shell not set?\n")


def test_a_time_before_all_pushes_is_a_slip(here: Here) -> None:
    done = here("push", "a.jsonl", "--not-after", "0001-01-01T00:00+12:00", "--dry-run")
    assert done.returncode == 2
    assert "--not-after must be a time with its offset" in done.stderr


@pytest.mark.parametrize("word", ["x" * 70, "a\x80"])
def test_what_can_t_be_the_name_of_a_host(here: Here, word: str) -> None:
    for words in (("emulator", "--host", word), ("listen", "--host", word)):
        done = here(*words, LINE_CHANNEL_SECRET="any")
        assert done.returncode == 2
        assert "can't be the name of a host" in done.stderr
