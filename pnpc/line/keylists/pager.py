"""How many entries a list has, by the words beside its table: `204件中 1〜10件目`, `1-10 of 204`, `共 204 筆`.

The number of pages (`1 of 21`, `共 21 頁`) and of rows a page (`show 10 entries`) are not meant.
"""

from typing import NamedTuple
from unicodedata import decimal, normalize

from pnpc.text.lazy import regex

_N = r"(?<![0-9,])[0-9][0-9,]*+"
_UNIT = r"(?:件目?|項目?|项|筆|笔|条|條|個|个|รายการ|entries|items|results|records|rows|keys)"
_RANGE = rf"(?<![0-9-])(?P<first>{_N})\s*{_UNIT}?\s*(?:[-–—−〜~]|から|to|ถึง|至|到)\s*第?\s*(?P<last>{_N})"
_OF = r"(?:of|out of|/|จากทั้งหมด|จาก|[,、]?\s*(?:共|全|합계))"
# In the order in which they are tried; what one has matched, no other looks at. A list that is searched in says from how
# many entries it shows some: that number counts, and the smaller one before it does not.
_SEARCHED = (
    rf"(?:filtered|抽出|絞り込み|กรองข้อมูล)[^\n0-9]{{0,20}}(?P<total>{_N})",
    rf"[(][^\n()0-9]{{0,12}}(?P<total>{_N})[^\n()]{{0,12}}(?:抽出|絞り込み|過濾|过滤|篩選)",
)
_FORMS = (
    *(regex(rf"(?:{_N}\s*件中\s*)?{_RANGE}[^\n]{{0,40}}?{searched}") for searched in _SEARCHED),
    *(regex(rf"(?:{_N}\s*件中[^\n]{{0,40}}?)?{searched}") for searched in _SEARCHED),
    regex(rf"(?P<total>{_N})\s*件(?:中|のうち)(?:\s*、?\s*{_RANGE})?"),
    regex(rf"{_RANGE}\s*{_UNIT}?(?:結果|结果)?\s*{_OF}\s*[全共]?\s*(?P<total>{_N})(?!\s*(?:頁|页|ページ|pages?|หน้า))"),
    regex(rf"(?:全|合計|共計?|總共|总共)\s*(?P<total>{_N})\s*(?:件|項|项|筆|笔|条|條|個|个)"),
    regex(rf"(?:ทั้งหมด|จาก)\s*(?P<total>{_N})\s*รายการ"),
    regex(rf"(?:total|of|all)\s*:?\s*(?P<total>{_N})\s*(?:entries|items|results|records|rows|keys)"),
)


class Pager(NamedTuple):
    """How many entries the whole list has, and which of them are shown (None: it does not say)."""

    total: int
    first: int | None = None
    last: int | None = None

    def fits(self, rows: int) -> bool:
        """Whether a table of that number of rows, with or without a row of names, shows what the pager says."""
        if self.first is None or self.last is None:
            return True
        return self.last - self.first + 1 in (rows, rows - 1)


def pagers(text: str) -> list[Pager]:
    """The pagers in a text, in its order."""
    plain = "".join(_digit(sign) for sign in normalize("NFKC", text).casefold())
    placed: list[tuple[int, Pager]] = []
    for form in _FORMS:
        rest, end = [], 0
        for match in form.finditer(plain):
            named = match.groupdict()
            pager = Pager(*(_number(named.get(name)) for name in ("total", "first", "last")))  # type: ignore[arg-type]
            if _is_sound(pager):
                placed.append((match.start(), pager))
                rest += [plain[end : match.start()], " " * len(match[0])]
                end = match.end()
        plain = "".join((*rest, plain[end:]))
    return [pager for _, pager in sorted(placed, key=lambda pair: pair[0])]


def _digit(sign: str) -> str:
    """Thai and other decimal digits as ASCII ones."""
    return sign if sign.isascii() or not sign.isdecimal() else str(decimal(sign))


def _number(digits: str | None) -> int | None:
    # No list has more than some thousand entries; Python refuses to turn more than 4,300 digits into a number.
    return int(digits.replace(",", "")[:9]) if digits else None


def _is_sound(pager: Pager) -> bool:
    if pager.first is None or pager.last is None:
        return pager.total > 0
    return 0 < pager.first <= pager.last <= pager.total
