"""A baseline: the findings that a team has decided to mend later. Known by file, rule and path, never by line."""

import json
import os
from collections import Counter
from collections.abc import Iterable
from typing import Any

from pnpc.project.files import CouldNotRead, read
from pnpc.text.finding import Diagnostic

Key = tuple[str, str, str]


def load(file: str) -> Counter[Key]:
    """How many findings of each file, rule and path are held back. Raises CouldNotRead."""
    try:
        content: Any = json.loads(read(file))
        content = content if content["version"] == 1 else {}
        return Counter({(one["file"], one["code"], one["path"]): int(one["count"]) for one in content["findings"]})
    except (ValueError, KeyError, TypeError):
        raise CouldNotRead(f"can't read {file}: not a baseline; write it with --write-baseline") from None


def dump(diagnostics: Iterable[Diagnostic], file: str) -> str:
    """The baseline file's text for these findings; paths are relative to its folder."""
    counted = Counter(_key(one, file) for one in diagnostics)
    findings = [
        {"file": name, "code": code, "path": path, "count": count}
        for (name, code, path), count in sorted(counted.items())
    ]
    return json.dumps({"version": 1, "findings": findings}, ensure_ascii=False, indent=1) + "\n"


def split(diagnostics: Iterable[Diagnostic], held: Counter[Key], file: str) -> tuple[list[Diagnostic], int, int]:
    """The findings that are new, how many were held back, and how many entries of the baseline were not needed."""
    left = Counter(held)
    new: list[Diagnostic] = []
    for one in diagnostics:
        key = _key(one, file)
        if left[key] > 0:
            left[key] -= 1
        else:
            new.append(one)
    stale = sum(left.values())
    return new, sum(held.values()) - stale, stale


def _key(one: Diagnostic, file: str) -> Key:
    root = os.path.dirname(os.path.abspath(file))
    name = os.path.relpath(os.path.abspath(one.file), root).replace(os.sep, "/")
    return name, one.code, one.path
