"""Files that pnpc is given: whatever they hold, and whatever they are, one clear line tells of it."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import SPEC, Done, clean_environment
from zstandard import ZstdCompressionParameters, ZstdCompressor

from pnpc.project import streams
from pnpc.project.files import CouldNotRead
from pnpc.project.globs import TooMuch, files
from pnpc.text.json.strict import NotJSON
from pnpc.text.json.strict import read as read_json

Here = Callable[..., Done]
CATALOG = '{"catalog": 1, "country": "JP", "items": {"complete": false, "keys": {"ours_001_ja": {}}}}'
SECRET = "root:x:0:0"


@pytest.fixture
def project(tmp_path: Path, here: Here, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a spec, and beside it a file that is none of its own."""
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "spec.yaml").write_text(SPEC, encoding="utf-8")
    (tmp_path / "outside.json").write_text(CATALOG)
    (tmp_path / "secret").write_text(SECRET)
    monkeypatch.chdir(tmp_path / "project")
    return tmp_path / "project"


def line_of(done: Done) -> str:
    """The one line that ended a command."""
    assert (done.returncode, done.stdout) == (2, ""), done
    assert done.stderr.startswith("pnpc: "), done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr


BASELINES = [
    ('{"version": 1, "findings": [{"file": 1, "code": "PNP204", "path": "", "count": 1}]}', "entry 1 is not a finding"),
    ('{"version": 1, "findings": [{"file": "a", "code": "x", "path": "", "count": 1e400}]}', "the number 1e400 is too"),
    ('{"version": 1, "findings": [{"file": "a", "code": "x", "path": "", "count": 1.5}]}', "entry 1 is not a finding"),
    ('{"version": 1, "findings": [{"file": "a", "code": "x", "path": "", "count": -1}]}', "entry 1 is not a finding"),
    ('{"version": 1, "findings": [{"file": "\\u0000", "code": "x", "path": "", "count": 1}]}', "entry 1 is not"),
    ('{"version": 1, "findings": [[]]}', "entry 1 is not a finding"),
    ('{"version": 1, "findings": {}}', "it is not a baseline"),
    ('{"version": 1, "version": 1}', "the key `version` is set twice"),
    ("[" * 100_000, "nested too deeply"),
    ("9" * 5_000, "a number has too many digits"),
    ('"\\ud800"', "half of a surrogate pair"),
    ("", "not JSON: expecting value (line 1, column 1)"),
    (b"\xff", "byte 0xff at offset 0 is not UTF-8"),
]


@pytest.mark.parametrize(("content", "says"), BASELINES, ids=[str(number) for number in range(len(BASELINES))])
def test_whatever_a_baseline_holds(project: Path, content: str | bytes, says: str, here: Here) -> None:
    (project / "b.json").write_bytes(content if isinstance(content, bytes) else content.encode())
    for more in ((), ("--write-baseline",)):
        line = line_of(here("check", "spec.yaml", "--baseline", "b.json", *more))
        assert "can't read b.json" in line
        assert says in line


CONFIGS = [
    ("a = " + "[" * 3_000, "more than 200 levels deep"),
    ("a = " + "[" * 250 + "]" * 250, "more than 200 levels deep"),
    ("a = " + "9" * 5_000, "a number has too many digits"),
    ("a = 0x" + "f" * 5_000, "a number has too many digits"),
    ("a" + ".a" * 90_000 + " = 1", "a key of more than 50 parts"),
    ("# " + "x" * 300_000, "the file has 300,002 characters, limit 200,000"),
    ("a = [" + '"\\u0041b", ' * 15_000 + "]", "unknown key `a`"),
    ('a = """' + "x" * 190_000, "not valid TOML"),
]


@pytest.mark.parametrize(("content", "says"), CONFIGS, ids=[str(number) for number in range(len(CONFIGS))])
def test_whatever_a_config_holds(project: Path, content: str, says: str, here: Here) -> None:
    (project / "pnpc.toml").write_text(content)
    done = here("check", "spec.yaml")
    assert (done.returncode, done.stdout) == (2, "")
    assert f"error[PNP801 bad-config]: {says}" in done.stderr


KINDS = {"pipe": "a named pipe", "folder": "a folder", "socket": "a socket", "device": "a device"}


@pytest.fixture(params=list(KINDS))
def odd(request: pytest.FixtureRequest, project: Path) -> tuple[str, str]:
    """The name of something that is no file, and what it is called."""
    name = str(project / "odd")
    if request.param == "pipe":
        os.mkfifo(name)
    elif request.param == "folder":
        os.mkdir(name)
    elif request.param == "socket":
        with socket.socket(socket.AF_UNIX) as bound:
            bound.bind("odd")  # a socket's address is short
    else:
        os.symlink("/dev/zero", name)
    return name, KINDS[request.param]


