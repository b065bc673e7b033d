"""LINE's limits that a schema can't express, from `schemas/limits.json`, where each has its source and date."""

from functools import lru_cache
from typing import Any

from pnpc.data import read_json


@lru_cache(maxsize=1)
def limits() -> dict[str, Any]:
    """All limits by name; the units (bytes, characters, seconds, …) stand with them in the file. Read once, when needed."""
    data: dict[str, Any] = read_json("schemas", "limits.json")
    return data
