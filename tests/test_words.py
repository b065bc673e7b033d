"""Names and words: a variable says what it holds, a class name is unique, and what people read is plain English.

A room whose names are clean stands in CLEAN; the next person who cleans one adds it there.
"""

import ast
import io
import re
import tokenize
from functools import cache
from pathlib import Path

import pytest
from conftest import ROOT

CODE = ROOT / "pnpc"
CLEAN = (
    "check",
    "cli",
    "compile",
    "deliver",
    "emulator",
    "language",
    "line",
    "project",
    "render",
    "report",
    "rules",
    "text",
)
NOT_YET = ("compile/targets/", "report/json.py", "report/jsonl.py")  # parts of these rooms that are not clean yet
PAGES = sorted(page for page in (ROOT / "docs").glob("*.md") if page.name != "targets.md") + [ROOT / "README.md"]
SAY_NOTHING = {"one", "found", "told"}  # names that do not say what the thing is
# What must not come back, and what to write instead.
WORDS = {
    r"(?<!there )\b(?:is|are) none\b": "say what it is not: `is not a list`",
    r"(?<!there )\bis no (?:address|array|date|file|journal|JSON|list|map|name|number|pattern|phone|revision|spec|text|"
    r"URL|UTF-8|value|webhook)\b": "is not a …",
    r"\banew\b": "again",
    r"\bat work\b": "running",
    r"\bby hand\b": "manually",
    r"\bblanks\b": "spaces",
    r"\bfilms?\b": "video",
    r"\bfinds it no more\b": "no longer finds it",
    r"\bmend(?:s|ed|ing)?\b": "fix",
    r"\bnobody\b": "say what happens instead: `is not known`, `no person`",
    r"\bof (?:LINE|Sinch)'s(?=[.,;:)]|$| (?:and|as|by|if|is|it|or|that)\b)": "LINE's …",
    r"\bsay so with\b": "add --option",
    r"\bshall\b": "must, will",
    r"\bso many\b": "name the number",
    r"\bthere(?:by|from|in|of|upon)\b": "",
    r"\b(?:is|are|were|was) told\b": "is reported, is shown",
    r"\btold of\b": "reported, named",
    r"\bwhom\b": "which person, the recipient",
}


@cache
def clean_files() -> tuple[Path, ...]:
    files = [file for room in CLEAN for file in sorted((CODE / room).rglob("*.py"))]
    return tuple(file for file in files if not str(file.relative_to(CODE)).startswith(NOT_YET))


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def texts(file: Path) -> list[tuple[int, str]]:
    """The strings and comments of a file, each with its first line; strings in two pieces as two."""
    tokens = tokenize.generate_tokens(io.StringIO(file.read_text(encoding="utf-8")).readline)
    return [(token.start[0], token.string) for token in tokens if token.type in (tokenize.STRING, tokenize.COMMENT)]


def faults(name: str, line: int, text: str) -> list[str]:
    plain = re.sub(r"`[^`]*`", "`…`", " ".join(text.split()))  # code in backticks has its own names
    return [
        f"{name}:{line}: {match[0]!r}: {better}" for word, better in WORDS.items() for match in re.finditer(word, plain)
    ]


def test_variables_say_what_they_hold() -> None:
    nameless = [
        f"{file.relative_to(ROOT)}:{node.lineno}: {name}"
        for file in clean_files()
        for node in ast.walk(tree(file))
        for name in (node.id if isinstance(node, ast.Name) else node.arg if isinstance(node, ast.arg) else "",)
        if name in SAY_NOTHING and not (isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load))
    ]
    assert nameless == []


def test_a_class_name_stands_for_one_thing() -> None:
    places: dict[str, list[str]] = {}
    for file in sorted(CODE.rglob("*.py")):
        for node in ast.walk(tree(file)):
            if isinstance(node, ast.ClassDef):
                places.setdefault(node.name, []).append(str(file.relative_to(ROOT)))
    clean = {str(file.relative_to(ROOT)) for file in clean_files()}
    assert {name: files for name, files in places.items() if len(files) > 1 and clean.intersection(files)} == {}


def test_code_speaks_plain_english() -> None:
    wrong = [
        fault
        for file in clean_files()
        for line, text in texts(file)
        for fault in faults(str(file.relative_to(ROOT)), line, text)
    ]
    assert wrong == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_pages_speak_plain_english(page: Path) -> None:
    lines = page.read_text(encoding="utf-8").splitlines()
    assert [fault for number, line in enumerate(lines, 1) for fault in faults(page.name, number, line)] == []


def test_the_word_list_bites() -> None:
    assert faults("x", 1, "a text is none, and nobody shall mend it by hand") != []
    assert faults("x", 1, "if there is none, the page of LINE's documentation; `nobody` is a name") == []


def test_an_import_inside_a_function_says_why() -> None:
    """For commands one rule of the house says it (docs/architecture.md); elsewhere a comment on or above the first."""
    silent = []
    for file in clean_files():
        if file.is_relative_to(CODE / "cli"):
            continue
        lines = file.read_text(encoding="utf-8").splitlines()
        for function in ast.walk(tree(file)):
            if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            block: list[ast.stmt] = [
                part for part in ast.walk(function) if isinstance(part, ast.Import | ast.ImportFrom)
            ]
            if block and not any(says_why(lines, part) for part in block):
                silent.append(f"{file.relative_to(ROOT)}:{block[0].lineno}")
    assert silent == []


def says_why(lines: list[str], part: ast.stmt) -> bool:
    return "#" in lines[part.lineno - 1] or lines[part.lineno - 2].lstrip().startswith("#")
