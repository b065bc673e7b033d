"""Draw the rooms of pnpc, and what each uses, into docs/architecture.md, from the imports.

`python tools/rooms.py` writes it; a test says that it is current.
"""

import ast
from collections.abc import Iterator
from pathlib import Path
from re import DOTALL, MULTILINE, findall, sub

ROOT = Path(__file__).parent.parent
FILE = ROOT / "docs" / "architecture.md"
CODE = ROOT / "pnpc"


def rooms(page: str) -> list[str]:
    """The rooms in the order of the page's table, top down."""
    return findall(r"^\| `(\w+)` \|", page.partition("| libraries |")[2].partition("\n\n")[0], flags=MULTILINE)


def uses(names: list[str]) -> dict[str, set[str]]:
    """The rooms that each room imports: at the top of a file, inside functions, and for types only."""
    found: dict[str, set[str]] = {name: set() for name in names}
    for file in CODE.rglob("*.py"):
        room = file.relative_to(CODE).with_suffix("").parts[0]
        if room in found:
            found[room] |= {other for other in _imported(file) if other in found and other != room}
    return found


def _imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "pnpc":
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("pnpc."):
            yield (node.module or "").split(".")[1]


def longest_ways(direct: dict[str, set[str]]) -> list[tuple[str, str]]:
    """The uses that no longer way makes plain already."""

    def reached(room: str) -> set[str]:
        return direct[room].union(*(reached(other) for other in direct[room]))

    return [
        (room, other)
        for room, others in direct.items()
        for other in sorted(others, key=list(direct).index)
        if not any(other in reached(third) for third in others)
    ]


def drawn(page: str) -> str:
    """The page with its picture as it should be."""
    ways = "\n".join(f"  {room} --> {other}" for room, other in longest_ways(uses(rooms(page))))
    block = f"<!-- rooms -->\n```mermaid\ngraph TD\n{ways}\n```\n<!-- /rooms -->"
    return sub(r"<!-- rooms -->.*?<!-- /rooms -->", lambda _: block, page, flags=DOTALL)


if __name__ == "__main__":
    FILE.write_text(drawn(FILE.read_text(encoding="utf-8")), encoding="utf-8")
