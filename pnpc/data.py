"""Where the data stands: `schemas/` and `templates/`, beside the code in a checkout, inside the package once installed."""

import json
import os
from typing import Any

_HERE = os.path.dirname(os.path.abspath(__file__))
_INSTALLED = os.path.join(_HERE, "_data")
ROOT = _INSTALLED if os.path.isdir(_INSTALLED) else os.path.dirname(_HERE)


def path(*parts: str) -> str:
    """The file name of a piece of data, such as `path("schemas", "spec.schema.json")`."""
    return os.path.join(ROOT, *parts)


def read_text(*parts: str) -> str:
    """The text of a piece of data. Raises FileNotFoundError."""
    with open(path(*parts), encoding="utf-8") as file:
        return file.read()


def read_json(*parts: str) -> Any:
    """A piece of data that is JSON, decoded."""
    return json.loads(read_text(*parts))
