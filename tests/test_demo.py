"""`make demo`: the whole way on the example shop, on one screen."""

import csv
import os
import re
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from conftest import ROOT, clean_environment

SHOP = ROOT / "examples" / "shop"
ONE_SCREEN = 45  # lines


def demo(script: Path) -> subprocess.CompletedProcess[str]:
    """Run the demo; when it ends, or takes too long, its servers end too."""
    path = os.pathsep.join((os.path.dirname(sys.executable), os.environ["PATH"]))
    with subprocess.Popen(
        ["sh", script], env=clean_environment(PATH=path), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        encoding="utf-8", start_new_session=True,
    ) as process:  # fmt: skip
        try:
            out, err = process.communicate(timeout=60)
        finally:
            with suppress(ProcessLookupError):  # all of them have ended, as they should
                os.killpg(process.pid, signal.SIGKILL)
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


def files() -> dict[Path, bytes]:
    return {file: file.read_bytes() for file in (ROOT / "examples").rglob("*") if file.is_file()}


def test_demo_shows_the_whole_way():
    before = files()
    done = demo(ROOT / "examples" / "demo.sh")
    assert done.returncode == 0, done.stdout + done.stderr
    assert files() == before
    for code in ("PNP201", "PNP204", "PNP206", "PNP006", "PNP101", "PNP007", "PNP203", "PNP502"):
        assert re.search(rf"^mistakes/shipment-wrong\.yaml:\d+:\d+: {code} ", done.stdout, re.MULTILINE), code
    assert "error[PNP206 content-too-long]: `content` is 25 characters" in done.stdout
    assert '"url":"https://api.line.me/v2/bot/message/pnp/templated/push"' in done.stdout
    pushes = re.findall(
        r"^3 messages: ([03]) sent now; 2 accepted, 1 refused, 0 unknown, 0 remaining$", done.stdout, re.MULTILINE
    )
    assert pushes == ["3", "0"]
    assert re.search(
        r"^note: 3 messages sent before, on \S+ with shipment.jsonl: 2 accepted, 1 refused$",
        done.stdout + done.stderr,
        re.MULTILINE,
    )
    assert re.search(r"^ +1  delivered ", done.stdout, re.MULTILINE)
    assert re.search(r"^ +1  waiting ", done.stdout, re.MULTILINE)
    assert len(done.stdout.splitlines()) <= ONE_SCREEN


def test_demo_shows_no_phone_number():
    done = demo(ROOT / "examples" / "demo.sh")
    with open(SHOP / "orders.csv", encoding="utf-8") as file:
        numbers = [re.sub(r"\D", "", row["phone"]).removeprefix("81").removeprefix("0") for row in csv.DictReader(file)]
    assert numbers
    digits = re.sub(r"[^0-9A-Za-z]", "", done.stdout + done.stderr)
    assert [number for number in numbers if number in digits] == []


def test_demo_stops_where_a_command_ends_otherwise(tmp_path):
    """A demo that goes on after a failure would hide it."""
    script = tmp_path / "demo.sh"
    script.write_text((ROOT / "examples" / "demo.sh").read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "shop" / "mistakes").mkdir(parents=True)
    done = demo(script)
    assert done.returncode == 1
    assert "demo: exit code 2, expected 1" in done.stderr


def test_an_ended_demo_leaves_no_server_and_no_folder(tmp_path):
    """A demo that is stopped while its servers run ends them and removes its folder."""
    path = os.pathsep.join((os.path.dirname(sys.executable), os.environ["PATH"]))
    environment = clean_environment(PATH=path, TMPDIR=str(tmp_path))
    with subprocess.Popen(
        ["sh", ROOT / "examples" / "demo.sh"], env=environment, stdout=subprocess.PIPE, encoding="utf-8",
        start_new_session=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        while "$ pnpc push" not in process.stdout.readline():  # the servers run now
            assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
    assert process.returncode == 143
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(ProcessLookupError):  # nobody is left in its group
        os.killpg(process.pid, 0)


def test_make_runs_it_with_what_pnpc_needs_to_run_only():
    done = subprocess.run(
        ["make", "-n", "demo", "VENV=not-there"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "sh examples/demo.sh" in done.stdout
    assert "requirements/run.txt" in done.stdout
    assert "requirements/dev.txt" not in done.stdout
    libraries = re.findall(r"^([a-z0-9-]+)==", (ROOT / "requirements" / "run.txt").read_text("utf-8"), re.MULTILINE)
    assert "pyyaml" in libraries
    assert not {"pytest", "mypy", "pyarrow", "babel"} & set(libraries)
