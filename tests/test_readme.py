"""README.md and docs/*.md: what they show is what happens."""

import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml
from conftest import ROOT, clean_environment

from pnpc import rules
from pnpc.check.engine import check
from pnpc.cli.main import COMMANDS
from pnpc.language.message.context import Context
from pnpc.line.catalog import Catalog
from pnpc.line.grammar import compiler
from pnpc.project.config import load
from pnpc.report import FORMATS
from pnpc.text.nodes import compose
from pnpc.text.source import Source

sys.path.insert(0, str(ROOT / "tools"))  # no package, but scripts

import console
import picture
import tables

PAGES = console.pages()
NAMES = [page.name for page in PAGES]
CATALOG = Catalog()
# What stands in a block of ```sh, which a test can't run as it stands, and who runs it instead.
ELSEWHERE = {
    "make demo   # the example shop, the whole way: mistakes, requests, a push to the emulator, what became of it": "test_demo.py",
    "make test   # everything": "the reader: it is this",
    "python3 -m venv .venv": "test_package.py",
    ".venv/bin/pip install '.[all]'": "test_package.py",
    ".venv/bin/pnpc --version": "test_package.py",
    "pnpc check --format concise --output gitlab=gl-code-quality.json --output junit=pnpc.xml": "test_precommit.py",
    """echo 'eval "$(pnpc completion bash)"' >> ~/.bashrc""": "test_readme.py",
    """echo 'eval "$(pnpc completion zsh)"' >> ~/.zshrc""": "test_readme.py",
    "pnpc completion fish > ~/.config/fish/completions/pnpc.fish": "test_readme.py",
}


