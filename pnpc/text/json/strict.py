"""JSON from other programs, read strictly: what two readers may understand differently is refused."""

import json
from collections import Counter
from functools import cache
from math import isinf
from typing import Any, NoReturn

from pnpc.text.document import MAX_DEPTH
from pnpc.text.wording import MOST_SHOWN


class NotJSON(Exception):
    """A text is not JSON, or readers may understand it differently. `reason` says why, without the place; `line` and
    `column` count from 1, and are None if the place is not known."""

    def __init__(self, reason: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(reason if line is None else f"{reason} (line {line}, column {column})")
        self.reason = reason
        self.line = line
        self.column = column


def read(data: str | bytes, *, halves: bool = False) -> Any:
    """The value of a JSON text; bytes must be UTF-8. `halves`: accept half of a surrogate pair.

    Raises NotJSON, also for a key that is set twice in an object, NaN and Infinity, numbers that are too large for a float
    or have more digits than Python reads, half of a surrogate pair, and more than MAX_DEPTH levels.
    """
    try:
        text = data if isinstance(data, str) else data.decode()
        value = _decoder().decode(text)
        if not halves and "\\u" in text:
            json.dumps(value, ensure_ascii=False).encode()  # raises for half of a pair
    except UnicodeDecodeError as error:
        raise NotJSON(f"byte 0x{error.object[error.start]:02x} at offset {error.start} is not UTF-8") from None
    except UnicodeEncodeError:
        raise NotJSON("half of a surrogate pair is not a character") from None
    except RecursionError:
        raise NotJSON("nested too deeply") from None
    except json.JSONDecodeError as error:
        says = "a byte order mark" if error.doc.startswith("\ufeff") else error.msg[:1].lower() + error.msg[1:]
        raise NotJSON(f"not JSON: {says}", error.lineno, error.colno) from None
    except ValueError:  # Python's limit of digits
        raise NotJSON("a number has too many digits") from None
    if text.count("[") + text.count("{") > MAX_DEPTH and _is_deep(value):
        raise NotJSON("nested too deeply")
    return value


@cache
def _decoder() -> json.JSONDecoder:
    return json.JSONDecoder(parse_constant=_no_constant, parse_float=_float, object_pairs_hook=_object)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise NotJSON(f"the key `{repeated(pairs)[:MOST_SHOWN]}` is set twice in an object")
    return members


def repeated(pairs: list[tuple[str, Any]]) -> str:
    """The first key that is set twice among an object's members; there must be one."""
    counted = Counter(name for name, _ in pairs)
    return next(name for name, count in counted.items() if count > 1)


def _no_constant(name: str) -> NoReturn:
    raise NotJSON(f"not JSON: `{name}` is not a JSON number")


def _float(text: str) -> float:
    number = float(text)
    if isinf(number):
        raise NotJSON(f"the number {text[:MOST_SHOWN]} is too large")
    return number


def _is_deep(value: Any) -> bool:
    """Whether a value has more than MAX_DEPTH levels; without recursion, which a deep value would exhaust."""
    level = [value]
    for _ in range(MAX_DEPTH + 1):
        level = [
            child
            for parent in level
            if isinstance(parent, dict | list)
            for child in (parent.values() if isinstance(parent, dict) else parent)
        ]
        if not level:
            return False
    return True
