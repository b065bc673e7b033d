"""The countries as their people write: language, money, and the clock on the wall."""

from typing import NamedTuple


class Country(NamedTuple):
    """A country's locale, its currency (ISO 4217), its time zone's name and what that is ahead of UTC, in hours.

    None of the three has changed its clocks since 1980, and no message is about a day before: a fixed offset needs no
    database of time zones, which small containers lack, and gives the same text on every machine.
    """

    locale: str
    currency: str
    zone: str
    hours: int


JAPAN = Country("ja_JP", "JPY", "Asia/Tokyo", 9)
# By the code of a country; a spec that names none is read as Japanese until it does.
COUNTRIES = {
    "JP": JAPAN,
    "TH": Country("th_TH", "THB", "Asia/Bangkok", 7),
    "TW": Country("zh_Hant_TW", "TWD", "Asia/Taipei", 8),
    "": JAPAN,
}
LOCALES = {country: own.locale for country, own in COUNTRIES.items()}
LARGEST = 10**15  # Babel rounds with 28 digits, and no amount or count is larger
BUDDHIST_YEARS = 543
