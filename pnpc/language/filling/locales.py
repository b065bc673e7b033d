"""How each country writes: its money, its time zone, and the stored patterns and names of CLDR."""

from functools import lru_cache
from typing import Any, NamedTuple

from pnpc.data import read_json


class Country(NamedTuple):
    """A country's currency (ISO 4217), and how many hours its clocks are ahead of UTC.

    None of the three has changed its clocks since 1980, and no message is about a day before that. A fixed offset needs no
    database of time zones, which small containers lack, and gives the same text on every machine.
    """

    currency: str
    hours: int


JAPAN = Country("JPY", 9)
# By the code of a country; a spec without one is read as Japanese.
COUNTRIES = {
    "JP": JAPAN,
    "TH": Country("THB", 7),
    "TW": Country("TWD", 8),
    "": JAPAN,
}
LARGEST = 10**15  # no amount in a message is larger, and up to here a float holds every whole number exactly
BUDDHIST_YEARS = 543  # ahead of the common era's years


@lru_cache(maxsize=1)
def _stored() -> dict[str, Any]:
    stored: dict[str, Any] = read_json("schemas", "locales.json")
    return stored


def written_in(country: str) -> dict[str, Any]:
    """How a country writes: `date`, `time` (patterns by format), `names` and `periods`, `zone`, `marks`, `number`,
    `money`, `money_of` (patterns) and `symbols` of currencies. `tools/locale_data.py` makes it and says what each is.
    """
    own: dict[str, Any] = _stored()[country or "JP"]
    return own


@lru_cache(maxsize=1)
def currency_digits() -> dict[str, int]:
    """Every currency's code, with how many digits it has after the decimal point."""
    return {code: int(digits) for digits, codes in _stored()["currencies"].items() for code in codes}
