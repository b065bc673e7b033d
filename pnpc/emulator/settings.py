"""How the emulator behaves where LINE's docs leave it open. The defaults stand in the scenario's schema, and no place else."""

from functools import lru_cache
from typing import Any, NamedTuple

from pnpc.line.grammar.schema import load


class EmulatorSettings(NamedTuple):
    """The settings of a scenario file, with `_` for `-`; what each is, `schemas/emulator-scenario.schema.json` says.

    Seconds are real ones but for `delivery_seconds`, which pass on the emulator's clock.
    """

    country: str
    lenient: bool
    check: bool
    rate: float
    burst: float | None
    retry_after: float | None
    monthly_limit: int | None
    forbidden: tuple[str, ...]
    order: tuple[str, ...]
    others: str
    body_bytes: int
    tag_pattern: str
    delivery_seconds: float
    event_first: bool
    events_per_post: int
    posts_at_once: int
    post_timeout: float
    redelivery: bool
    redelivery_tries: int
    redelivery_seconds: float
    duplicates: float
    disorder_seconds: float
    destination: str
    display_name: str
    basic_id: str
    webhook_active: bool


@lru_cache(maxsize=1)
def defaults() -> EmulatorSettings:
    """The settings of an emulator of which nothing is said."""
    known = load("emulator-scenario")["$defs"]["settings"]["properties"]
    return EmulatorSettings(**{name.replace("-", "_"): _value(schema.get("default")) for name, schema in known.items()})


def changed(settings: EmulatorSettings, values: dict[str, Any]) -> EmulatorSettings:
    """Settings with others put for some, by their names in a scenario file or in Python."""
    return settings._replace(**{name.replace("-", "_"): _value(value) for name, value in values.items()})


def _value(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
