"""Files that name people are for their owner only."""

import os
import stat
from pathlib import Path

import pytest
from conftest import ROOT, Here
from pushes import JOURNAL, journal_of

from pnpc.emulator import Emulator

SHOP = ROOT / "examples" / "shop"


def mode(file: Path | str) -> int:
    return stat.S_IMODE(os.stat(file).st_mode)


@pytest.fixture
def open_umask():
    """A umask that takes nothing away: what is not asked for would be readable by all."""
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.skipif(os.name != "posix", reason="modes of POSIX")
@pytest.mark.usefixtures("open_umask")
def test_files_that_name_people_are_for_their_owner(tmp_path: Path, here: Here) -> None:
    payloads, compressed, bad = (tmp_path / name for name in ("a.jsonl", "a.jsonl.gz", "bad.csv"))
    spec, table = SHOP / "notifications" / "shipment.yaml", SHOP / "orders.csv"
    for output in (payloads, compressed):
        assert here("compile", spec, "--recipients", table, "-o", output, "--errors", bad).returncode == 0
    with Emulator() as line:
        done = here("push", payloads, "--api-url", line.url, LINE_CHANNEL_ACCESS_TOKEN="any", PNPC_JOURNAL=JOURNAL)
    assert done.returncode == 4, done.stderr
    export = tmp_path / "export.csv"
    assert here("status", "--journal", journal_of(payloads), "--export", export).returncode == 0
    for file in (payloads, compressed, bad, journal_of(payloads), export):
        assert mode(file) == 0o600, file


@pytest.mark.skipif(os.name != "posix", reason="modes of POSIX")
@pytest.mark.usefixtures("open_umask")
def test_a_file_that_was_there_keeps_its_mode(tmp_path: Path, here: Here) -> None:
    output = tmp_path / "a.jsonl"
    output.touch(0o640)
    spec, table = SHOP / "notifications" / "shipment.yaml", SHOP / "orders.csv"
    assert here("compile", spec, "--recipients", table, "-o", output).returncode == 0
    assert mode(output) == 0o640


@pytest.mark.skipif(os.name != "posix", reason="modes of POSIX")
@pytest.mark.usefixtures("open_umask")
def test_what_is_for_git_has_the_usual_mode(tmp_path: Path, here: Here) -> None:
    assert here("init", "project").returncode == 0
    assert mode(tmp_path / "project" / "pnpc.toml") == 0o666
