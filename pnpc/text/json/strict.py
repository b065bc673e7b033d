"""JSON from outside, read strictly: what two readers may understand in two ways, or what no number holds, is refused."""

import json
from collections import Counter
from functools import cache
from math import isinf
from typing import Any, NoReturn

from pnpc.text.document import MAX_DEPTH
from pnpc.text.wording import MOST_SHOWN


class NotJSON(Exception):
    """A text that is no JSON, or none that is read in one way only. `reason` says why, without a place; `line` and
    `column` are 1-based, None where the place is not known."""

    def __init__(self, reason: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(reason if line is None else f"{reason} (line {line}, column {column})")
        self.reason = reason
        self.line = line
        self.column = column


def read(data: str | bytes, *, halves: bool = False) -> Any:
    """The value of a JSON text; bytes are UTF-8. `halves`: half of a surrogate pair is let through. Raises NotJSON.

    Refused as well: a key that stands twice in an object, NaN and Infinity, numbers that 64 bits or Python's own limit of
    digits do not hold, half of a surrogate pair, and more than MAX_DEPTH levels.
    """
    try:
        text = data if isinstance(data, str) else data.decode()
        value = _decoder().decode(text)
        if not halves and "\\u" in text:
            json.dumps(value, ensure_ascii=False).encode()  # half a pair can be read, and not be written
    except UnicodeDecodeError as error:
        raise NotJSON(f"byte 0x{error.object[error.start]:02x} at offset {error.start} is not UTF-8") from None
    except UnicodeEncodeError:
        raise NotJSON("half of a surrogate pair is no character") from None
    except RecursionError:
        raise NotJSON("nested too deeply") from None
    except json.JSONDecodeError as error:
        says = "a byte order mark" if error.doc.startswith("\ufeff") else error.msg[:1].lower() + error.msg[1:]
        raise NotJSON(f"not JSON: {says}", error.lineno, error.colno) from None
    except ValueError:  # Python's own limit of digits
        raise NotJSON("a number has too many digits") from None
    if text.count("[") + text.count("{") > MAX_DEPTH and _is_deep(value):
        raise NotJSON("nested too deeply")
    return value


@cache
def _decoder() -> json.JSONDecoder:
    return json.JSONDecoder(parse_constant=_no_constant, parse_float=_float, object_pairs_hook=_object)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise NotJSON(f"the key `{repeated(pairs)[:MOST_SHOWN]}` stands twice in an object")
    return found


def repeated(pairs: list[tuple[str, Any]]) -> str:
    """The first key that stands twice among an object's members, of which one does."""
    counted = Counter(name for name, _ in pairs)
    return next(name for name, count in counted.items() if count > 1)


def _no_constant(name: str) -> NoReturn:
    raise NotJSON(f"not JSON: {name} is no number")


def _float(text: str) -> float:
    found = float(text)
    if isinf(found):
        raise NotJSON(f"the number {text[:MOST_SHOWN]} is too large")
    return found


def _is_deep(value: Any) -> bool:
    """Whether a value has more than MAX_DEPTH levels, counted without recursion."""
    level = [value]
    for _ in range(MAX_DEPTH + 1):
        level = [
            child
            for one in level
            if isinstance(one, dict | list)
            for child in (one.values() if isinstance(one, dict) else one)
        ]
        if not level:
            return False
    return True
