"""`pnpc check` as people run it: what is read, what is passed over, fixes, suppressions, baseline, exit codes."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, SPEC, Here, Run, clean_environment, program
from watching import watch

from pnpc.check.reading import Checked
from pnpc.cli.checking.fixing import fix_files
from pnpc.cli.errors import CouldNotRun
from pnpc.project.discovery import InputFile
from pnpc.project.workspace import Workspace
from pnpc.text.source import Source

WRONG = SPEC.replace("items:", "itms:")


def write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        file = folder / name.replace("__", "/").replace("_yaml", ".yaml").replace("_json", ".json")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


def found(done: subprocess.CompletedProcess[str]) -> list[tuple[str, str, str]]:
    report = json.loads(done.stdout)
    return [(Path(one["file"]).name, one["code"], one["path"]) for one in report["diagnostics"]]


# --- what is read ---


def test_a_clean_spec(here: Here, tmp_path: Path) -> None:
    write(tmp_path, a_yaml=SPEC)
    done = here("check", "a.yaml")
    assert (done.returncode, done.stdout, done.stderr) == (0, "no mistakes in 1 file\n", "")


def test_a_folder_is_searched_and_foreign_files_are_passed_over(here: Here, tmp_path: Path) -> None:
    write(
        tmp_path,
        a_yaml=SPEC,
        sub__b_json='{"templateKey": "shipment_completed_ja", "boddy": {}}',
        k8s_yaml="kind: Pod\nmessages: [1]\n",
    )
    write(tmp_path, helm_yaml="name: {{ .Values.x }}\n", chat_json='{"messages": [{"role": "user"}]}')
    (tmp_path / "binary.yaml").write_bytes(b"\xff\xfe\x00pnpc")
    done = here("check", "--format", "json")
    assert found(done) == [("b.json", "PNP101", "boddy")]
    assert json.loads(done.stdout)["summary"] | {"errors": 1} == {
        "files": 2, "errors": 1, "warnings": 0, "passed_over": 4, "baselined": 0, "suppressed": 0,
    }  # fmt: skip


def test_a_spec_that_is_no_yaml_is_not_passed_over(here: Here, tmp_path: Path) -> None:
    write(tmp_path, a_yaml="pnpc: 1\nname: [\n")
    assert found(here("check", "--format", "json")) == [("a.yaml", "PNP002", "")]


def test_a_named_file_must_be_a_spec(here: Here, tmp_path: Path) -> None:
    write(tmp_path, a_yaml="kind: Pod\n", b_yaml="")
    done = here("check", "a.yaml", "b.yaml", "--format", "concise")
    assert [line.partition(" (")[0] for line in done.stdout.splitlines()] == [
        "a.yaml:1:1: PNP100 error neither a spec nor a request body",
        "b.yaml:1:1: PNP100 error an empty file",
    ]
    assert here("check", "a.yaml", "--skip-foreign", "--allow-empty").returncode == 0


def test_nothing_to_check_is_no_success(here: Here, tmp_path: Path) -> None:
    write(tmp_path, a_yaml="kind: Pod\n")
    done = here("check")
    assert (done.returncode, done.stdout) == (2, "")
    assert "no spec found in . (1 file passed over)" in done.stderr
    assert here("check", "--allow-empty").returncode == 0


def test_a_missing_file_is_one_line(here: Here) -> None:
    done = here("check", "nosuch.yaml")
    assert (done.returncode, done.stderr) == (2, "pnpc: can't read nosuch.yaml: no such file or directory\n")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file_is_one_line(pnpc: Run, tmp_path: Path) -> None:
    write(tmp_path, a_yaml=SPEC)
    (tmp_path / "a.yaml").chmod(0)
    done = pnpc("check", "a.yaml")
    assert (done.returncode, done.stderr) == (2, "pnpc: can't read a.yaml: permission denied\n")


def test_gitignore_is_respected_with_its_exceptions(pnpc: Run, tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    write(tmp_path, a_yaml=WRONG, out__b_yaml=WRONG, out__keep_yaml=WRONG, sub__c_yaml=WRONG, sub__d_yaml=WRONG)
    (tmp_path / ".gitignore").write_text("out/*\n!out/keep.yaml\n")
    (tmp_path / "sub" / ".gitignore").write_text("c.yaml\n")
    assert [name for name, code, _ in found(pnpc("check", "--format", "json")) if code == "PNP101"] == [
        "a.yaml",
        "keep.yaml",
        "d.yaml",
    ]
    inside = pnpc("check", "--format", "json", cwd=tmp_path / "sub")
    assert [name for name, code, _ in found(inside) if code == "PNP101"] == ["d.yaml"]
    named = pnpc("check", "out/b.yaml", "--format", "json")
    assert [name for name, code, _ in found(named) if code == "PNP101"] == ["b.yaml"]


def test_exclude_include_and_force_exclude(here: Here, tmp_path: Path) -> None:
    write(tmp_path, a_yaml=WRONG, old__b_yaml=WRONG, new__c_yaml=WRONG)
    (tmp_path / "pnpc.toml").write_text('exclude = ["old/"]\ninclude = ["new/**", "old/**"]\n')
    assert {name for name, _, _ in found(here("check", "--format", "json"))} == {"c.yaml"}
    assert {name for name, _, _ in found(here("check", "old/b.yaml", "--format", "json"))} == {"b.yaml"}
    assert here("check", "old/b.yaml", "--force-exclude", "--allow-empty").returncode == 0


def test_standard_input_has_a_name(here: Here) -> None:
    done = here("check", "-", "--stdin-filename", "specs/x.yaml", "--format", "concise", input=WRONG)
    assert done.stdout.startswith("specs/x.yaml:9:5: PNP101 error unknown key `itms`")
    assert here("check", "-", input=SPEC).returncode == 0
    assert here("check", "-", "a.yaml", input=SPEC).returncode == 2


def test_two_specs_with_one_name(here: Here, tmp_path: Path) -> None:
    write(tmp_path, a_yaml=SPEC, b_yaml=SPEC)
    done = here("check", "--format", "json")
    assert found(done) == [("b.yaml", "PNP107", "name")]
    related = json.loads(done.stdout)["diagnostics"][0]["related"][0]
    assert (Path(related["file"]).name, related["range"]["start"]) == ("a.yaml", {"line": 2, "column": 7})


def test_many_files_in_several_processes_give_the_same_report(here: Here, tmp_path: Path) -> None:
    for number in range(900):
        text = SPEC.replace("name: shipment", f"name: shipment-{number}")
        write(tmp_path, **{f"s{number:03}_yaml": text if number % 90 else text.replace("items:", "itms:")})
    one, two = (here("check", "--format", "json", "--jobs", jobs) for jobs in ("1", "2"))
    assert one.stdout == two.stdout
    assert json.loads(one.stdout)["summary"]["files"] == 900
    assert sum(code == "PNP101" for _, code, _ in found(one)) == 10


def test_a_file_is_one_however_it_is_spelt(here: Here, tmp_path: Path) -> None:
    write(tmp_path, a_yaml=SPEC)
    (tmp_path / "link.yaml").symlink_to("a.yaml")
    (tmp_path / "sub").mkdir()
    paths = ("a.yaml", "./a.yaml", tmp_path / "a.yaml", "sub/../a.yaml", "link.yaml", ".")
    done = here("check", *paths)
    assert (done.returncode, done.stdout) == (0, "no mistakes in 1 file\n")


def test_a_file_that_is_named_is_named_in_its_folder_too(here: Here, tmp_path: Path) -> None:
    write(tmp_path, a_yaml=SPEC, b_yaml="kind: Pod\n")
    assert here("check", ".").returncode == 0
    for paths in ((".", "b.yaml"), ("b.yaml", "."), (".", "./b.yaml")):
        assert found(here("check", *paths, "--format", "json")) == [("b.yaml", "PNP100", "")]


def test_folders_may_be_deeper_than_calls(here: Here, tmp_path: Path) -> None:
    write(tmp_path, a_yaml=SPEC)
    folders = [f"{tmp_path}/" + "d/" * deep for deep in range(1, 1_200)]
    for folder in folders:
        os.mkdir(folder)
    try:
        assert here("check").stdout == "no mistakes in 1 file\n"
    finally:
        for folder in reversed(folders):  # pytest would go down by recursion
            os.rmdir(folder)


def test_no_more_processes_than_processors_or_chunks() -> None:
    if not hasattr(os, "sched_setaffinity"):
        pytest.skip("the system does not say which processors are ours")
    script = (
        "import os; os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})\n"
        "from pnpc.project.run import workers\n"
        "print(workers(9_000, 0), workers(9_000, 64), workers(801, 64), workers(10, 64))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "1 64 9 1\n"


# --- which rules, which exit code ---


def test_select_ignore_and_severities(here: Here, tmp_path: Path) -> None:
    text = WRONG.replace("name: shipment", "name: Shipment") + "deliveryTag: short\n"
    write(tmp_path, a_yaml=text)

    def codes(*args: str) -> set[str]:
        return {code for _, code, _ in found(here("check", "--format", "json", *args))}

    assert codes() == {"PNP101", "PNP111", "PNP212"}
    assert codes("--select", "PNP2") == {"PNP212"}
    assert codes("--select", "PNP1", "--ignore", "bad-name") == {"PNP101"}
    assert codes("--ignore", "PNP1,delivery-tag") == set()
    assert codes("--ignore", "PNP1", "--select", "unknown-key,PNP2") == {"PNP101", "PNP212"}
    (tmp_path / "pnpc.toml").write_text(
        'ignore = ["PNP111"]\n[severity]\ndelivery-tag = "warning"\nunknown-key = "off"\n'
    )
    done = here("check", "--format", "concise")
    assert (done.returncode, done.stdout) == (
        0,
        "a.yaml:11:14: PNP212 warning `deliveryTag` is 5 characters, minimum 16\n",
    )
    assert here("check", "--fail-on", "warning").returncode == 1
    assert codes("--isolated") == {"PNP101", "PNP111", "PNP212"}
    assert here("check", "--select", "PNP9999").returncode == 2


def test_a_text_that_cannot_be_read_is_told_whatever_is_selected(here: Here, tmp_path: Path) -> None:
    write(tmp_path, a_yaml="pnpc: [\n")
    assert found(here("check", "--format", "json", "--select", "PNP2", "--ignore", "PNP0")) == [
        ("a.yaml", "PNP002", "")
    ]


def test_exit_codes(here: Here, tmp_path: Path) -> None:
    write(tmp_path, a_yaml=WRONG)
    assert here("check").returncode == 1
    assert here("check", "--exit-zero").returncode == 0
    assert here("check", "--fail-on", "never").returncode == 0
    assert here("check", "--nonsense").returncode == 2
    assert here("lint").returncode == 1


def test_per_path(here: Here, tmp_path: Path) -> None:
    write(tmp_path, a_yaml=WRONG, old__b_yaml=WRONG.replace("name: shipment", "name: other"))
    (tmp_path / "pnpc.toml").write_text('[per-path]\n"old/" = ["PNP1"]\n')
    assert {name for name, _, _ in found(here("check", "--format", "json"))} == {"a.yaml"}


def test_several_outputs_in_one_run(here: Here, tmp_path: Path) -> None:
    write(tmp_path, a_yaml=WRONG)
    done = here("check", "--format", "concise", "--output", "sarif=o.sarif", "--output", "junit=o.xml")
    assert done.stdout.startswith("a.yaml:9:5: ")
    assert json.loads((tmp_path / "o.sarif").read_text())["version"] == "2.1.0"
    assert (tmp_path / "o.xml").read_text().startswith("<?xml")
    assert here("check", "--output", "nonsense").returncode == 2


# --- fixes ---


def test_fix_keeps_comments_crlf_and_the_byte_order_mark(pnpc: Run, tmp_path: Path) -> None:
    text = (
        "\ufeff# head\n"
        + SPEC.replace('"{{ slot }}"', "12:30").replace("items:", "itms:  # these")
        + "delivryTag: shipment-{{ recipient.index }}-000001\n"
    )
    file = tmp_path / "a.yaml"
    file.write_bytes(text.replace("\n", "\r\n").encode())
    file.chmod(0o640)
    done = pnpc("check", "--fix", "a.yaml")
    assert done.returncode == 0, done.stdout
    fixed = text.replace("itms:", "items:").replace("12:30", '"12:30"').replace("delivryTag", "deliveryTag")
    assert file.read_bytes() == fixed.replace("\n", "\r\n").encode()
    assert file.stat().st_mode & 0o777 == 0o640
    assert [one.name for one in tmp_path.iterdir()] == ["a.yaml"]


def test_fix_never_makes_a_duplicate(here: Here, tmp_path: Path) -> None:
    text = SPEC.replace("    items:", "    itms: []\n    items:")
    write(tmp_path, a_yaml=text)
    assert here("check", "--fix").returncode == 1
    assert (tmp_path / "a.yaml").read_text() == text


def test_diff_shows_and_changes_nothing(here: Here, tmp_path: Path) -> None:
    write(tmp_path, a_yaml=WRONG)
    done = here("check", "--diff")
    assert done.returncode == 1
    assert "-    itms:\n+    items:\n" in done.stdout
    assert (tmp_path / "a.yaml").read_text() == WRONG
    write(tmp_path, a_yaml=SPEC)
    assert (here("check", "--diff").returncode, here("check", "--diff").stdout) == (0, "")


def test_fix_on_standard_input_writes_the_text(here: Here) -> None:
    done = here("check", "--fix", "-", input=WRONG)
    assert (done.returncode, done.stdout) == (0, SPEC)


def test_fix_on_standard_input_tells_what_is_left(here: Here, tmp_path: Path) -> None:
    both = WRONG + "deliveryTag: short\n"
    args = ("check", "--fix", "-", "--format", "concise")
    done = here(*args, input=both)
    assert (done.returncode, done.stdout) == (1, SPEC + "deliveryTag: short\n")
    assert done.stderr.startswith("<stdin>:11:14: PNP212 error ")
    assert here(*args, "--exit-zero", input=both).returncode == 0
    assert here(*args, "--fail-on", "never", input=both).returncode == 0
    (tmp_path / "pnpc.toml").write_text('[severity]\ndelivery-tag = "warning"\n')
    assert here(*args, input=both).returncode == 0
    assert here(*args, "--fail-on", "warning", input=both).returncode == 1
    foreign = "kind: Pod\n"
    assert here(*args, input=foreign).returncode == 1
    done = here(*args, "--skip-foreign", "--allow-empty", input=foreign)
    assert (done.returncode, done.stdout) == (0, foreign)


def test_fix_leaves_standard_input_that_is_no_text(tmp_path: Path) -> None:
    data = b"pnpc: 1\nname: \xff\n"
    (tmp_path / "bytes").write_bytes(data)
    done = shell(tmp_path, "pnpc check - --fix --format concise < bytes > out")
    assert (done.returncode, (tmp_path / "out").read_bytes()) == (1, data)
    assert done.stderr.startswith("<stdin>:2:7: PNP001 error")
    done = shell(tmp_path, "pnpc check - --diff < bytes")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)


def test_a_fix_of_a_file_that_cannot_be_written_is_one_line(pnpc: Run, tmp_path: Path) -> None:
    write(tmp_path, a_yaml=WRONG)
    (tmp_path / "a.yaml").chmod(0o444)
    done = pnpc("check", "--fix")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "pnpc: can't write a.yaml: the file is read-only\n"
    assert (tmp_path / "a.yaml").read_text() == WRONG
    assert [one.name for one in tmp_path.iterdir()] == ["a.yaml"]


def test_a_fix_of_a_file_that_changed_meanwhile_is_not_written(tmp_path: Path) -> None:
    write(tmp_path, a_yaml=WRONG)
    file = tmp_path / "a.yaml"

    class Edited(Workspace):
        """A workspace whose file is saved by somebody else while it is checked."""

        def check(self, source: Source, *, named: bool = True) -> Checked:
            file.write_text(SPEC, encoding="utf-8")
            return super().check(source, named=named)

    with pytest.raises(CouldNotRun, match="has changed since it was read"):
        fix_files([InputFile(str(file), named=True)], Edited(isolated=True), diff=False)
    assert file.read_text(encoding="utf-8") == SPEC


def test_a_fix_follows_a_link(here: Here, tmp_path: Path) -> None:
    write(tmp_path, real__a_yaml=WRONG)
    (tmp_path / "link.yaml").symlink_to("real/a.yaml")
    assert here("check", "--fix", "link.yaml").returncode == 0
    assert (tmp_path / "link.yaml").is_symlink()
    assert (tmp_path / "real" / "a.yaml").read_text() == SPEC


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_diff_is_what_fix_does(pnpc: Run, tmp_path: Path, ends: str, mark: str) -> None:
    text = mark + WRONG.replace("\n", ends) + f'description: "a\u2028  b\x85  c"{ends}x: 1'
    file = tmp_path / "a.yaml"
    file.write_bytes(text.encode())
    (tmp_path / "a.patch").write_text(pnpc("check", "--diff").stdout, encoding="utf-8", newline="")
    subprocess.run(["patch", "--binary", "-s", "-o", "patched", "a.yaml", "a.patch"], cwd=tmp_path, check=True)
    assert pnpc("check", "--fix").returncode == 1
    assert (tmp_path / "patched").read_bytes() == file.read_bytes() != text.encode()


def test_fix_and_diff_end_however_deep_the_mistakes_lie(here: Here, tmp_path: Path) -> None:
    box = "{type: text, text: x}"
    for _ in range(15):
        box = f"{{type: box, layout: vertical, contnts: [{box}]}}"
    text = SPEC[: SPEC.index("message:")].replace("variables:\n", "").split("  slot")[0]
    flex = f"message:\n  messages: [{{type: flex, altText: x, contents: {{type: bubble, body: {box}}}}}]\n"
    write(tmp_path, a_yaml=text + flex)
    here("check", "--fix")
    after = (tmp_path / "a.yaml").read_text()
    assert "contnts" not in after
    assert here("check", "--diff").stdout == ""


# --- suppressions ---


def suppressed(comment: str, where: str) -> str:
    item = '      - {itemKey: time_range_001_ja, content: "{{ slot }}"}\n'
    odd = "      - {itemKey: name_011_ja, content: 一}"
    placed = f"      {comment}\n{odd}\n" if where == "above" else f"{odd}  {comment}\n"
    return SPEC.replace(item, item + placed)


@pytest.mark.parametrize("where", ["above", "end"])
@pytest.mark.parametrize("word", ["PNP218", "unlisted-key", "pnp218", "PNP2"])
def test_a_comment_holds_a_finding_back(here: Here, tmp_path: Path, where: str, word: str) -> None:
    write(tmp_path, a_yaml=suppressed(f"# pnpc: ignore[{word}] seen on LINE's page", where))
    done = here("check", "--format", "json", "--fail-on", "warning")
    assert (done.returncode, found(done)) == (0, [])
    assert json.loads(done.stdout)["summary"]["suppressed"] == 1


def test_a_comment_for_a_rule_that_is_off_is_in_use_but_suppresses_nothing(here: Here, tmp_path: Path) -> None:
    write(tmp_path, a_yaml=suppressed("# pnpc: ignore[PNP218] seen on LINE's page", "end"))
    done = json.loads(here("check", "--format", "json", "--ignore", "PNP218").stdout)
    assert (done["diagnostics"], done["summary"]["suppressed"]) == ([], 0)


def test_a_comment_covers_a_block_scalar(here: Here, tmp_path: Path) -> None:
    text = SPEC.replace(
        '- {itemKey: time_range_001_ja, content: "{{ slot }}"}',
        "- itemKey: time_range_001_ja\n        # pnpc: ignore[undeclared-variable] the caller adds it\n        content: |\n          {{ slot }}\n          {{ other }}",
    )
    write(tmp_path, a_yaml=text)
    assert found(here("check", "--format", "json")) == []


def test_a_comment_for_the_whole_file(here: Here, tmp_path: Path) -> None:
    write(tmp_path, a_yaml=suppressed("", "end") + "# pnpc: file-ignore[PNP218] all seen on LINE's page\n")
    assert found(here("check", "--format", "json")) == []


def test_suppressions_without_reason_rule_or_use(here: Here, tmp_path: Path) -> None:
    for comment, expected in {
        "# pnpc: ignore[PNP218]": ["PNP803", "PNP218"],
        "# pnpc: ignore everything": ["PNP803", "PNP218"],
        "# pnpc: ignore[PNP204,PNP218] why": ["PNP802"],
        "# pnpc: ignore[PNP999] why": ["PNP803", "PNP218"],
    }.items():
        write(tmp_path, a_yaml=suppressed(comment, "end"))
        assert sorted(code for _, code, _ in found(here("check", "--format", "json"))) == sorted(expected), comment


def test_a_text_that_looks_like_a_comment_is_none(here: Here, tmp_path: Path) -> None:
    write(tmp_path, a_yaml=suppressed("", "end").replace("content: 一", 'content: "一 # pnpc: ignore[PNP218] why"'))
    assert [code for _, code, _ in found(here("check", "--format", "json"))] == ["PNP218"]


# --- baseline ---


def test_a_baseline_holds_back_what_it_knows(here: Here, tmp_path: Path) -> None:
    write(tmp_path, a_yaml=WRONG)
    assert here("check", "--write-baseline").returncode == 2
    assert here("check", "--baseline", "base.json", "--write-baseline").returncode == 0
    write(tmp_path, a_yaml="# moved down\n\n" + WRONG)
    done = here("check", "--baseline", "base.json", "--format", "json")
    assert (done.returncode, found(done)) == (0, [])
    write(tmp_path, a_yaml=WRONG.replace("name: shipment", "name: Shipment"))
    assert found(here("check", "--baseline", "base.json", "--format", "json")) == [("a.yaml", "PNP111", "name")]
    write(tmp_path, a_yaml=SPEC)
    assert found(here("check", "--baseline", "base.json", "--format", "json")) == [("base.json", "PNP804", "")]
    (tmp_path / "base.json").write_text("{}")
    assert here("check", "--baseline", "base.json").returncode == 2


def test_a_baseline_knows_which_files_were_checked(here: Here, tmp_path: Path) -> None:
    def entries() -> dict[str, list[str]]:
        held = json.loads((tmp_path / "base.json").read_text())["findings"]
        return {
            name: [one["code"] for one in held if one["file"] == name] for name in sorted({h["file"] for h in held})
        }

    base = ("--baseline", "base.json")
    other = WRONG.replace("name: shipment", "name: other")
    write(tmp_path, a_yaml=WRONG, b_yaml=other + "deliveryTag: short\n", c_yaml=WRONG.replace("shipment\n", "c\n"))
    assert here("check", *base, "--write-baseline").returncode == 0
    everything = entries()
    assert everything == {"a.yaml": ["PNP101"], "b.yaml": ["PNP101", "PNP212"], "c.yaml": ["PNP101"]}
    assert found(here("check", "a.yaml", *base, "--format", "json")) == []
    assert found(here("check", "--select", "PNP2", *base, "--format", "json")) == []
    write(tmp_path, a_yaml=SPEC)
    done = here("check", "a.yaml", *base, "--format", "concise", "--fail-on", "warning")
    assert (done.returncode, done.stdout) == (
        1,
        "base.json:1:1: PNP804 warning 1 finding of the baseline is gone (shrink it with --write-baseline)\n",
    )
    assert here("check", "a.yaml", *base, "--fail-on", "warning", "--ignore", "PNP804").returncode == 0
    (tmp_path / "pnpc.toml").write_text('[severity]\nstale-baseline = "error"\n')
    assert here("check", "a.yaml", *base).returncode == 1
    assert here("check", "a.yaml", *base, "--write-baseline").returncode == 0
    assert entries() == {name: codes for name, codes in everything.items() if name != "a.yaml"}
    write(tmp_path, b_yaml=other)
    assert here("check", *base, "--select", "PNP2", "--write-baseline").returncode == 0
    assert entries() == {"b.yaml": ["PNP101"], "c.yaml": ["PNP101"]}
    (tmp_path / "c.yaml").unlink()
    assert found(here("check", "b.yaml", *base, "--format", "json")) == [("base.json", "PNP804", "")]
    assert here("check", "a.yaml", *base, "--write-baseline").returncode == 0
    assert entries() == {"b.yaml": ["PNP101"]}


def test_a_file_that_cannot_be_read_is_not_put_off(here: Here, tmp_path: Path) -> None:
    write(tmp_path, a_yaml=WRONG)
    base = ("--baseline", "base.json")
    assert here("check", *base, "--write-baseline").returncode == 0
    before = (tmp_path / "base.json").read_text()
    write(tmp_path, a_yaml=WRONG.replace("country: JP", "country: ["))
    for more in (("--write-baseline",), ()):
        done = here("check", *base, *more, "--format", "json")
        assert (done.returncode, [code for _, code, _ in found(done)]) == (1, ["PNP002"])
        assert (tmp_path / "base.json").read_text() == before
    write(tmp_path, a_yaml=WRONG)
    assert found(here("check", *base, "--format", "json")) == []


def test_a_report_never_overwrites_what_is_read(here: Here, tmp_path: Path) -> None:
    body = json.dumps({"templateKey": "shipment_completed_ja", "boddy": {}})
    write(tmp_path, a_json=body, base_json='{"version": 1, "findings": []}', c_toml="")
    for name, options in {"a": (), "base": ("--baseline", "base.json")}.items():
        done = here("check", "--output", f"json={name}.json", *options)
        assert (done.returncode, done.stderr.count("\n")) == (2, 1)
        assert "--output would overwrite" in done.stderr
    assert (tmp_path / "a.json").read_text() == body


# --- watching ---


def test_watch_checks_again_after_a_change(tmp_path: Path) -> None:
    write(tmp_path, a_yaml=WRONG)
    changed = WRONG.replace("name: shipment", "name: Shipment")
    first, second, code, error = watch(tmp_path, change=lambda: write(tmp_path, a_yaml=changed))
    assert first.startswith("a.yaml:9:5: PNP101 ")
    assert second.startswith("a.yaml:2:7: PNP111 ")
    assert (code, error) == (1, "")


@pytest.mark.parametrize("option", ["--fix", "--diff", "--write-baseline", "--output=json=o.json"])
def test_watch_does_not_write_what_it_watches(here: Here, tmp_path: Path, option: str) -> None:
    write(tmp_path, a_yaml=SPEC)
    done = here("check", "--watch", option)
    assert (done.returncode, done.stderr.startswith("pnpc: --watch can't be used with")) == (2, True)


# --- manners ---


def shell(folder: Path, words: str, **more: Any) -> subprocess.CompletedProcess[str]:
    """Run a line of bash in which `pnpc` is ours; the exit code is that of the first command of its pipe."""
    line = words.replace("pnpc", f'"{sys.executable}" -m pnpc') + "; exit ${PIPESTATUS[0]}"
    done = subprocess.run(
        ["bash", "-c", line], cwd=folder, capture_output=True, env=clean_environment(), timeout=60, check=False, **more
    )
    assert b"Traceback" not in done.stderr + done.stdout
    return subprocess.CompletedProcess(line, done.returncode, done.stdout.decode(), done.stderr.decode())


def test_a_closed_pipe_is_quiet_and_the_code_stands(tmp_path: Path) -> None:
    write(tmp_path, a_yaml="\n---\n".join([WRONG] * 200), b_yaml=SPEC)
    done = shell(tmp_path, "pnpc check a.yaml | head -n 1")
    assert (done.returncode, done.stdout.count("\n"), done.stderr) == (1, 1, "")
    assert shell(tmp_path, "pnpc check a.yaml --exit-zero | head -n 1").returncode == 0
    assert shell(tmp_path, "pnpc check b.yaml | true").returncode == 0
    done = shell(tmp_path, "pnpc rules | true")
    assert (done.returncode, done.stderr) == (0, "")
    done = shell(tmp_path, "pnpc check nosuch.yaml 2> >(exit 0)")
    assert (done.returncode, done.stderr) == (2, "")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("pnpc check a.yaml >&-", 1),
        ("pnpc check b.yaml >&-", 0),
        ("pnpc check a.yaml 2>&-", 1),
        ("pnpc check nosuch.yaml 2>&-", 2),
        ("pnpc check --nonsense 2>&-", 2),
        ("pnpc check nosuch.yaml >&- 2>&-", 2),
        ("pnpc check - <&-", 1),
    ],
)
def test_a_stream_may_be_closed_from_the_start(tmp_path: Path, words: str, code: int) -> None:
    write(tmp_path, a_yaml=WRONG, b_yaml=SPEC)
    done = shell(tmp_path, words)
    assert (done.returncode, "bug" in done.stderr) == (code, False)
    assert (tmp_path / "a.yaml").read_text(encoding="utf-8") == WRONG


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="a device of Linux")
def test_a_full_disk_is_one_line(tmp_path: Path) -> None:
    write(tmp_path, a_yaml=SPEC)
    done = shell(tmp_path, "pnpc check a.yaml > /dev/full")
    assert (done.returncode, done.stderr) == (2, "pnpc: no space left on device\n")


def test_an_output_may_be_our_own(tmp_path: Path) -> None:
    write(tmp_path, a_yaml=WRONG)
    for target in ("| cat", "> out.txt && cat out.txt"):
        done = shell(tmp_path, f"pnpc check a.yaml --exit-zero --output concise=/dev/stdout --format concise {target}")
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.count("a.yaml:9:5: PNP101") == 2
    assert sorted(os.listdir(tmp_path)) == ["a.yaml", "out.txt"]


def test_an_output_takes_its_place_as_a_whole(here: Here, tmp_path: Path) -> None:
    write(tmp_path, a_yaml=WRONG)
    (tmp_path / "old.txt").write_text("old")
    os.link(tmp_path / "old.txt", tmp_path / "out.txt")
    assert here("check", "--output", "concise=out.txt").returncode == 1
    assert ((tmp_path / "old.txt").read_text(), (tmp_path / "out.txt").read_text().count("\n")) == ("old", 1)
    done = here("check", "--output", "concise=nosuch/out.txt")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)


def test_kanji_come_out_in_any_locale(pnpc: Run, tmp_path: Path) -> None:
    write(tmp_path, a_yaml=SPEC.replace("content:", "contents:").replace('"{{ slot }}"', "午前中"))
    done = pnpc("check", "a.yaml", LC_ALL="C", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert "午前中" in done.stdout


@pytest.mark.parametrize("style", ["full", "concise", "json", "jsonl", "github", "gitlab", "junit", "rdjson"])
def test_kanji_of_file_names_come_out_in_any_locale(pnpc: Run, tmp_path: Path, style: str) -> None:
    (tmp_path / "出荷.yaml").write_text(WRONG)
    for given in (".", "出荷.yaml"):
        done = pnpc("check", "--format", style, given, LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
        assert (done.returncode, done.stderr) == (1, "")
        assert "出荷.yaml" in done.stdout
    done = pnpc("check", "無い.yaml", LC_ALL="C", PYTHONUTF8="0")
    assert (done.returncode, done.stderr) == (2, "pnpc: can't read 無い.yaml: no such file or directory\n")


def test_colours_only_on_a_terminal(here: Here, tmp_path: Path) -> None:
    write(tmp_path, a_yaml=WRONG)
    assert "\x1b[" not in here("check").stdout
    assert "\x1b[" in here("check", "--color", "always").stdout
    assert "\x1b[" in here("check", FORCE_COLOR="1").stdout
    assert "\x1b[" not in here("check", FORCE_COLOR="1", NO_COLOR="1").stdout


def test_a_clean_check_loads_nothing_heavy(tmp_path: Path) -> None:
    text = (ROOT / "examples" / "shop" / "notifications" / "shipment.yaml").read_text(encoding="utf-8")
    write(tmp_path, a_yaml=text + "country: JP\n")
    script = (
        "import sys\n"
        "from pnpc.cli.main import main\n"
        "assert main(['check', 'a.yaml']) == 0\n"
        "heavy = 'jinja2 jsonschema phonenumbers aiohttp rich babel rapidfuzz wcwidth regex pathspec watchfiles tomllib '\n"
        "heavy += 'dataclasses multiprocessing importlib.metadata '\n"
        "heavy += 'pnpc.language.proof.prove pnpc.language.extents pnpc.language.directives'\n"
        "print([name for name in heavy.split() if name in sys.modules])\n"
    )
    done = program(script, tmp_path)
    assert done.stdout.splitlines() == ["no mistakes in 1 file", "[]"], done.stderr
