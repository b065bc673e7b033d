"""List the wordings of pnpc's findings: messages, help texts, titles of fixes, and the parts that they are made of.

`python tools/wordings.py` writes a line for each, with its file, its rule if the code names one, and its values;
`--format json` writes a list for programs. They are read from the source: `says("…", name=value)`, whose first argument
is one literal. Words that stand in schemas are listed too: `x-says`, what a medium `shows`, the `reasons` of the policy.
"""

import argparse
import ast
import json
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Any, NamedTuple

ROOT = Path(__file__).parent.parent
CODE = ROOT / "pnpc"
SCHEMAS = ROOT / "schemas"


class Wording(NamedTuple):
    """A wording: where it stands, the rule that the file is of (empty: several use it), and the names of its values.

    `text` is None where it is no literal, which a test forbids.
    """

    file: str
    line: int
    rule: str
    text: str | None
    values: tuple[str, ...]

    def fields(self) -> set[str]:
        """The names of the fields in the text."""
        return {name for _, name, _, _ in Formatter().parse(self.text or "") if name is not None}


def wordings() -> list[Wording]:
    """All wordings of the code, then those of the schemas."""
    files = sorted(CODE.rglob("*.py"))
    of_code = [wording for file in files for wording in _of_code(file)]
    return [*of_code, *(wording for file in sorted(SCHEMAS.rglob("*.json")) for wording in _of_schema(file))]


def _of_code(file: Path) -> Iterator[Wording]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    rule = _rule(calls)
    for call in sorted((call for call in calls if _name(call) == "says"), key=lambda call: call.lineno):
        first = call.args[0] if len(call.args) == 1 else None
        text = first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else None
        values = tuple(keyword.arg or "**" for keyword in call.keywords)
        yield Wording(str(file.relative_to(ROOT)), call.lineno, rule, text, values)


def _rule(calls: list[ast.Call]) -> str:
    """The name of the rule that a file defines; empty where it defines none, or several."""
    names = [
        keyword.value.value
        for call in calls
        for keyword in call.keywords
        if _name(call) == "Rule" and keyword.arg == "name" and isinstance(keyword.value, ast.Constant)
    ]
    return str(names[0]) if len(names) == 1 else ""


def _name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _of_schema(file: Path) -> Iterator[Wording]:
    for text in _words(json.loads(file.read_text(encoding="utf-8"))):
        yield Wording(str(file.relative_to(ROOT)), 0, "", text.replace("{", "{{").replace("}", "}}"), ())


def _words(value: Any) -> Iterator[str]:
    """The words of a schema that messages are made of, at any depth."""
    if isinstance(value, dict):
        for key in ("x-says", "reasons"):
            if isinstance(value.get(key), dict):
                yield from (text for text in value[key].values() if isinstance(text, str))
        if isinstance(value.get("shows"), str):
            yield value["shows"]
        for below in value.values():
            yield from _words(below)
    elif isinstance(value, list):
        for below in value:
            yield from _words(below)


def main() -> None:
    """Print the list."""
    parser = argparse.ArgumentParser(description="List the wordings of pnpc's findings.")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    chosen = parser.parse_args().format
    if chosen == "json":
        print(json.dumps([wording._asdict() for wording in wordings()], ensure_ascii=False, indent=2))
        return
    for wording in wordings():
        place = f"{wording.file}:{wording.line}" if wording.line else wording.file
        print(f"{place}: {f'[{wording.rule}] ' if wording.rule else ''}{wording.text}")


if __name__ == "__main__":
    main()
