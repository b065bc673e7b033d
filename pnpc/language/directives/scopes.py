"""What a name stands for where a directive is written: its value's schema, step by step."""

from collections.abc import Mapping
from typing import Any

from pnpc.language.cases.parts import EACH, Key, Known, Loop
from pnpc.language.message.notice import Notice
from pnpc.language.variables.declared import RECIPIENT, declarations

Names = Mapping[str, Known]


def declared(notice: Notice) -> dict[str, Known]:
    """The names that may be used everywhere in a spec."""
    names = {name: Known((name,), one.schema or {}) for name, one in declarations(notice).items()}
    return {**names, "recipient": Known(("recipient",), RECIPIENT)}


def inside(names: Names, loop: Loop) -> dict[str, Known]:
    """The names that may be used inside a loop, beside those around it."""
    item, number = loop.names[loop.name], loop.names["loop"]
    return {**names, loop.name: Known((*loop.key, EACH), item), "loop": Known(("loop",), number)}


def value(steps: tuple[str, ...], names: Names) -> Known | None:
    """What steps from a name lead to; None for a name or a member that is not declared."""
    found = names.get(steps[0])
    for step in steps[1:]:
        if found is None:
            return None
        known = found.schema.get("properties") if isinstance(found.schema.get("properties"), dict) else None
        if known is None or step not in known:
            return Known((*found.key, step), {}) if not _is_closed(found.schema) else None
        found = Known((*found.key, step), known[step])
    return found


def _is_closed(schema: Mapping[str, Any]) -> bool:
    """Whether all the members that a value may have are declared."""
    return bool(schema.get("properties")) or schema.get("type", "object") != "object"


def place(key: Key) -> tuple[str, ...]:
    """The path of a value's declaration in the spec."""
    path: tuple[str, ...] = ("variables", key[0])
    for step in key[1:]:
        path = (*path, "items") if step == EACH else (*path, "properties", step)
    return path