@pytest.mark.parametrize(
    "words",
    [
        ("check", "spec.yaml", "odd"),
        ("check", "spec.yaml", "--config", "odd"),
        ("check", "spec.yaml", "--baseline", "odd"),
        ("check", "spec.yaml", "--catalog", "odd"),
        ("compile", "spec.yaml", "--data", "odd"),
        ("catalog", "import", "odd"),
        ("import", "odd"),
        ("emulator", "--scenario", "odd"),
        ("approve", "odd", "--review-id", "1", "--date", "2026-11-20"),
        ("compile", "spec.yaml", "--recipients", "odd", "--recipients-format", "csv"),
        ("push", "odd", "--dry-run"),
        ("status", "--journal", "odd"),
    ],
    ids=" ".join,
)
def test_what_is_no_file_is_told_and_never_waited_for(
    odd: tuple[str, str], words: tuple[str, ...], here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    if odd[1] == "a folder" and words[0] == "check" and words[-1] == "odd" and len(words) == 3:
        return  # a folder of specs
    monkeypatch.setattr(streams, "PATIENCE", 0.1)
    line = line_of(here(*words))
    # A folder may hold the parts of a table.
    assert (
        odd[1] in line
        or "not a file" in line
        or line == "pnpc: no tables are in odd\n"
        or line.startswith("pnpc: no page or table in odd: ")
        or "no process writes to this pipe" in line
    )


def test_an_empty_device_is_an_empty_file(project: Path, here: Here) -> None:
    assert here("check", "spec.yaml", "--config", "/dev/null").returncode == 0


OUTSIDE = [
    ('catalogs = ["../outside.json"]', "`../outside.json` leads out of the project"),
    ('catalogs = ["../*.json"]', "`../*.json` leads out of the project"),
    ('catalogs = ["~/outside.json"]', "`~/outside.json` leads out of the project"),
    ("catalogs = ['C:\\x.json']", "`C:\\x.json` leads out of the project"),
    ("catalogs = ['\\\\host\\share\\x.json']", "leads out of the project"),
    ('catalogs = ["file:///etc/passwd"]', "leads out of the project"),
    ('catalogs = ["/etc/passwd"]', "`/etc/passwd` leads out of the project"),
    ('catalogs = ["sub/../../outside.json"]', "leads out of the project"),
    ('catalogs = ["link.json"]', "`link.json` leads out of the project"),
    ('catalogs = ["l*.json"]', "`link.json` is a link that leads out of the project"),
    ('catalogs = ["folder/outside.json"]', "leads out of the project"),
    ('catalogs = ["secret.yaml"]', "leads out of the project"),
    ('baseline = "../outside.json"', "`../outside.json` leads out of the project"),
    ('baseline = "link.json"', "`link.json` leads out of the project"),
    ('baseline = "/etc/passwd"', "`/etc/passwd` leads out of the project"),
]


@pytest.mark.parametrize(("config", "says"), OUTSIDE, ids=[config for config, _ in OUTSIDE])
def test_a_config_names_nothing_outside_its_project(project: Path, config: str, says: str, here: Here) -> None:
    (project / "link.json").symlink_to("../outside.json")
    (project / "secret.yaml").symlink_to("../secret")
    (project / "folder").symlink_to("..")
    (project / "sub").mkdir()
    (project / "pnpc.toml").write_text(config + "\n")
    for words in (("check", "spec.yaml"), ("check", "spec.yaml", "--write-baseline"), ("compile", "spec.yaml")):
        done = here(*words)
        assert (done.returncode, done.stdout) == (2, "")
        assert says in done.stderr
        assert SECRET not in done.stderr
        assert "ours_001_ja" not in done.stderr
    assert (project.parent / "outside.json").read_text() == CATALOG


def test_the_command_line_takes_a_catalog_from_anywhere(project: Path, here: Here) -> None:
    (project / "spec.yaml").write_text(SPEC.replace("time_range_001_ja", "ours_001_ja"), encoding="utf-8")
    assert "PNP218" in here("check", "spec.yaml").stdout
    for words in (("check", "spec.yaml"), ("compile", "spec.yaml"), ("preview", "spec.yaml")):
        done = here(*words, "--catalog", "../outside.json")
        assert done.returncode == 0
        assert "PNP218" not in done.stdout + done.stderr
    assert "ours_001_ja" in here("catalog", "list", "items", "--catalog", "../outside.json").stdout
    (project / "pnpc.toml").write_text('catalogs = ["../*.json"]\n')
    assert here("check", "spec.yaml", "--catalog", "../outside.json").returncode == 0
    assert here("check", "spec.yaml", "--catalog", "../secret").returncode == 2


def test_a_config_that_is_a_link_out_of_its_folder(project: Path, here: Here) -> None:
    (project / "pnpc.toml").symlink_to("../secret")
    line = line_of(here("check", "spec.yaml"))
    assert "pnpc.toml is a link that leads out of its folder; --config FILE accepts it" in line
    (project / "pnpc.toml").unlink()
    (project / "pnpc.toml").symlink_to("nowhere.toml")
    assert "pnpc.toml" in line_of(here("check", "spec.yaml"))


def test_snapshots_and_approvals_are_not_followed_out_of_the_folder(project: Path, here: Here) -> None:
    (project / "__payloads__").mkdir()
    (project / "__payloads__" / "shipment.json").symlink_to("../../secret")
    for option in ("--check", "--update"):
        assert "leads out of its folder by a link" in line_of(here("compile", "spec.yaml", option))
    assert (project.parent / "secret").read_text() == SECRET


def test_patterns_of_files(tmp_path: Path) -> None:
    for name in ("a/b/c.json", "a/x.json", ".hidden/x.json", "a/.x.json", "top.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "a" / "round").symlink_to("..")

    def found(pattern: str) -> list[str]:
        return [os.path.relpath(name, tmp_path) for name in files(str(tmp_path), pattern)]

    assert found("top.json") == ["top.json"]
    assert found("none.json") == []
    assert found("*.json") == ["top.json"]
    assert found("a/?.json") == ["a/x.json"]
    assert found("**/*.json") == ["a/b/c.json", "a/x.json", "top.json"]
    assert found("a/**") == ["a/b/c.json", "a/round", "a/x.json"] or found("a/**") == ["a/b/c.json", "a/x.json"]
    assert found("a") == []
    with pytest.raises(TooMuch):
        files(str(tmp_path), "*/" * 60)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[1,]", "not JSON: expecting value"),
        ('{"a": 1, "a": 2}', "the key `a` is set twice in an object"),
        ("NaN", "not JSON: `NaN` is not a JSON number"),
        ("1e999", "the number 1e999 is too large"),
        ("[" * 300 + "]" * 300, "nested too deeply"),
        ("\ufeff1", "not JSON: a byte order mark"),
    ],
)
def test_json_is_read_strictly(text: str, reason: str) -> None:
    with pytest.raises(NotJSON) as error:
        read_json(text)
    assert error.value.reason == reason
    assert read_json("[" * 150 + "]" * 150)


