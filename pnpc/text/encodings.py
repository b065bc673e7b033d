"""Encodings of tables: by name, by byte order mark, or guessed from the bytes.

A guess is only shown to people, and never used to read a table: if it were wrong, people would be sent wrong letters.
"""

import codecs
from collections.abc import Mapping
from re import compile as regex
from typing import NamedTuple

from pnpc.text.wording import NOTHING, NameList, Said, says

# The names that people use, and Python's codecs. As in browsers, `shift_jis`, `tis-620` and `big5` mean the supersets
# that Windows writes under these names, without which a name such as 髙橋 can't be read.
ENCODINGS: Mapping[str, str] = {
    "utf-8": "utf-8", "utf-16": "utf-16", "utf-16-le": "utf-16-le", "utf-16-be": "utf-16-be",
    "shift_jis": "cp932", "cp932": "cp932", "euc-jp": "euc_jp", "big5": "cp950", "cp950": "cp950",
    "tis-620": "cp874", "cp874": "cp874",
}  # fmt: skip
# Other names of these encodings, in lower case and without spaces, `-` and `_`.
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
# The letters that make up most of a text in each encoding; its other characters are rare.
_LETTERS = {
    # With half-width kana, the signs that Windows added (①, ㈱, Ⅲ, №), and full-width letters and marks (～, Ａ).
    "shift_jis": regex(f"[\u3040-\u30ff\u4e00-\u9fff\uff61-\uff9f{_SIGNS}]"),
    "euc-jp": regex(f"[\u3040-\u30ff\u4e00-\u9fff{_SIGNS}]"),
    "big5": regex(f"[\u4e00-\u9fff{_SIGNS}]"),
    "tis-620": regex("[\u0e00-\u0e7f]"),
}
_MOSTLY = 0.6  # share of such letters among all that are not ASCII
_CERTAIN = 1  # a score above this is as good as certain
# Letters next to ASCII letters: common in Western languages, very rare in a text in one of these encodings.
_BETWEEN_ASCII = regex(r"(?<=[A-Za-z])[^\x00-\x7f]+|[^\x00-\x7f]+(?=[A-Za-z])")
# What does not occur in Thai: a vowel or tone mark without a consonant, a leading vowel not before one, three marks.
_NO_THAI = regex(
    "(?<![\u0e01-\u0e2e\u0e31\u0e34-\u0e3a\u0e47-\u0e4e])[\u0e30-\u0e3a\u0e47-\u0e4e]"
    "|[\u0e40-\u0e44](?![\u0e01-\u0e2e]|$)|[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]{3}"
)
_THAI_VOWELS = regex("[\u0e30-\u0e3a\u0e40-\u0e4e]")
_HARDLY, _RARE, _USUAL = 0.02, 0.1, 0.2  # shares of the letters
_JIS = (b"\x1b$B", b"\x1b$@", b"\x1b$(D")  # the escape sequences by which ISO-2022-JP switches to kanji
_ENOUGH = 4  # letters that are needed to judge an encoding
# The first bytes of everyday letters. Bytes of another encoding mostly decode to letters outside these ranges.
_EVERYDAY = {"shift_jis": range(0x81, 0xE0), "big5": range(0xA1, 0xC7)}
_KANA = regex("[\u3040-\u30ff]")  # only Japanese has these
_EACH = 2  # bytes that are not UTF-8, for each letter that is
_CUT = 4  # the most bytes of a UTF-8 character, which may be cut in two at the end of a sample


def canonical(name: str) -> str:
    """The name in ENCODINGS for any name of the same encoding; an unknown name is returned unchanged."""
    plain = name.lower().replace("-", "").replace("_", "").replace(" ", "")
    return _ALIASES.get(plain, name)


class Detection(NamedTuple):
    """What the first bytes of a table show: the `encoding` in which it can be read, or a `fault` (a predicate for people,
    such as `is UTF-32`) and the encodings in which it may be (`guesses`, the likeliest first).

    `marked`: a byte order mark names the encoding. `looks`: the first guess fits the bytes well; otherwise it is only one
    of several that are possible.
    """

    encoding: str = ""
    marked: bool = False
    fault: Said = NOTHING
    guesses: tuple[str, ...] = ()
    looks: bool = True


