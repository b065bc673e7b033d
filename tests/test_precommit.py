"""Where others run pnpc: the hooks by the real pre-commit, the steps of the GitHub Action, the line of GitLab's job."""

import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from re import MULTILINE, findall
from typing import NamedTuple

import pytest
import yaml
from conftest import ROOT, SPEC, clean_environment

from pnpc.cli.checking.check import command as check_command
from pnpc.cli.compiling.compile import command as compile_command
from pnpc.extras import LIBRARIES

WRONG = SPEC.replace("itemKey:", "itemkey:")  # mended by --fix
BROKEN = SPEC.replace("shipment_completed_ja", "shipment_complete_ja")  # for a person to mend
FOREIGN = "services:\n  web: {image: nginx, ports: [80:80]}\n"


def run(*words: str | Path, cwd: Path, check: bool = True, **environment: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        words, cwd=cwd, env=clean_environment(**{"PYTHONWARNINGS": "", **environment}),
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0 or not check, done.stdout
    return done


# --- pre-commit ---


class Hooks(NamedTuple):
    """A repository that holds pnpc as it is now, a commit of it, and where pre-commit keeps its environments."""

    repository: Path
    commit: str
    home: Path

    def project(self, folder: Path, **files: str) -> "Project":
        folder.mkdir()
        git(folder, "init", "--quiet")
        hooks = [{"id": "pnpc-check"}, {"id": "pnpc-fix", "stages": ["manual"]}]
        config = {"repos": [{"repo": str(self.repository), "rev": self.commit, "hooks": hooks}]}
        project = Project(folder, self.home)
        project.write(**{".pre-commit-config.yaml": json.dumps(config)}, **files)
        return project


class Project(NamedTuple):
    """A repository of somebody who uses the hooks."""

    folder: Path
    home: Path

    def write(self, **files: str) -> None:
        for name, text in files.items():
            (self.folder / name).write_text(text, encoding="utf-8")
        git(self.folder, "add", ".")

    def read(self, name: str) -> str:
        return (self.folder / name).read_text(encoding="utf-8")

    def hook(self, *more: str) -> tuple[int, str]:
        words = (sys.executable, "-m", "pre_commit", "run", "--all-files", "--color", "never", *more)
        done = run(*words, cwd=self.folder, check=False, PRE_COMMIT_HOME=str(self.home))
        return done.returncode, done.stdout


def git(folder: Path, *words: str) -> str:
    names = {f"GIT_{who}_{what}": "x@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    return run("git", *words, cwd=folder, GIT_CONFIG_GLOBAL=os.devnull, **names).stdout


def copied(folder: Path) -> Path:
    """The files of this checkout, committed or not yet, as a repository of their own: it is they that are tried."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    if listed.returncode:
        pytest.skip("not a git checkout: pre-commit installs hooks from git only")
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    git(folder, "init", "--quiet")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--no-verify", "-m", "pnpc as it is")
    return folder


def as_locked(folder: Path) -> dict[str, str]:
    """The environment in which pip installs the locked versions, so that this passes on any later day."""
    lock = (ROOT / "requirements" / "run.txt").read_text(encoding="utf-8")
    constraints = folder / "constraints.txt"
    constraints.write_text("\n".join(findall(r"^[^\s#][^\\\n]*", lock, MULTILINE)), encoding="utf-8")
    # The second is for what pip builds in an environment of its own; older versions of pip take the first for it too.
    return {"PIP_CONSTRAINT": str(constraints), "PIP_BUILD_CONSTRAINT": str(constraints)}


@pytest.fixture(scope="module")
def hooks(tmp_path_factory) -> Hooks:
    """The hooks installed once for all tests; skipped where no package index can be reached."""
    repository = copied(tmp_path_factory.mktemp("pnpc"))
    home = tmp_path_factory.mktemp("home")
    made = Hooks(repository, git(repository, "rev-parse", "HEAD").strip(), home)
    project = made.project(tmp_path_factory.mktemp("first") / "project")
    install = (sys.executable, "-m", "pre_commit", "install-hooks")
    done = run(*install, cwd=project.folder, check=False, PRE_COMMIT_HOME=str(home), **as_locked(home))
    if done.returncode:
        # Is it our package, or the way to the libraries that it needs?
        pip = (sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "-d", home / "tried", "hatchling")
        reached = run(*pip, cwd=home, check=False)
        if reached.returncode:
            pytest.skip(f"no package index, which pre-commit needs: {reached.stdout.strip().splitlines()[-1]}")
    assert done.returncode == 0, done.stdout
    return made


def test_hook_tells_mistakes_and_passes_what_is_mended(hooks, tmp_path):
    name = "notifications 配送.yaml"
    project = hooks.project(tmp_path / "project", **{name: BROKEN, "compose.yaml": FOREIGN, "package.json": "{}"})
    code, output = project.hook()
    assert code == 1
    assert "pnpc check" in output
    assert "Failed" in output
    assert f"{name}:7:16: error[PNP201 unknown-template]" in output
    assert "compose.yaml:" not in output
    project.write(**{name: SPEC})
    code, output = project.hook()
    assert (code, "Passed" in output) == (0, True), output


MOST_MEGABYTES = 40  # of pnpc and its libraries


def test_the_hook_installs_the_core_only(hooks):
    (site,) = hooks.home.glob("repo*/py_env*/lib/python*/site-packages")
    installed = {found["name"] for found in json.loads(run(sys.executable, "-m", "pip", "--python", site.parents[2] / "bin" / "python", "list", "--format", "json", "--disable-pip-version-check", cwd=site).stdout)}  # fmt: skip
    assert {"pnpc", "click", "PyYAML"} <= installed
    assert installed.isdisjoint(library for libraries in LIBRARIES.values() for library in libraries)
    ours = [file for file in site.rglob("*") if file.is_file() and file.relative_to(site).parts[0].split("-")[0] not in ("pip", "setuptools")]  # fmt: skip
    assert sum(file.stat().st_size for file in ours) < MOST_MEGABYTES * 1_000_000


def test_hook_passes_over_foreign_and_excluded_files(hooks, tmp_path):
    project = hooks.project(tmp_path / "project", **{"compose.yaml": FOREIGN})
    code, output = project.hook()
    assert (code, "Passed" in output) == (0, True), output
    project.write(**{"draft.yaml": BROKEN})
    assert project.hook()[0] == 1
    project.write(**{"pnpc.toml": 'exclude = ["draft.yaml"]\n'})
    code, output = project.hook()
    assert (code, "Passed" in output) == (0, True), output


def test_fix_hook_mends(hooks, tmp_path):
    project = hooks.project(tmp_path / "project", **{"spec.yaml": WRONG})
    code, output = project.hook("pnpc-fix", "--hook-stage", "manual")
    assert code == 1
    assert "files were modified by this hook" in output
    assert project.read("spec.yaml") == SPEC
    project.write()
    code, output = project.hook("pnpc-fix", "--hook-stage", "manual")
    assert (code, "Passed" in output) == (0, True), output


def test_hooks_are_what_the_command_line_knows(pnpc, tmp_path):
    """The same words by the pnpc that is here: this needs no package index."""
    (tmp_path / "spec.yaml").write_text(WRONG, encoding="utf-8")
    (tmp_path / "compose.yaml").write_text(FOREIGN, encoding="utf-8")
    listed = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert [hook["id"] for hook in listed] == ["pnpc-check", "pnpc-fix", "pnpc-snapshots"]
    for hook, code in zip(listed[:2], (1, 0), strict=True):
        program, *words = shlex.split(hook["entry"])
        assert program == "pnpc"
        assert pnpc(*words, "spec.yaml", "compose.yaml").returncode == code
        assert pnpc(*words, "compose.yaml").returncode == 0
    snapshots = listed[2]
    assert snapshots["pass_filenames"] is False
    words = shlex.split(snapshots["entry"])[1:]
    assert pnpc(*words).returncode == 1
    assert pnpc("compile", "--update").returncode == 0
    assert pnpc(*words).returncode == 0


# --- GitHub Actions ---

ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
STEPS = ACTION["runs"]["steps"]


@pytest.fixture
def act(tmp_path):
    """Run the last step as GitHub does, with the inputs given, in a folder with a wrong spec and a clean one."""
    programs = tmp_path / "temp" / "pnpc" / "bin"
    programs.mkdir(parents=True)
    shim = programs / "pnpc"
    shim.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m pnpc "$@"\n')
    shim.chmod(0o755)
    work = tmp_path / "work"
    (work / "my specs").mkdir(parents=True)
    (work / "my specs" / "wrong.yaml").write_text(BROKEN, encoding="utf-8")
    (work / "clean.yaml").write_text(SPEC.replace("name: shipment", "name: clean"), encoding="utf-8")
    script = tmp_path / "step.sh"
    script.write_text(STEPS[-1]["run"])

    def step(**inputs: str) -> subprocess.CompletedProcess[str]:
        given = {name: inputs.get(name.replace("-", "_"), one["default"]) for name, one in ACTION["inputs"].items()}
        environment = {
            name: given[value.removeprefix("${{ inputs.").removesuffix(" }}")]
            for name, value in STEPS[-1]["env"].items()
        }
        bash = ("bash", "--noprofile", "--norc", "-eo", "pipefail", script)
        return run(*bash, cwd=work, check=False, RUNNER_TEMP=str(tmp_path / "temp"), **environment)

    return step, work


def test_no_input_becomes_a_part_of_a_script():
    for step in STEPS:
        assert "${{" not in step.get("run", "")
    used = json.dumps(STEPS)
    assert [name for name in ACTION["inputs"] if f"${{{{ inputs.{name} }}}}" not in used] == []
    for step in STEPS:
        for name in step.get("env", {}):
            assert f'"${name}' in step["run"] or f"=${name}" in step["run"] or f" ${name} " in step["run"], name


def test_action_checks_everything_by_default(act):
    step, work = act
    done = step()
    assert done.returncode == 1, done.stdout
    assert done.stdout.startswith("::error file=my specs/wrong.yaml,line=7,")
    assert json.loads((work / "pnpc.sarif").read_text(encoding="utf-8"))["version"] == "2.1.0"


def test_action_takes_paths_with_blanks_one_a_line(act):
    step, work = act
    assert step(paths="clean.yaml").returncode == 0
    done = step(paths="clean.yaml\nmy specs\n\n", sarif_file="my report.sarif")
    assert done.returncode == 1
    assert "file=my specs/wrong.yaml" in done.stdout
    assert (work / "my report.sarif").is_file()
    assert step(paths="").returncode == 1


def test_action_takes_options(act):
    step, _work = act
    assert step(args="--ignore unknown-template --fail-on error").returncode == 0
    assert step(args="--exit-zero").returncode == 0


@pytest.mark.parametrize(
    "text", ["; touch hacked", "$(touch hacked)", "`touch hacked`", '"; touch hacked; "', "& touch hacked"]
)
@pytest.mark.parametrize("name", ["paths", "args", "sarif_file"])
def test_action_runs_nothing_that_an_input_says(act, name, text):
    step, work = act
    step(**{name: text})
    assert not (work / "hacked").exists()


def test_action_takes_a_path_for_no_option(act):
    step, _work = act
    done = step(paths="--exit-zero")
    assert done.returncode == 2
    assert "no such file or directory" in done.stdout


def test_github_example_uses_the_action_as_it_is():
    workflow = yaml.safe_load((ROOT / "examples" / "ci" / "github-workflow.yml").read_text(encoding="utf-8"))
    (step,) = [step for step in workflow["jobs"]["pnpc"]["steps"] if "pnpc" in step["uses"]]
    assert set(step["with"]) <= set(ACTION["inputs"])
    (upload,) = [step for step in workflow["jobs"]["pnpc"]["steps"] if "sarif" in step["uses"]]
    assert upload["with"]["sarif_file"] == ACTION["inputs"]["sarif-file"]["default"]


# --- GitLab ---


def test_gitlab_example_writes_the_reports_that_it_names(pnpc, tmp_path):
    job = yaml.safe_load((ROOT / "examples" / "ci" / "gitlab-ci.yml").read_text(encoding="utf-8"))["notifications"]
    (tmp_path / "spec.yaml").write_text(BROKEN, encoding="utf-8")
    shutil.copy(ROOT / "examples" / "ci" / "gitlab-ci.yml", tmp_path / ".gitlab-ci.yml")
    program, *words = shlex.split(job["script"][-1])
    assert program == "pnpc"
    done = pnpc(*words)
    assert (done.returncode, done.stdout.count("\n")) == (1, 1), done.stdout
    reports = job["artifacts"]["reports"]
    assert len(json.loads((tmp_path / reports["codequality"]).read_text(encoding="utf-8"))) == 1
    assert (tmp_path / reports["junit"]).read_text(encoding="utf-8").startswith("<?xml")


def test_examples_of_ci_use_hooks_and_options_that_exist():
    config = yaml.safe_load((ROOT / "examples" / "ci" / "pre-commit-config.yaml").read_text(encoding="utf-8"))
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert {hook["id"] for hook in config["repos"][0]["hooks"]} <= {hook["id"] for hook in hooks}
    for hook in hooks:
        _, command, *words = shlex.split(hook["entry"])
        parameters = {"check": check_command, "compile": compile_command}[command].params
        options = {option for parameter in parameters for option in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= options
