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
_CERTAIN = 1  # a score above it
# A letter that stands beside one of ASCII, as those of Western languages do, and a text in these encodings hardly ever.
_BETWEEN_ASCII = regex(r"(?<=[A-Za-z])[^\x00-\x7f]+|[^\x00-\x7f]+(?=[A-Za-z])")
# Thai as nobody writes it: a vowel or tone mark without its consonant, a leading vowel before none, three marks.
_NO_THAI = regex(
    "(?<![\u0e01-\u0e2e\u0e31\u0e34-\u0e3a\u0e47-\u0e4e])[\u0e30-\u0e3a\u0e47-\u0e4e]"
    "|[\u0e40-\u0e44](?![\u0e01-\u0e2e]|$)|[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]{3}"
)
_THAI_VOWELS = regex("[\u0e30-\u0e3a\u0e40-\u0e4e]")
_HARDLY, _RARE, _USUAL = 0.02, 0.1, 0.2  # shares of the letters
_JIS = (b"\x1b$B", b"\x1b$@", b"\x1b$(D")  # how ISO-2022-JP goes over to kanji
_ENOUGH = 4  # letters that show what an encoding is
# The first bytes of the letters that are in use every day; those of other encodings mostly come out as rare ones.
_EVERYDAY = {"shift_jis": range(0x81, 0xE0), "big5": range(0xA1, 0xC7)}
_KANA = regex("[\u3040-\u30ff]")  # a text with some is Japanese
_EACH = 2  # bytes of broken rows for each letter of sound ones
_CUT = 4  # bytes of a character of UTF-8, which may be cut in two where a sample ends


def canonical(name: str) -> str:
    """The name that ENCODINGS has for an encoding that people may call otherwise; an unknown name as it is."""
    plain = name.lower().replace("-", "").replace("_", "").replace(" ", "")
    return _ALIASES.get(plain, name)


class Found(NamedTuple):
    """What the first bytes of a table say: the `encoding` that they are read in, or a `fault`, and which encodings it
    may be (`guesses`, the likeliest first). `marked`: a mark says so; else UTF-8 is what nothing speaks against.
    `looks`: the first guess is what the bytes look like; else it is one of a few that they may be."""

    encoding: str = ""
    marked: bool = False
    fault: str = ""
    guesses: tuple[str, ...] = ()
    looks: bool = True


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
    if sample.isascii():
        return Found(fault="is ISO-2022-JP") if any(mark in sample for mark in _JIS) else Found("utf-8")
    wrong, sound = _counted(sample, whole=whole)
    if not wrong:
        return Found("utf-8")
    scores = _guess(sample)
    # A table of UTF-8 with a few broken rows has letters beside them; one of another encoding has as good as none. But
    # pairs of Thai letters in TIS-620 often read as a letter of UTF-8.
    if wrong <= _EACH * sound and scores.get("tis-620", 0) <= _CERTAIN:
        return Found("utf-8")
    return Found(fault="is not UTF-8", guesses=tuple(scores), looks=_is_clear(scores, sample))


def _said(sample: bytes, given: str, *, whole: bool) -> Found:
    """An encoding that people name is taken, unless the bytes are so plainly of another one that it is a slip."""
    if given.startswith("utf-16"):
        return Found((_wide(sample) or "utf-16-le") if given == "utf-16" else given)
    wrong, sound = _counted(sample, whole=whole)
    if not wrong and sound > 1:
        return Found(fault=f"is UTF-8, not {given}", guesses=("utf-8",))
    scores = _guess(sample)
    best = next(iter(scores), given)
    if scores.get(best, 0) > _CERTAIN and ENCODINGS[given] not in {ENCODINGS[name] for name in scores}:
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
    """The encodings that a text may be in, the likeliest first; more than _CERTAIN is as good as certain, and alone then."""
    scores: dict[str, float] = {}
    for name, letters in _LETTERS.items():
        try:
            text = codecs.getincrementaldecoder(ENCODINGS[name])().decode(sample)
        except UnicodeDecodeError:
            continue
        foreign = len(_FOREIGN.findall(text)) or 1
        share = len(letters.findall(text)) / foreign
        if share < _MOSTLY or sum(map(len, _BETWEEN_ASCII.findall(text))) > foreign / 2:
            continue
        if name == "tis-620":
            wrong, vowels = len(_NO_THAI.findall(text)) / foreign, len(_THAI_VOWELS.findall(text)) / foreign
            if wrong <= _RARE:
                scores[name] = share + (vowels if vowels > _USUAL and wrong < _HARDLY else 0)
        else:
            scores[name] = share + len(_KANA.findall(text)) / foreign
    best = sorted(scores, key=lambda name: -scores[name])
    certain = best and scores[best[0]] > _CERTAIN
    return {name: scores[name] for name in (best[:1] if certain else best)}


def _is_clear(scores: Mapping[str, float], sample: bytes) -> bool:
    """Whether a text is in the first encoding, and not merely not against it."""
    best = next(iter(scores), "")
    if scores.get(best, 0) > _CERTAIN:
        return True
    if len(scores) != 1 or best not in _EVERYDAY:
        return False
    text = codecs.getincrementaldecoder(ENCODINGS[best])().decode(sample)
    letters = [letter.encode(ENCODINGS[best]) for letter in _FOREIGN.findall(text)]
    everyday = sum(letter[0] in _EVERYDAY[best] for letter in letters)
    return len(letters) >= _ENOUGH and everyday >= len(letters) * (1 - _RARE)


def supposed(found: Found) -> str:
    """What a text seems to be, in words; empty if nothing is known of it."""
    if not found.guesses:
        return ""
    return f"{'looks like' if found.looks else 'may be'} {' or '.join(found.guesses)}"
