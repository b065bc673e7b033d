"""Print which of the libraries installed here have another version than a lock says.

python tools/newer.py requirements/dev.txt
"""

import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from re import MULTILINE, findall


def locked(text: str) -> list[tuple[str, str]]:
    """The names and versions of a requirements file with exact versions."""
    return findall(r"^([A-Za-z0-9._-]+)==([^\s;]+)", text, MULTILINE)


def main(lock: str) -> None:
    """Print one line for each difference."""
    differences = []
    for name, wanted in locked(Path(lock).read_text(encoding="utf-8")):
        try:
            installed = version(name)
        except PackageNotFoundError:
            continue  # for another platform, or no longer needed
        if installed != wanted:
            differences.append(f"  {name} {installed} (locked: {wanted})")
    print(f"{len(differences)} libraries differ from {lock}", *differences, sep="\n")


if __name__ == "__main__":
    main(sys.argv[1])
