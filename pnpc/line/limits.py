"""Limits of LINE that a schema can't say, from `schemas/limits.json`: each with its source beside it."""

from functools import lru_cache
from typing import Any

from pnpc.data import read_json


@lru_cache(maxsize=1)
def limits() -> dict[str, Any]:
    """All of them, by name; read when a flexible message first needs one."""
    found: dict[str, Any] = read_json("schemas", "limits.json")
    return found
