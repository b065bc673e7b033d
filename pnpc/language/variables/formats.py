"""The formats that a variable may have: which texts are of a format, and how long they are.

A format means the same for the examples in a spec, for the rows of a table, and in the proof of lengths.
"""

import datetime
from collections.abc import Callable, Iterator, Mapping
from re import ASCII
from typing import TYPE_CHECKING, Any

from pnpc.text.lazy import regex
from pnpc.text.path import Path
from pnpc.text.wording import Said, says

if TYPE_CHECKING:
    from pnpc.language.extents.extent import Extent

_DATE = regex(r"\d{4}-\d\d-\d\d", ASCII)
# The hour is below 24 here: newer versions of Python read 24:00, older ones do not.
_TIME = regex(r"(?:[01]\d|2[0-3]):\d\d(?::\d\d(?:\.\d{1,6})?)?(?:[Zz]|[+-]\d\d:\d\d)?", ASCII)
_DATE_TIME = regex(r"\d{4}-\d\d-\d\d[Tt ](?:[01]\d|2[0-3]):\d\d:\d\d(?:\.\d{1,9})?(?:[Zz]|[+-]\d\d:\d\d)", ASCII)
# Dates and times as people and spreadsheets write them, the year first: any other order may mean two dates.
_LOOSE_DATE = regex(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]0{1,2}:00(?::00)?)?", ASCII)
_LOOSE_TIME = regex(r"(\d{1,2})[:時](\d\d)分?", ASCII)
_SUCH_AS = {
    "date": "2026-12-01", "time": "09:30", "date-time": "2026-12-01T09:30:00+09:00", "uri": "https://example.com/",
}  # fmt: skip
_EMAIL = regex(r"[^\s@]+@[^\s@]+")
_MOST_EMAIL = 254  # octets of a path in RFC 5321, without its < and >
_UUID = regex(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_HOST = regex(
    r"(?=.{1,253}\Z)[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*"
)
_IPV4 = regex(r"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(?:\.(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])){3}")


def fits(format: str, text: str) -> bool:
    """Whether a text is of a format: RFC 3339's date, time (seconds and zone may be left out: `14:30` is what a message
    shows) and date-time (at most nanoseconds); an e-mail address and a host as the RFCs have them; a URI as
    `pnpc.language.message.urls` judges it. Any text is of a format that is not known here.
    """
    check = _CHECKS.get(format)
    return check is None or check(text)


def wanted(format: str, text: str) -> Said:
    """What a text that is not of a format should be, in words: `a date: write 2026-12-01`."""
    noun = says("an {format}", format=format) if format[0] in "aeio" else says("a {format}", format=format)
    if format == "date" and (match := _LOOSE_DATE.fullmatch(text.strip())):
        year, month, day = (int(part) for part in match.groups())
        written = f"{year:04}-{month:02}-{day:02}"
        if fits("date", written):
            return says("{noun}: write {written}", noun=noun, written=written)
    if format == "time" and (match := _LOOSE_TIME.fullmatch(text.strip())):
        written = f"{int(match[1]):02}:{match[2]}"
        if fits("time", written):
            return says("{noun}: write {written}", noun=noun, written=written)
    return says("{noun}, such as {example}", noun=noun, example=_SUCH_AS[format]) if format in _SUCH_AS else noun


def _reads(pattern: Any, read: Callable[[str], object]) -> Callable[[str], bool]:
    def check(text: str) -> bool:
        if pattern.fullmatch(text) is None:
            return False
        try:
            read(text.upper())
        except ValueError:
            return False
        return True

    return check


def _matches(pattern: Any) -> Callable[[str], bool]:
    return lambda text: pattern.fullmatch(text) is not None


def _is_uri(text: str) -> bool:
    from pnpc.language.message.urls import is_whole  # few variables are links

    return is_whole(text)


def _is_ipv6(text: str) -> bool:
    from ipaddress import IPv6Address  # for the rare variable that is one

    try:
        return IPv6Address(text).scope_id is None
    except ValueError:
        return False


_CHECKS: dict[str, Callable[[str], bool]] = {
    "date": _reads(_DATE, datetime.date.fromisoformat),
    "time": _reads(_TIME, datetime.time.fromisoformat),
    "date-time": _reads(_DATE_TIME, datetime.datetime.fromisoformat),
    "email": lambda text: len(text) <= _MOST_EMAIL and _EMAIL.fullmatch(text) is not None,
    "uri": _is_uri,
    "uuid": _matches(_UUID),
    "hostname": _matches(_HOST),
    "ipv4": _matches(_IPV4),
    "ipv6": _is_ipv6,
}
NAMES = tuple(_CHECKS)

# A least and a greatest text of each format: their lengths are its bounds.
LONGEST = {
    "date": ("2024-08-10", "2024-08-10"),
    "time": ("14:30", "14:30:00.000000+09:00"),
    "date-time": ("2024-08-10T14:30:00Z", "2024-08-10T14:30:00.000000000+09:00"),
    "email": ("a@b", "a@" + (_MOST_EMAIL - 2) * "😀"),
    "uuid": (f"{0:08}-{0:04}-{0:04}-{0:04}-{0:012}",) * 2,
    "hostname": ("a", ".".join(["a" * 63] * 3 + ["a" * 61])),
    "ipv4": ("0.0.0.0", "255.255.255.255"),
    "ipv6": ("::", ":".join(["ffff"] * 6) + ":255.255.255.255"),
    "uri": ("a:b", ""),
}


def extent(format: str) -> "Extent | None":
    """The bounds of the texts of a format; None for a format that is not known here."""
    if format not in LONGEST:
        return None
    from pnpc.language.extents.extent import INFINITE, made_of  # only the proof needs it
    from pnpc.line.grammar.units import ANY, BRACKET, MARK, SIGN, UNRESERVED, WORD

    least, most = LONGEST[format]
    kinds = {"email": ANY, "uri": UNRESERVED | SIGN | BRACKET}.get(format, WORD | MARK | SIGN)
    return made_of(kinds, len(least), len(most) if most else INFINITE)


def misfits(schema: Mapping[str, Any], value: Any, path: Path) -> Iterator[tuple[Path, str, str]]:
    """The texts in a value that are not of their declared format: where each stands, the text, and the format."""
    kind = schema.get("type")
    if kind == "array" and isinstance(value, list):
        for index, part in enumerate(value):
            yield from misfits(schema.get("items", {}), part, (*path, index))
    elif kind == "object" and isinstance(value, dict):
        for name, part in value.items():
            yield from misfits(schema.get("properties", {}).get(name, {}), part, (*path, name))
    elif isinstance(value, str) and not fits(schema.get("format", ""), value):
        yield path, value, schema["format"]
