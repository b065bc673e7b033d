"""What is installed: the wheel has code, data and types, and works from any folder; the sdist has all the rest too."""

import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path
from re import compile as regex
from re import escape
from typing import NamedTuple

import pytest
from conftest import ROOT, clean_environment

from pnpc.about import VERSION


def run(*words: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        words, cwd=cwd, env=clean_environment(PYTHONWARNINGS=""), capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done


class Built(NamedTuple):
    """The wheel, the sdist, and the files of the project from which they were made."""

    wheel: Path
    sdist: Path
    files: frozenset[str]


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Built:
    """Made without the network, by the build backend that is here."""
    folder = tmp_path_factory.mktemp("dist")
    files = frozenset(project_files())
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check")
    run(*pip, "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", folder, ROOT, cwd=folder)
    run(sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", folder, cwd=ROOT)
    (wheel,), (sdist,) = folder.glob("*.whl"), folder.glob("*.tar.gz")
    return Built(wheel, sdist, files)


def project_files() -> list[str]:
    """What belongs to the project: all that git does not ignore."""
    words = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(words, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    if listed.returncode:
        pytest.skip("not a git checkout: what belongs to the project is not known")
    return [name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


@pytest.fixture(scope="module")
def installed(built, tmp_path_factory) -> Path:
    """The `pnpc` of a fresh environment; the libraries come from the one of the tests, pnpc itself from the wheel."""
    folder = tmp_path_factory.mktemp("environment")
    run(sys.executable, "-m", "venv", "--without-pip", folder, cwd=folder)
    home = Path(sysconfig.get_path("purelib", vars={"base": str(folder)}))
    # Not a .pth of the .pth files there: the editable install of this checkout must not be seen.
    (home / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    run(
        sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", folder / "bin" / "python",
        "install", "--quiet", "--no-deps", "--no-index", "--ignore-installed", built.wheel, cwd=folder,
    )  # fmt: skip
    return folder / "bin" / "pnpc"


def test_it_is_the_wheel_that_is_tried(installed, tmp_path):
    script = "import pnpc, pnpc.data; print(pnpc.__file__); print(pnpc.data.ROOT)"
    for line in run(installed.parent / "python", "-c", script, cwd=tmp_path).stdout.splitlines():
        assert Path(line).is_relative_to(installed.parent.parent), line
    assert run(installed, "--version", cwd=tmp_path).stdout == f"pnpc {VERSION}\n"


def test_installed_pnpc_has_its_data(installed, tmp_path):
    assert "shipment_completed_ja" in run(installed, "new", "--list", cwd=tmp_path).stdout
    run(installed, "new", "shipment_completed_ja", "-o", "spec.yaml", cwd=tmp_path)
    assert run(installed, "check", "spec.yaml", cwd=tmp_path).stdout == "no mistakes in 1 file\n"
    assert '"templateKey":"shipment_completed_ja"' in run(installed, "compile", "spec.yaml", cwd=tmp_path).stdout
    assert '"$defs"' in run(installed, "schema", "spec", cwd=tmp_path).stdout
    assert "contact_ja" in run(installed, "catalog", "show", "contact_ja", cwd=tmp_path).stdout
    assert "PNP204" in run(installed, "explain", "PNP204", cwd=tmp_path).stdout
    run(installed, "init", "project", cwd=tmp_path)
    assert (tmp_path / "project" / "pnpc.toml").is_file()


def test_wheel_holds_all_code_data_and_types_and_nothing_else(built):
    with zipfile.ZipFile(built.wheel) as wheel:
        names = set(wheel.namelist())
    code = {name for name in built.files if name.startswith("pnpc/")}
    data = {f"pnpc/_data/{name}" for name in built.files if name.startswith(("schemas/", "templates/"))}
    assert "pnpc/py.typed" in code
    assert sorted((code | data) - names) == []
    about = f"pnpc-{VERSION}.dist-info/"
    assert f"{about}licenses/LICENSE" in names
    ours = regex(rf"pnpc/(_data/(schemas|templates)/.*|.*\.py|py\.typed)|{escape(about)}.*")
    assert [
        name for name in sorted(names) if not ours.fullmatch(name) or name.startswith("tests/") or "conftest" in name
    ] == []


def test_sdist_holds_what_builds_and_tests_it(built):
    with tarfile.open(built.sdist) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}
    assert sorted(built.files - names) == []
