"""A baseline: the findings that a team has decided to fix later. Known by file, rule and path, never by line."""

import json
import os
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from pnpc import rules
from pnpc.project.files import CouldNotRead, shown
from pnpc.project.own_files import json_value
from pnpc.text.finding import Diagnostic

Key = tuple[str, str, str]

_MOST = 1_000_000_000  # findings of one rule at one path: more is a damaged file


def load(file: str) -> Counter[Key]:
    """How many findings of each file, rule and path are in the baseline. Raises CouldNotRead."""
    content = json_value(file)
    findings = content.get("findings") if isinstance(content, dict) and content.get("version") == 1 else None
    held: Counter[Key] = Counter()
    for number, entry in enumerate(findings if isinstance(findings, list) else [None], 1):
        if not _is_entry(entry):
            what = f"entry {number} is not a finding" if isinstance(findings, list) else "it is not a baseline"
            raise CouldNotRead(f"can't read {shown(file)}: {what}; delete the file and write it with --write-baseline")
        held[entry["file"], entry["code"], entry["path"]] += entry["count"]
    return held


def _is_entry(entry: Any) -> bool:
    """Whether a value is an object with file, code and path as text, and a count."""
    if not isinstance(entry, dict) or not all(isinstance(entry.get(name), str) for name in ("file", "code", "path")):
        return False
    count = entry.get("count")
    return isinstance(count, int) and not isinstance(count, bool) and 0 < count <= _MOST and "\0" not in entry["file"]


def dump(diagnostics: Iterable[Diagnostic], file: str, kept: Counter[Key] | None = None) -> str:
    """The baseline file's text for these findings, and for entries that are `kept`; paths are relative to its folder."""
    counted = Counter(_key(diagnostic, file) for diagnostic in diagnostics) + (kept or Counter())
    findings = [
        {"file": name, "code": code, "path": path, "count": count}
        for (name, code, path), count in sorted(counted.items())
    ]
    return json.dumps({"version": 1, "findings": findings}, ensure_ascii=False, indent=1) + "\n"


def can_hold(code: str) -> bool:
    """Whether a baseline can hold the findings of a rule: not if they are certain media, or keep a file from being read."""
    return not rules.known(code) or rules.names(code)[0] not in rules.ALWAYS_ON


def split(diagnostics: Iterable[Diagnostic], held: Counter[Key], file: str) -> tuple[list[Diagnostic], Counter[Key]]:
    """The findings that are new, and the entries of the baseline that match none of these."""
    left = Counter(held)
    new: list[Diagnostic] = []
    for diagnostic in diagnostics:
        key = _key(diagnostic, file)
        if left[key] > 0:
            left[key] -= 1
        else:
            new.append(diagnostic)
    return new, +left


def of_others(held: Counter[Key], names: Iterable[str], file: str, is_on: Callable[[str, str], bool]) -> Counter[Key]:
    """The entries that a run could not meet: of files that are not in `names`, or of rules that are not on in them.

    `is_on` is asked with the name of a file and a rule's code. Files that are no longer there have no entries here.
    """
    root = os.path.dirname(os.path.abspath(file))
    run = {_relative(name, root): name for name in names}
    return Counter({
        key: count
        for key, count in held.items()
        if (not is_on(run[key[0]], key[1]) if key[0] in run else os.path.lexists(os.path.join(root, key[0])))
    })  # fmt: skip


def _key(diagnostic: Diagnostic, file: str) -> Key:
    return _relative(diagnostic.file, os.path.dirname(os.path.abspath(file))), diagnostic.code, diagnostic.path


def _relative(name: str, root: str) -> str:
    return os.path.relpath(os.path.abspath(name), root).replace(os.sep, "/")
