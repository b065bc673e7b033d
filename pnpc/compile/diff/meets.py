"""Whether a single value meets a keyword of JSON Schema: asked where an old declaration lists its values."""

import re
from typing import Any

from pnpc.line.grammar.patterns import TooSlow, matcher
from pnpc.line.grammar.run import same


def meets(name: str, bound: Any, value: Any) -> bool:
    """Whether a value surely meets a keyword of JSON Schema; False where that is not certain."""
    if name == "enum":
        return any(same(value, allowed) for allowed in bound)
    if name == "const":
        return same(value, bound)
    if name in ("minLength", "maxLength", "pattern"):
        return not isinstance(value, str) or _text_meets(name, bound, value)
    if name in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"):
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return not is_number or _number_meets(name, bound, value)
    return False


def _text_meets(name: str, bound: Any, value: str) -> bool:
    if name == "pattern":
        try:
            return bool(matcher(bound)(value))
        except (re.error, TooSlow):
            return False
    return bool(len(value) >= bound if name == "minLength" else len(value) <= bound)


def _number_meets(name: str, bound: Any, value: float) -> bool:
    if name == "multipleOf":
        return isinstance(value, int) and isinstance(bound, int) and bound > 0 and value % bound == 0
    if name.startswith("exclusive"):
        return bool(value > bound) if name == "exclusiveMinimum" else bool(value < bound)
    return bool(value >= bound) if name == "minimum" else bool(value <= bound)