def zst(path: Path, *parts: tuple[bytes, int]) -> Path:
    """A file of parts, each so many times, compressed as a stream."""
    with open(path, "wb") as file, ZstdCompressor().stream_writer(file) as stream:
        for part, times in parts:
            for _ in range(times):
                stream.write(part)
    return path


def test_a_small_file_that_holds_blank_lines_without_end(project: Path, here: Here) -> None:
    table = zst(project / "t.csv.zst", (b"phone,slot\n08000001234,a\n", 1), (b"\n" * (1 << 20), 3))
    assert table.stat().st_size < 10_000
    done = here("compile", "spec.yaml", "--recipients", "t.csv.zst", "-o", "out.jsonl")
    assert done.returncode == 1
    assert "more than 1,048,576 characters of blank lines before the next row" in done.stderr
    zst(project / "p.jsonl.zst", (b"\n" * (1 << 20), 2))
    done = here("push", "p.jsonl.zst", "--dry-run")
    assert done.returncode == 2
    assert "more than 1,048,576 bytes of blank lines" in done.stderr


def test_a_window_larger_than_any_reader_needs(project: Path, here: Here) -> None:
    parameters = ZstdCompressionParameters(window_log=30, enable_ldm=True)
    packer = ZstdCompressor(compression_params=parameters)
    with open(project / "t.csv.zst", "wb") as file, packer.stream_writer(file) as stream:
        stream.write(b"phone,slot\n08000001234,a\n")
    line = line_of(here("compile", "spec.yaml", "--recipients", "t.csv.zst"))
    assert "can't read t.csv.zst: it was compressed with a window of more than 128 MB" in line


def test_a_file_that_grows_while_it_is_read(project: Path) -> None:
    (project / "t.csv").write_bytes(b"a\n" * 200_000)
    with open(project / "t.csv", "ab") as writer, streams.open_in(str(project / "t.csv")) as stream:
        stream.read(10)
        writer.write(b"b\n")
        writer.flush()
        with pytest.raises(CouldNotRead, match="grew while it was read"):
            stream.read()


def test_a_shell_s_pipe_is_read(project: Path) -> None:
    (project / "t.csv").write_text("phone,slot,total\n08000001234,a,1\n")
    for command in ("compile <(cat spec.yaml) --recipients <(cat t.csv) --recipients-format csv",):
        done = subprocess.run(
            ["bash", "-c", f"{sys.executable} -m pnpc {command}"],
            cwd=project, capture_output=True, text=True, env=clean_environment(), check=False,
        )  # fmt: skip
        assert "can't read" not in done.stderr
        assert done.returncode in (0, 1)


def test_a_line_of_a_list_of_numbers_is_not_held_whole(here: Here) -> None:
    done = here("hash", "--country", "JP", input=b"1" * 5_000_000 + b"\n08000001234\n")
    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == 2
