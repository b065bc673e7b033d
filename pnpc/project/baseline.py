"""A baseline: the findings that a team has decided to mend later. Known by file, rule and path, never by line."""

import json
import os
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from pnpc import rules
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
        raise CouldNotRead(
            f"can't read {file}: not a baseline; delete it, then write it with --write-baseline"
        ) from None


def dump(diagnostics: Iterable[Diagnostic], file: str, kept: Counter[Key] | None = None) -> str:
    """The baseline file's text for these findings, and for entries that are `kept`; paths are relative to its folder."""
    counted = Counter(_key(one, file) for one in diagnostics) + (kept or Counter())
    findings = [
        {"file": name, "code": code, "path": path, "count": count}
        for (name, code, path), count in sorted(counted.items())
    ]
    return json.dumps({"version": 1, "findings": findings}, ensure_ascii=False, indent=1) + "\n"


def can_hold(code: str) -> bool:
    """Whether a baseline can hold the findings of a rule: not if they are certain media."""
    return not rules.known(code) or rules.names(code)[0] not in rules.CERTAIN_MEDIA


def split(diagnostics: Iterable[Diagnostic], held: Counter[Key], file: str) -> tuple[list[Diagnostic], Counter[Key]]:
    """The findings that are new, and the entries of the baseline that held none of these back."""
    left = Counter(held)
    new: list[Diagnostic] = []
    for one in diagnostics:
        key = _key(one, file)
        if left[key] > 0:
            left[key] -= 1
        else:
            new.append(one)
    return new, +left


def of_others(held: Counter[Key], names: Iterable[str], file: str, is_on: Callable[[str, str], bool]) -> Counter[Key]:
    """The entries that a run could not meet: of files that are none of `names`, or of rules that are not on in them.

    `is_on` is asked with the name of a file and a rule's code. Files that are no longer there have no entries here.
    """
    root = os.path.dirname(os.path.abspath(file))
    run = {_relative(name, root): name for name in names}
    return Counter({
        key: count
        for key, count in held.items()
        if (not is_on(run[key[0]], key[1]) if key[0] in run else os.path.lexists(os.path.join(root, key[0])))
    })  # fmt: skip


def _key(one: Diagnostic, file: str) -> Key:
    return _relative(one.file, os.path.dirname(os.path.abspath(file))), one.code, one.path


def _relative(name: str, root: str) -> str:
    return os.path.relpath(os.path.abspath(name), root).replace(os.sep, "/")