def read(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def blocks(language: str, pages: list[Path] = PAGES) -> list:
    """Each block of a language as a parameter: its text, and the last line of prose before it."""
    found = []
    for page in pages:
        for number, block in enumerate(
            re.finditer(rf"^```{language}\n(.*?)^```$", read(page), re.DOTALL | re.MULTILINE)
        ):
            before = read(page)[: block.start()].rstrip().rsplit("\n", 1)[-1]
            found.append(pytest.param(block[1], before, id=f"{page.name}-{number}"))
    return found


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_console_blocks_print_what_they_show(page, tmp_path):
    session = console.Session(tmp_path)
    for command in console.commands(read(page)):
        code, output = session.run(command.line)
        assert code == 0, f"{page.name}: `{command.line}` ended with {code}:\n{output}"
        assert console.agrees(command.output, output), f"{page.name}: `{command.line}` printed\n{output}"


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_no_block_waits_for_a_file_that_is_already_there(page):
    """The shell that runs in the background empties the file a moment later: it would be found with its old content."""
    written: set[str] = set()
    for command in console.commands(read(page)):
        awaited = set(re.findall(r"until \[ -s (\S+) \]", command.line))
        assert not awaited & written, command.line
        written |= awaited
        written -= {file for files in re.findall(r"\brm ([^;]+)", command.line) for file in files.split()}


def test_a_page_that_shows_something_else_is_told(tmp_path):
    assert console.agrees("a\n…\nc", "a\nb\nc\n")
    assert console.agrees("…\nc", "c\n")
    assert not console.agrees("a\n…\nc", "a\nb\n")
    assert not console.agrees("a\n…\nc", "a\nbc\n")
    assert not console.agrees("a", "a\nb")
    page = "```console\n$ echo a; cd examples\nold\n$ pwd\n$ ls nothing; echo $?\n…\n2\n```\n"
    assert console.rewritten(page, tmp_path) == (
        f"```console\n$ echo a; cd examples\na\n$ pwd\n{tmp_path}/examples\n$ ls nothing; echo $?\n…\n2\n```\n"
    )


def test_a_command_that_fails_is_not_written_into_a_page(tmp_path):
    with pytest.raises(console.CommandFailed, match=r"`echo a; false` ended with 1:\na"):
        console.rewritten("```console\n$ echo a; false\nold\n```\n", tmp_path)


@pytest.mark.parametrize(("code", "_before"), blocks("python"))
def test_python_blocks_run(code, _before, tmp_path):
    script = tmp_path / "example.py"
    script.write_text(code, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, script], cwd=tmp_path, env=clean_environment(), capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()


@pytest.mark.parametrize(("text", "before"), blocks("yaml"))
def test_yaml_blocks_check_clean(text, before):
    """A spec or a request body; a catalog; or else a part of a file for another program."""
    source = Source("block.yaml", text)
    if re.search(r"^(pnpc|templateKey):", text, re.MULTILINE):
        found = [f"{one.code} {one.message}" for one in check(source, Context(CATALOG), {}).diagnostics]
        assert bool(found) == before.startswith("Wrong:"), found
    elif re.search(r"^catalog:", text, re.MULTILINE):
        (document,) = compose(source)
        assert list(compiler.check("catalog", document, expressions=False)) == []
    else:
        examples = [yaml.safe_load(read(file)) for file in sorted((ROOT / "examples" / "ci").iterdir())]
        shown = yaml.safe_load(text)
        assert shown in examples or shown[0]["with"] == examples[0]["jobs"]["pnpc"]["steps"][1]["with"]


@pytest.mark.parametrize(("text", "_before"), blocks("toml"))
def test_toml_blocks_are_configs(text, _before, tmp_path):
    (tmp_path / "catalogs").mkdir()
    (tmp_path / "catalogs" / "one.yaml").write_text("catalog: 1\ncountry: JP\n")
    file = tmp_path / "pnpc.toml"
    file.write_text(text, encoding="utf-8")
    assert load(str(file)).country == "JP"


def test_shell_blocks_hold_only_what_is_run_elsewhere():
    lines = [line for block in blocks("sh") for line in block.values[0].splitlines()]
    assert sorted(lines) == sorted(ELSEWHERE)
    targets = re.findall(r"^(\w+):", read(ROOT / "Makefile"), re.MULTILINE)
    assert {line.split()[1] for line in lines if line.startswith("make ")} <= set(targets)


def test_every_block_has_a_language_that_a_test_knows():
    for page in PAGES:
        fences = re.findall(r"^```(.*)$", read(page), re.MULTILINE)
        assert set(fences[::2]) <= {"console", "python", "yaml", "toml", "sh", "mermaid", "sql"}, (
            page.name
        )  # mermaid: `tools/rooms.py`; sql: `test_postgres_rights.py`
        assert set(fences[1::2]) <= {""}, page.name


def test_every_command_and_format_is_told_of():
    readme, ci = read(ROOT / "README.md"), read(ROOT / "docs" / "ci.md")
    assert [name for name in COMMANDS if f"`pnpc {name}`" not in readme] == []
    assert [name for name in FORMATS if f"`{name}`" not in ci] == []


@pytest.mark.parametrize("page", [*PAGES, ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md"], ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    for target, anchor in re.findall(r"\]\((?!https://)([^)#\s]*)(?:#([^)\s]+))?\)", read(page)):
        file = page.parent / target if target else page
        assert file.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.*)$", read(file), re.MULTILINE)
            assert anchor in {re.sub(r"[^\w -]", "", one.lower()).replace(" ", "-") for one in headings}


@pytest.mark.parametrize("page", [*PAGES, ROOT / "CHANGELOG.md"], ids=lambda page: page.name)
def test_rules_that_are_named_exist(page):
    for code in re.findall(r"PNP\d{3}", read(page)):
        assert rules.names(code), code


def test_what_is_said_of_the_catalog_is_so():
    readme = read(ROOT / "README.md")
    listings = {code: CATALOG.country(code).listings for code in ("JP", "TH", "TW")}
    japan = []
    for kind in ("templates", "items", "buttons"):
        listing = listings["JP"][kind]
        japan.append(f"{sum(entry.known != 'refused' for entry in listing.keys.values())} of {listing.total}")
    assert f"| Japan | {' | '.join(japan)} |" in readme
    for code, name in (("TH", "Thailand"), ("TW", "Taiwan")):
        assert not any(listing.keys for listing in listings[code].values())
        assert f"| {name} | none | none | none |" in readme


@pytest.mark.parametrize("page", tables.pages(), ids=lambda page: page.name)
def test_tables_are_current(page):
    """If not: `make docs`."""
    assert read(page) == tables.filled(read(page))


def test_picture_is_current_and_loses_nothing():
    """If not: `make docs`."""
    shown = picture.output()
    assert picture.FILE.read_text(encoding="utf-8") == picture.draw(shown)
    plain = re.sub(r"\x1b\[[0-9;]*m", "", shown)
    rows = ElementTree.fromstring(picture.draw(shown)).iter("{http://www.w3.org/2000/svg}text")
    assert "".join("".join(row.itertext()) for row in rows) == plain.replace("\n", "")
    assert "(docs/picture.svg)" in read(ROOT / "README.md")


def test_picture_gives_wide_letters_two_cells():
    svg = picture.draw("注文 x\n")
    assert f'textLength="{4 * picture.CELL}" lengthAdjust="spacingAndGlyphs">注文<' in svg
    assert f'x="{picture.MARGIN + 4 * picture.CELL}"' in svg


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts_are_written(shell, pnpc):
    done = pnpc("completion", shell)
    assert done.returncode == 0, done.stderr
    assert "_PNPC_COMPLETE" in done.stdout


def test_bash_completes_commands(pnpc, tmp_path):
    """The script can be read by bash, and what it calls names the commands."""
    script = tmp_path / "pnpc.bash"
    script.write_text(pnpc("completion", "bash").stdout)
    assert subprocess.run(["bash", "-n", script], capture_output=True, check=True).stderr == b""
    done = pnpc(_PNPC_COMPLETE="bash_complete", COMP_WORDS="pnpc ch", COMP_CWORD="1")
    assert done.stdout.splitlines() == ["plain,check"]
