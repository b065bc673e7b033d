"""Texts that match a pattern, as long or as short as it allows. A best effort: the caller tries them."""

from re import ASCII, UNICODE
from typing import Any

from pnpc.language.extents.pattern import Parsed, begins, ends, parsed
from pnpc.line.grammar.units import kind_of, units_of

_MOST_WRITTEN = 10**6
_CATEGORIES = {"CATEGORY_DIGIT": "𝟘٠0", "CATEGORY_WORD": "𠮷漢A", "CATEGORY_SPACE": "\u3000 "}
_IN_ASCII = {"CATEGORY_DIGIT": "0", "CATEGORY_WORD": "A", "CATEGORY_SPACE": " "}
_ANY = "😀𠮷漢éA0 !-_\n"  # the largest first


def longest(pattern: str, most: int) -> str:
    """A text that matches, with at most `most` code points if possible; of several, the one with the most UTF-16 units."""
    return _grown(pattern, most, long=True)


def shortest(pattern: str, least: int) -> str:
    """A text that matches, as short as the pattern allows, but with `least` code points if possible."""
    return _grown(pattern, least, long=False)


def every(pattern: str, most: int) -> list[str]:
    """All texts that match a pattern of literals, classes, choices and counted repeats; empty if they are more than
    `most`, or if the pattern holds anything else."""
    read = parsed(pattern)
    if read is None or read.flags != UNICODE:
        return []
    try:
        bounded = begins(read.parts) and ends(read.parts)
        return list(dict.fromkeys(_all_of(read.parts, most))) if bounded else []
    except (_TooLong, RecursionError):
        return []


def _all_of(parts: Any, most: int) -> list[str]:
    texts = [""]
    for op, value in parts:
        texts = _followed(texts, _all_of_one(str(op), value, most), most)
    return texts


def _followed(texts: list[str], others: list[str], most: int) -> list[str]:
    if len(texts) * len(others) > most:
        raise _TooLong
    return list(dict.fromkeys(text + other for text in texts for other in others))


def _all_of_one(name: str, value: Any, most: int) -> list[str]:
    if name == "LITERAL":
        return [chr(value)]
    if name == "AT":
        return [""]
    if name == "SUBPATTERN":
        return _all_of(value[3], most)
    if name == "BRANCH":
        return [text for branch in value[1] for text in _all_of(branch, most)]
    if name == "IN" and all(str(op) in ("LITERAL", "RANGE") for op, _ in value):
        ranges = [(code, code) if str(op) == "LITERAL" else code for op, code in value]
        if sum(last - first + 1 for first, last in ranges) <= most:
            return [chr(code) for first, last in ranges for code in range(first, last + 1)]
    if name in ("MAX_REPEAT", "MIN_REPEAT") and value[1] <= most:
        once = _all_of(value[2], most)
        rounds = [[""]]
        for _ in range(value[1]):
            rounds.append(_followed(rounds[-1], once, most))
        return [text for texts in rounds[value[0] :] for text in texts]
    raise _TooLong


def _grown(pattern: str, size: int, *, long: bool) -> str:
    """A text in which each repeat is made as often as the size allows: the number is found by halving."""
    read = parsed(pattern)
    if read is None:
        return ""
    low, high = 0, max(size, 1)
    best = _written(read, 0, long=long) or ""
    if not long and len(best) >= size:
        return best
    while low < high:
        middle = (low + high + 1) // 2 if long else (low + high) // 2
        text = _written(read, middle, long=long)
        fits = text is not None and (len(text) <= size if long else len(text) >= size)
        best = text if fits and text is not None else best
        if long:
            low, high = (middle, high) if fits else (low, middle - 1)
        else:
            low, high = (low, middle) if fits else (middle + 1, high)
    return best


class _TooLong(Exception):
    """A pattern, of repeated repeats for example, whose text is too long to be made."""


def _written(pattern: Parsed, cap: int, *, long: bool) -> str | None:
    try:
        return _Writer(pattern.flags, cap).write(pattern.parts, long=long)
    except (_TooLong, RecursionError):
        return None


class _Writer:
    """Writes one text, each repeat at most `cap` times unless it must be more often."""

    def __init__(self, flags: int, cap: int) -> None:
        self._flags = flags
        self._cap = cap
        self._groups: dict[int, str] = {}

    def write(self, parts: Any, *, long: bool) -> str:
        """The text of a sequence of parts."""
        return "".join(self._part(str(op), value, long=long) for op, value in parts)

    def _part(self, name: str, value: Any, *, long: bool) -> str:
        if name == "LITERAL":
            return chr(value)
        if name in ("NOT_LITERAL", "ANY", "IN"):
            return self._character(name, value)
        if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            times = max(value[0], min(self._cap, value[1]))
            if not times:
                return ""  # a group in it is not there
            text = self.write(value[2], long=long)
            if len(text) * times > _MOST_WRITTEN:
                raise _TooLong
            return text * int(times)
        if name == "SUBPATTERN":
            text = self.write(value[3], long=long)
            self._groups[value[0]] = text
            return text
        if name == "ATOMIC_GROUP":
            return self.write(value, long=long)
        if name == "BRANCH":
            texts = [self.write(branch, long=long) for branch in value[1]]
            return max(texts, key=len) if long else min(texts, key=len)
        if name == "GROUPREF":
            return self._groups.get(value, "")
        if name == "GROUPREF_EXISTS":
            chosen = value[1] if value[0] in self._groups else value[2]
            return self.write(chosen, long=long) if chosen is not None else ""
        return ""

    def _character(self, name: str, value: Any) -> str:
        """Of the characters that a part matches the one with the most UTF-16 units; of several, a letter or digit."""
        if name == "ANY":
            return _ANY[0]
        if name == "NOT_LITERAL":
            return next(character for character in _ANY if ord(character) != value)
        members = [(str(op), member) for op, member in value]
        if members[0][0] == "NEGATE":
            return next(
                (character for character in _ANY if not any(self._has(*member, character) for member in members[1:])),
                "",
            )
        return max(
            (self._best(*member) for member in members),
            key=lambda character: (units_of(kind_of(ord(character))), ord(character) > 0x7F),
        )

    def _best(self, name: str, value: Any) -> str:
        if name == "LITERAL":
            return chr(value)
        if name == "RANGE":
            return chr(value[1] if value[1] > 0x7F else value[0])
        every = _IN_ASCII if self._flags & ASCII else _CATEGORIES
        return every.get(str(value), _ANY)[0]

    def _has(self, name: str, value: Any, character: str) -> bool:
        code = ord(character)
        if name == "LITERAL":
            return bool(code == value)
        if name == "RANGE":
            return bool(value[0] <= code <= value[1])
        category = str(value)
        known = {
            "DIGIT": character.isdecimal(),
            "WORD": character.isalnum() or character == "_",
            "SPACE": character.isspace(),
        }
        has = known.get(category.rpartition("_")[2], False)
        return not has if "NOT" in category else has