def detect(sample: bytes, given: str | None, *, whole: bool) -> Detection:
    """How to read a table: by its first bytes (all of them if `whole`), and by the encoding that a person gave, a name of
    ENCODINGS or None."""
    if sample.startswith(_UTF_32):
        return Detection(fault=says("is UTF-32"))
    for mark, name in _MARKS:
        if sample.startswith(mark):
            if given and not given.startswith(name):
                fault = says(
                    "begins with the byte order mark of {marked}, so it is not {given}",
                    marked=name.upper(),
                    given=given,
                )
                return Detection(fault=fault, guesses=(name,))
            return Detection(name, marked=True)
    if given not in (None, "utf-8"):
        return _given(sample, given, whole=whole)
    if wide := _wide(sample):
        return Detection(fault=says("is UTF-16 without a byte order mark"), guesses=(wide,))
    if sample.isascii():
        return Detection(fault=says("is ISO-2022-JP")) if any(mark in sample for mark in _JIS) else Detection("utf-8")
    wrong, sound = _counted(sample, whole=whole)
    if not wrong:
        return Detection("utf-8")
    scores = _guess(sample)
    # A UTF-8 table with a few broken rows has many letters that are valid UTF-8; a table in another encoding has almost
    # none. The exception is TIS-620, in which two Thai letters often look like one letter in UTF-8.
    if wrong <= _EACH * sound and scores.get("tis-620", 0) <= _CERTAIN:
        return Detection("utf-8")
    return Detection(fault=says("is not UTF-8"), guesses=tuple(scores), looks=_is_clear(scores, sample))


def _given(sample: bytes, given: str, *, whole: bool) -> Detection:
    """The encoding that a person gave, unless the bytes are so clearly in another one that it must be a mistake."""
    if given.startswith("utf-16"):
        return Detection((_wide(sample) or "utf-16-le") if given == "utf-16" else given)
    wrong, sound = _counted(sample, whole=whole)
    if not wrong and sound > 1:
        return Detection(fault=says("is UTF-8, not {given}", given=given), guesses=("utf-8",))
    scores = _guess(sample)
    best = next(iter(scores), given)
    if scores.get(best, 0) > _CERTAIN and ENCODINGS[given] not in {ENCODINGS[name] for name in scores}:
        return Detection(fault=says("is not {given}", given=given), guesses=(best,))
    return Detection(given)


def _counted(sample: bytes, *, whole: bool) -> tuple[int, int]:
    """How many bytes of a text are not UTF-8, and how many characters are UTF-8 but not ASCII."""
    text = sample.decode("utf-8", "surrogateescape")
    return len(_UNDECODED.findall(text if whole else text[:-_CUT])), len(_FOREIGN.findall(text))


def _wide(sample: bytes) -> str | None:
    """The kind of UTF-16 that a text is in, by its zero bytes (the names of columns are mostly ASCII); None if it is not."""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if max(even, odd) * _CUT < max(len(sample), 1):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _guess(sample: bytes) -> dict[str, float]:
    """The encodings in which a text may be, with their scores, the likeliest first; if that one is certain, only that one."""
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
    """Whether a text fits the first encoding well, and not only without errors."""
    best = next(iter(scores), "")
    if scores.get(best, 0) > _CERTAIN:
        return True
    if len(scores) != 1 or best not in _EVERYDAY:
        return False
    text = codecs.getincrementaldecoder(ENCODINGS[best])().decode(sample)
    letters = [letter.encode(ENCODINGS[best]) for letter in _FOREIGN.findall(text)]
    everyday = sum(letter[0] in _EVERYDAY[best] for letter in letters)
    return len(letters) >= _ENOUGH and everyday >= len(letters) * (1 - _RARE)


def guess_in_words(detection: Detection) -> Said:
    """The guesses as a predicate for people (`looks like shift_jis`); NOTHING if there are none."""
    if not detection.guesses:
        return NOTHING
    names = NameList(detection.guesses, mark="")
    return says("looks like {names}", names=names) if detection.looks else says("may be {names}", names=names)
