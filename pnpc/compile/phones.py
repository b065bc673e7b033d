"""Phone numbers to the digests that LINE takes. The only door to phonenumbers; no message here repeats a number."""

from functools import lru_cache
from hashlib import sha256
from re import compile as regex
from unicodedata import normalize

from pnpc.spec.catalog import COUNTRIES

# What people write between digits; the long dashes are what Japanese keyboards make of a hyphen.
_SEPARATORS = {ord(dash): "-" for dash in "‐‑‒–—―−ーｰ－─"}
_NUMBER = regex(r"\+?[0-9()][0-9()\-./ ]*")
_DECIMAL = regex(r"[0-9]+\.[0-9]{0,2}")
_LONG_DIGITS = regex(r"[+＋]?\d(?:[\W_ーｰ]{0,3}\d){8,}")


class BadPhone(Exception):
    """A text that is no phone number that LINE sends to; `help` may tell what to do."""

    def __init__(self, message: str, help: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.help = help


def mask(text: str) -> str:
    """A number as a message may show it: the last two digits, and only of one that is long."""
    digits = "".join(character for character in text if character.isdigit())
    return f"…{digits[-2:]}" if len(digits) >= 7 else "…"


def scrub(text: str) -> str:
    """A text with every run of nine or more digits masked: a number may stand in the wrong column."""
    return _LONG_DIGITS.sub(lambda found: mask(found[0]), text)


def e164(text: str, country: str | None, *, force: bool = False) -> str:
    """A number in E.164 form, `+818000001234`, from that form or from the national form of `country`.

    Full-width digits and the usual separators are read. Raises BadPhone unless the number is one issued in a country
    of COUNTRIES; `force` takes any that has a possible length, wherever it is from.
    """
    import phonenumbers
    from phonenumbers import NumberParseException, PhoneNumberFormat

    plain = _plain(text)
    if not plain.startswith("+") and country is None:
        raise BadPhone(f"the number {mask(plain)} needs its country: write it with + and the country's code")
    try:
        number = phonenumbers.parse(plain, country)
    except NumberParseException:
        raise BadPhone(f"{mask(plain)} is not a phone number") from None
    shown = f"+{number.country_code}{mask(plain)}"
    if force:
        if not phonenumbers.is_possible_number(number):
            raise BadPhone(f"{shown} has a length that no phone number has")
    elif number.country_code not in _codes():
        raise BadPhone(f"{shown} is a number of another country: LINE sends to those of {', '.join(COUNTRIES)} only")
    elif not phonenumbers.is_valid_number(number):
        raise BadPhone(f"{shown} is not a phone number that is issued in {_codes()[number.country_code]}")
    return str(phonenumbers.format_number(number, PhoneNumberFormat.E164))


def digest(number: str) -> str:
    """LINE's `to`: the SHA-256 of a number in E.164 form, as 64 lower-case hex digits."""
    return sha256(number.encode("ascii")).hexdigest()


@lru_cache(maxsize=64)
def recipient(text: str, country: str | None) -> str:
    """The digest of a number as a table has it. Raises BadPhone. Remembered: many specs may take one row in turn."""
    return digest(e164(text, country))


@lru_cache(maxsize=1)
def _codes() -> dict[int, str]:
    from phonenumbers import country_code_for_region

    return {country_code_for_region(country): country for country in COUNTRIES}


def _plain(text: str) -> str:
    """The number in ASCII. Raises BadPhone for letters, extensions, and what a spreadsheet has made a decimal."""
    plain = normalize("NFKC", text.translate(_SEPARATORS)).translate(_SEPARATORS).strip()
    if not plain:
        raise BadPhone("an empty phone number")
    if len(plain) > 40 or _NUMBER.fullmatch(plain) is None:
        raise BadPhone("not a phone number: it may hold digits, a leading +, blanks and - ( ) . /")
    if _DECIMAL.fullmatch(plain):
        raise BadPhone(f"{mask(plain)} is a decimal number", "a spreadsheet has changed it: format the column as text")
    return plain
