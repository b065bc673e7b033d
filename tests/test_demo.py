"""`make demo`: the whole way on the example shop, on one screen."""

import csv
import os
import re
import subprocess
import sys
from pathlib import Path

from conftest import ROOT, clean_environment

SHOP = ROOT / "examples" / "shop"
ONE_SCREEN = 60  # lines of a terminal of usual height, with some to scroll


def demo(script: Path) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join((os.path.dirname(sys.executable), os.environ["PATH"]))
    return subprocess.run(
        ["sh", script], env=clean_environment(PATH=path), capture_output=True, encoding="utf-8", timeout=60, check=False
    )


def files() -> dict[Path, bytes]:
    return {file: file.read_bytes() for file in (ROOT / "examples").rglob("*") if file.is_file()}


def test_demo_shows_the_whole_way():
    before = files()
    done = demo(ROOT / "examples" / "demo.sh")
    assert done.returncode == 0, done.stdout + done.stderr
    assert files() == before
    for code in ("PNP201", "PNP204", "PNP206", "PNP006", "PNP101", "PNP007", "PNP203", "PNP502"):
        assert re.search(rf"^mistakes/shipment-wrong\.yaml:\d+:\d+: {code} ", done.stdout, re.MULTILINE), code
    assert "error[PNP006 comment-cuts-text]: the text ends before `#`" in done.stdout
    assert '"headers":{"Content-Type":"application/json","X-Line-Delivery-Tag":"shipment-A1B2C3D4-0"}' in done.stdout
    assert done.stdout.count("\n3 messages: 2 accepted, 1 refused, 0 unknown, 0 remaining\n") == 2
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


def test_make_runs_it():
    done = subprocess.run(["make", "-n", "demo"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "sh examples/demo.sh" in done.stdout
