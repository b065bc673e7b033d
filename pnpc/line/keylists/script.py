"""The lists in a page's scripts: a page that shows ten rows at a time often holds all of them as data.

Lists of objects are read, as JSON or as JavaScript writes them. Whether such a list is one of LINE's keys is judged by
the caller: a page holds other lists, too.
"""

import json
from collections.abc import Iterator
from typing import Any

from pnpc.line.keylists.page import Element
from pnpc.line.keylists.sheet import Sheet, cell
from pnpc.line.keylists.words import field_of, kinds_named
from pnpc.text.lazy import regex

_MOST = 2_000_000  # characters of a script that are read
_MOST_TRIES = 100  # places in a script where a list may begin
_BEGINS = regex(r"\[\s*\{")
# JavaScript, as far as data are written in it.
_TOKEN = regex(
    r"""\s*(?:(?P<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\$]|\\.)*`)|(?P<mark>[{}\[\]:,])"""
    r"""|(?P<name>[A-Za-z_$][\w$]*(?=\s*:))|(?P<word>[A-Za-z_$][\w$]*)|(?P<number>-?[0-9][0-9.eE+-]*)|(?P<short>![01]))"""
)
_WORDS = {"true": "true", "false": "false", "null": "null", "undefined": "null", "!0": "true", "!1": "false"}
_ESCAPE = regex(r"\\(?:u\{?([0-9A-Fa-f]{1,6})\}?|x([0-9A-Fa-f]{2})|(.))")
_SIGNS = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}


def read(root: Element) -> list[Sheet]:
    """The lists of objects that have a member for a key."""
    return [sheet for value in _values(root) for sheet in _lists(value)]


def read_json(text: str) -> list[Sheet]:
    """The same in a text that is JSON, such as what a page loads; empty for a text that is not."""
    return list(_lists(_json(text)))


def _values(root: Element) -> Iterator[Any]:
    for element in root.elements():
        if element.tag == "script":
            text = "".join(child for child in element.children if isinstance(child, str))[:_MOST]
            if "json" in element.get("type"):
                yield _json(text)
            elif "key" in text.casefold():
                yield from _literals(text)
        else:
            for value in element.attributes.values():
                if value[:1] in ("[", "{") and "key" in value[:_MOST].casefold():
                    yield _json(value[:_MOST])


def _json(text: str) -> Any:
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def _literals(text: str) -> Iterator[Any]:
    """The lists of objects in a program."""
    end = 0
    for tries, match in enumerate(_BEGINS.finditer(text)):
        if tries >= _MOST_TRIES:
            return
        if match.start() >= end:
            written, end = _as_json(text, match.start())
            if written:
                yield _json(written)


def _as_json(text: str, at: int) -> tuple[str, int]:
    """The list that begins at an offset, as JSON, and where it ends; the empty text if it holds more than data."""
    written: list[str] = []
    depth = 0
    while match := _TOKEN.match(text, at):
        at = match.end()
        kind, token = match.lastgroup, match[match.lastgroup or 0]
        if kind == "text":
            written.append(json.dumps(_unquoted(token)))
        elif kind == "name":
            written.append(json.dumps(token))
        elif kind in ("word", "short"):
            if token not in _WORDS:
                return "", at
            written.append(_WORDS[token])
        else:
            if token in "}]" and written and written[-1] == ",":
                written.pop()  # JSON allows no comma before the end
            written.append(token)
            depth += token in "{["
            depth -= token in "}]"
            if depth == 0:
                return "".join(written), at
    return "", at


def _unquoted(token: str) -> str:
    return _ESCAPE.sub(_sign, token[1:-1])


def _sign(match: Any) -> str:
    number = match[1] or match[2]
    if number:
        return chr(int(number, 16)) if int(number, 16) < 0x11_0000 else ""  # Unicode's last code point
    letter: str = match[3]
    return _SIGNS.get(letter, letter)


def _lists(value: Any) -> Iterator[Sheet]:
    stack: list[tuple[Any, str]] = [(value, "")]
    while stack:
        part, name = stack.pop()
        if isinstance(part, dict):
            # `items` is what any list may be called; beside `templates` or `buttons` it is a name.
            named = {key for key in part if isinstance(key, str) and len(kinds_named(key)) == 1}
            stack += [(inner, key if len(named) > 1 and key in named else name) for key, inner in part.items()]
        elif isinstance(part, list):
            entries = [entry for entry in part if isinstance(entry, dict)]
            if entries and "key" in map(field_of, entries[0]):
                yield _sheet(entries, name)
            else:
                stack += [(inner, name) for inner in part if isinstance(inner, dict | list)]


def _sheet(entries: list[dict[str, Any]], name: str) -> Sheet:
    names = list(dict.fromkeys(key for entry in entries for key in entry))
    rows = [[cell(text) if isinstance(text := entry.get(key), str) else "" for key in names] for entry in entries]
    return Sheet([names, *rows], panel=name, is_data=True)
