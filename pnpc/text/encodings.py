"""Encodings of tables: by name, by their mark, or guessed, to be named to people; never taken on a guess.

A wrong guess is a table of other letters, which people would be sent.
"""

import codecs
from collections.abc import Mapping
from re import compile as regex
from typing import NamedTuple

# The names that people give, and Python's codecs. As in browsers, `shift_jis`, `tis-620` and `big5` are what Windows
# writes under these names: supersets, without which names such as 髙橋 can't be read.
ENCODINGS: Mapping[str, str] = {
    "utf-8": "utf-8", "utf-16": "utf-16", "utf-16-le": "utf-16-le", "utf-16-be": "utf-16-be",
    "shift_jis": "cp932", "cp932": "cp932", "euc-jp": "euc_jp", "big5": "cp950", "cp950": "cp950",
    "tis-620": "cp874", "cp874": "cp874",
}  # fmt: skip
# Other names of the same encodings, without case, spaces, `-` and `_`.
_ALIASES = {
    "utf8": "utf-8", "utf8sig": "utf-8", "utf16": "utf-16", "utf16le": "utf-16-le", "utf16be": "utf-16-be",
    "shiftjis": "shift_jis", "sjis": "shift_jis", "ms932": "shift_jis", "windows31j": "shift_jis", "mskanji": "shift_jis",
    "eucjp": "euc-jp", "ujis": "euc-jp", "ms950": "big5", "tis620": "tis-620",
    "windows874": "tis-620", "iso885911": "tis-620",
}  # fmt: skip
MARK = "\ufeff"

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_UTF_32 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_UNDECODED = regex("[\udc80-\udcff]")
_FOREIGN = regex("[^\x00-\x7f\udc80-\udcff]")
_SIGNS = "\u2116\u2121\u2160-\u217f\u2460-\u2473\u3000-\u303f\u3231-\u33ff\uff01-\uff5e\uffe0-\uffe6"
# The letters that a text of an encoding is full of if it is one: what else it may hold is rare there.
_LETTERS = {
    # Also half-width kana, the signs that Windows added (①, ㈱, Ⅲ, №), and full-width letters and marks (～, Ａ).
    "shift_jis": regex(f"[\u3040-\u30ff\u4e00-\u9fff\uff61-\uff9f{_SIGNS}]"),
    "euc-jp": regex(f"[\u3040-\u30ff\u4e00-\u9fff{_SIGNS}]"),
    "big5": regex(f"[\u4e00-\u9fff{_SIGNS}]"),
    "tis-620": regex("[\u0e00-\u0e7f]"),
}
_MOSTLY = 0.6
_KANA = regex("[\u3040-\u30ff]")  # a text with some is Japanese
_EACH = 2  # bytes of broken rows for each letter of sound ones
_CUT = 4  # bytes of a character of UTF-8, which may be cut in two where a sample ends


def canonical(name: str) -> str:
    """The name that ENCODINGS has for an encoding that people may call otherwise; an unknown name as it is."""
    plain = name.lower().replace("-", "").replace("_", "").replace(" ", "")
    return _ALIASES.get(plain, name)


class Found(NamedTuple):
    """What the first bytes of a table say: the `encoding` that they are read in, or a `fault`, and which encodings it
    may be (`guesses`, the likeliest first). `marked`: a mark says so; else UTF-8 is what nothing speaks against."""

    encoding: str = ""
    marked: bool = False
    fault: str = ""
    guesses: tuple[str, ...] = ()


def find(sample: bytes, given: str | None, *, whole: bool) -> Found:
    """How to read a text by its first bytes, or by all of them (`whole`), and by the encoding that people say it has."""
    if sample.startswith(_UTF_32):
        return Found(fault="is UTF-32")
    for mark, name in _MARKS:
        if sample.startswith(mark):
            if given and not given.startswith(name):
                return Found(fault=f"begins with the mark of {name.upper()}, and is not {given}", guesses=(name,))
            return Found(name, marked=True)
    if given not in (None, "utf-8"):
        return _said(sample, given, whole=whole)
    if wide := _wide(sample):
        return Found(fault="is UTF-16 without a mark", guesses=(wide,))
    wrong, sound = _counted(sample, whole=whole)
    # A table of UTF-8 with a few broken rows has letters beside them; one of another encoding has as good as none.
    if wrong <= _EACH * sound:
        return Found("utf-8")
    return Found(fault="is not UTF-8", guesses=tuple(_guess(sample)))


def _said(sample: bytes, given: str, *, whole: bool) -> Found:
    """An encoding that people name is taken, unless the bytes are so plainly of another one that it is a slip."""
    if given.startswith("utf-16"):
        return Found((_wide(sample) or "utf-16-le") if given == "utf-16" else given)
    wrong, sound = _counted(sample, whole=whole)
    if not wrong and sound > 1:
        return Found(fault=f"is UTF-8, not {given}", guesses=("utf-8",))
    scores = _guess(sample)
    best = next(iter(scores), given)
    if scores.get(best, 0) > 1 and ENCODINGS[given] not in {ENCODINGS[name] for name in scores}:
        return Found(fault=f"does not read as {given}", guesses=(best,))
    return Found(given)


def _counted(sample: bytes, *, whole: bool) -> tuple[int, int]:
    """How many bytes of a text are not UTF-8, and how many letters beyond ASCII are."""
    text = sample.decode("utf-8", "surrogateescape")
    return len(_UNDECODED.findall(text if whole else text[:-_CUT])), len(_FOREIGN.findall(text))


def _wide(sample: bytes) -> str | None:
    """UTF-16 by its zero bytes: the names of columns are mostly ASCII."""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if max(even, odd) * _CUT < max(len(sample), 1):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _guess(sample: bytes) -> dict[str, float]:
    """The encodings that a text may be in, the likeliest first; more than 1 is as good as certain, and alone then."""
    scores: dict[str, float] = {}
    for name, letters in _LETTERS.items():
        try:
            text = codecs.getincrementaldecoder(ENCODINGS[name])().decode(sample)
        except UnicodeDecodeError:
            continue
        foreign = len(_FOREIGN.findall(text)) or 1
        share = len(letters.findall(text)) / foreign
        if share >= _MOSTLY:
            scores[name] = share + len(_KANA.findall(text)) / foreign
    best = sorted(scores, key=lambda name: -scores[name])
    certain = best and scores[best[0]] > 1
    return {name: scores[name] for name in (best[:1] if certain else best)}
