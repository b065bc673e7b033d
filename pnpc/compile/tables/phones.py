"""Phone numbers to the digests that LINE takes. The only door to phonenumbers; no message here repeats a number."""

from collections.abc import Callable
from functools import lru_cache
from hashlib import sha256
from re import Pattern
from re import compile as regex
from typing import Any, NamedTuple
from unicodedata import normalize

from pnpc.compile.tables.no_phone import FILL_IN, TEXT_FORMAT, instead, not_dialled
from pnpc.line.catalog import COUNTRIES
from pnpc.line.limits import limits
from pnpc.text.wording import Datum, NameList, Quote, Said, as_written, says

# What people write between digits; the long dashes are what Japanese keyboards make of a hyphen.
_SEPARATORS = {ord(dash): "-" for dash in "‐‑‒–—―−ーｰ－─"}
_NUMBER = regex(r"\+?[0-9()][0-9()\-./ ]*")
_DECIMAL = regex(r"[0-9]+\.[0-9]{0,2}")
# Thai digits are read as full-width ones are.
_THAI_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_LOST_ZERO = regex(r"[789]0[0-9]{8}")
# What people dial before the code of another country where they should write a plus sign.
_DIALLED = regex(r"(?:00|010)(?=[1-9])")
# Hyphens between digits say nothing: the library drops them.
_HYPHENED = regex(r"\+?[0-9](?:-?[0-9])+")
# Kinds of `doubt` that surely can't be used for authentication in the LINE app; of the others LINE's docs say nothing.
NEVER_REACHED = ("toll-free", "premium", "pager")
ABROAD = "another country"  # a kind of `doubt`
_LONG = 7  # digits: of a shorter number the last two would be too much of it
_LONGEST = 40  # characters of a number, with all that people write between its digits
_LONG_DIGITS = regex(r"[+＋]?\d(?:[\W_ーｰ]{0,3}\d){8,}")


class PhoneNumber(NamedTuple):
    """A number as LINE takes it: its `digest`; and what is doubtful about it, as a kind and a message (see `doubt_of`)."""

    digest: str
    doubt: tuple[str, Said] | None


class BadPhone(Exception):
    """A text that is not a phone number that LINE sends to; `help` may say what to do."""

    def __init__(self, message: Said, help: Said | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.help = help


def mask(text: str) -> str:
    """A number as a message may show it: the last two digits, and only of one that is long."""
    digits = "".join(character for character in text if character.isdigit())
    return f"…{digits[-2:]}" if len(digits) >= _LONG else "…"


def scrub(text: str) -> str:
    """A text with every run of nine or more digits masked: a number may stand in the wrong column."""
    return _LONG_DIGITS.sub(lambda digits: mask(digits[0]), text)


def scrubbed(message: Said) -> Said:
    """A message whose values are scrubbed, none of them longer than the message shows it.

    Where that leaves a long run of digits, as of a number, its words alone are kept.
    """
    message = message.changed(_scrubbed)
    text = str(message)
    scrubbed_text = scrub(text)
    return message if scrubbed_text == text else as_written(scrubbed_text)


def _scrubbed(value: Datum) -> Datum:
    if isinstance(value, str | Quote):
        return scrub(str(value))
    if isinstance(value, NameList):
        return NameList(map(scrub, value.names), value.last, value.mark)
    return tuple(scrub(str(part)) for part in value) if isinstance(value, tuple) else value


def mask_phones(text: str) -> str:
    """A text with every phone number of a country of COUNTRIES masked. Unlike `scrub` it leaves other long runs of digits,
    such as the number of an order: it is for the data's owner, who needs them to find a row again."""
    return _LONG_DIGITS.sub(lambda digits: mask(digits[0]) if _is_phone(digits[0]) else digits[0], text)


def _is_phone(text: str) -> bool:
    """Whether digits have the shape of a phone number: with its + or 0, with the code of its country alone, or a Japanese
    mobile number whose 0 a spreadsheet took away."""
    try:
        plain = _plain(text)
    except BadPhone:
        return True  # not to be read: better masked
    digits = "".join(character for character in plain if character.isdigit())
    if plain.startswith(("+", "0")):
        return any(_reads(plain, country, force=True) for country in COUNTRIES)
    coded = digits.startswith(tuple(map(str, _codes()))) and _reads(f"+{digits}", None, force=True)
    return coded or _LOST_ZERO.fullmatch(digits) is not None


def _reads(number: str, country: str | None, *, force: bool) -> bool:
    try:
        e164(number, country, force=force)
    except BadPhone:
        return False
    return True


def e164(text: str, country: str | None, *, force: bool = False) -> str:
    """A number in E.164 form, `+818000001234`, from that form or from the national form of `country`.

    Full-width digits and the usual separators are read. Raises BadPhone unless the number is one issued in a country
    of COUNTRIES; `force` takes any that has a possible length, wherever it is from.
    """
    # phonenumbers is slow to load, and most messages need no number: so everywhere in this file.
    import phonenumbers
    from phonenumbers import NumberParseException, PhoneNumberFormat

    plain = _plain(text)
    if not plain.startswith("+") and country is None:
        message = says(
            "the number {number} needs its country: write it with + and the country code", number=mask(plain)
        )
        raise BadPhone(message)
    try:
        number = phonenumbers.parse(plain, country)
    except NumberParseException:
        unknown = says("{number} is not a phone number", number=mask(plain))
        raise BadPhone(*(not_dialled(plain) or (unknown, None))) from None
    shown = f"+{number.country_code}{mask(plain)}"
    if force:
        if not phonenumbers.is_possible_number(number):
            raise BadPhone(says("{number} has a length that no phone number has", number=shown))
    elif number.country_code not in _codes():
        words = says("LINE sends only to numbers of {countries}", countries=COUNTRIES)
        raise BadPhone(says("{number} is a number of another country: {words}", number=shown, words=words))
    elif not phonenumbers.is_valid_number(number):
        if known := not_dialled(plain) or _dialled(plain):
            raise BadPhone(*known)
        country = _codes()[number.country_code]
        message = says("{number} is not a phone number that is issued in {country}", number=shown, country=country)
        help = says("check for an extra or a missing digit; a number of another country begins with + and its code")
        raise BadPhone(message, help)
    return str(phonenumbers.format_number(number, PhoneNumberFormat.E164))


def _dialled(plain: str) -> tuple[Said, Said] | None:
    """What to say of a number that is written as it is dialled from abroad: `0081-90-…`."""
    digits = "".join(character for character in plain if character.isdigit())
    prefix = _DIALLED.match(digits)
    if prefix is None or not digits.startswith(tuple(map(str, _codes())), prefix.end()):
        return None
    message = says("{number} begins with {prefix} before the country code", number=mask(plain), prefix=prefix[0])
    return message, says("write + instead of {prefix}", prefix=prefix[0])


def doubt_of(number: str, country: str | None) -> tuple[str, Said] | None:
    """The kind of an issued number (in E.164 form) that may not be one for authentication in the LINE app, or is of
    another country than `country`, and what is said of it."""
    issued = next((region for code, region in _codes().items() if number.startswith(f"+{code}")), country)
    if country is not None and issued != country:
        return ABROAD, says("a number of {issued}, but the spec is for {country}", issued=issued or "", country=country)
    if number.startswith(tuple(limits()["exampleNumbers"]["starts"])):
        return None
    # See `e164`.
    import phonenumbers
    from phonenumbers import PhoneNumberType

    kinds = {
        PhoneNumberType.TOLL_FREE: ("toll-free", says("a toll-free number (as 0120 or 0800)")),
        PhoneNumberType.PREMIUM_RATE: ("premium", says("a premium-rate number (as 0990)")),
        PhoneNumberType.SHARED_COST: ("shared-cost", says("a shared-cost number")),
        PhoneNumberType.UAN: ("company", says("a nationwide company number (as 0570)")),
        PhoneNumberType.PAGER: ("pager", says("a pager's number")),
        PhoneNumberType.VOICEMAIL: ("voicemail", says("a voicemail number")),
        PhoneNumberType.VOIP: ("internet phone", says("an internet phone's number (as 050)")),
        PhoneNumberType.FIXED_LINE: ("landline", says("a landline")),
        PhoneNumberType.PERSONAL_NUMBER: ("personal", says("a personal number (as 060)")),
    }
    return kinds.get(phonenumbers.number_type(phonenumbers.parse(number, None)))


def digest(number: str) -> str:
    """LINE's `to`: the SHA-256 of a number in E.164 form, as 64 lower-case hex digits."""
    return sha256(number.encode("ascii")).hexdigest()


def read(text: str, country: str | None) -> PhoneNumber:
    """A number as a table has it, in E.164 or in the national form of `country`. Raises BadPhone."""
    if mobile := surely(country, mobile=True)(text):
        return PhoneNumber(digest(mobile), None)
    number = surely(country)(text) or e164(text, country)
    return PhoneNumber(digest(number), doubt_of(number, country))


@lru_cache(maxsize=8)
def surely(country: str | None, *, mobile: bool = False) -> Callable[[str], str | None]:
    """A quick `e164` for the usual ways of writing a number; it gives None where it is not sure, right or wrong.

    It knows what is issued from the library's own data, and it is sure of no number that the library would read
    otherwise than digit by digit. `mobile`: it is sure of those only that are of no other kind and no other country.
    """
    pattern = _mobile if mobile else _issued
    taken = [country] if mobile and country is not None else list(_codes().values())
    issued = regex(
        "|".join(rf"\+{code}{pattern(region)}" for code, region in _codes().items() if region in taken)
    ).fullmatch
    if country is None:
        return lambda text: text if issued(text) else None
    national = _national(country, pattern(country))
    prefix = next(f"+{code}" for code, region in _codes().items() if region == country)
    hyphened = _HYPHENED.fullmatch

    def sure(text: str) -> str | None:
        plain = text
        if "-" in text:
            if hyphened(text) is None:
                return None
            plain = text.replace("-", "")
        if national(plain):
            return prefix + plain[1:]
        return plain if issued(plain) else None

    return sure


def _issued(region: str) -> str:
    """A pattern of the national numbers that are issued in a region, as `is_valid_number` finds them.

    None that begins with 0: there the library looks for prefixes, and a number may mean another.
    """
    metadata = _metadata(region)
    kinds = [
        f"(?=(?:{_lengths(kind)})\\Z)(?:{kind.national_number_pattern})\\Z"
        for kind in (metadata.mobile, *_other_kinds(metadata))
        if kind.possible_length
    ]
    return rf"(?=[1-9])(?=(?:{metadata.general_desc.national_number_pattern})\Z)(?:{'|'.join(kinds)})"


def _mobile(region: str) -> str:
    """The same of those that are mobile numbers and nothing else."""
    metadata = _metadata(region)
    mobile, general = metadata.mobile, metadata.general_desc.national_number_pattern
    lengths = set(mobile.possible_length)
    # A kind of other lengths can't be meant: of Japan's there are few left.
    kinds = [kind for kind in _other_kinds(metadata) if not lengths.isdisjoint(kind.possible_length or lengths)]
    others = "|".join(kind.national_number_pattern for kind in kinds)
    issued = rf"(?=[1-9])(?=(?:{general})\Z)(?=(?:{_lengths(mobile)})\Z)(?:{mobile.national_number_pattern})\Z"
    return rf"(?!(?:{others})\Z){issued}" if others else issued


def _other_kinds(metadata: Any) -> list[Any]:
    """What is known of the kinds of a region's numbers, but for mobile ones."""
    kinds = (
        metadata.fixed_line, metadata.voip, metadata.personal_number, metadata.toll_free, metadata.premium_rate,
        metadata.shared_cost, metadata.pager, metadata.uan, metadata.voicemail,
    )  # fmt: skip
    return [kind for kind in kinds if kind is not None and kind.national_number_pattern]


def _lengths(kind: Any) -> str:
    return "|".join(f"[0-9]{{{length}}}" for length in kind.possible_length)


def _national(region: str, issued: str) -> Callable[[str], object]:
    """A match of the national form: 0 and a number of the pattern `issued`, unless that is a way to dial abroad."""
    metadata = _metadata(region)
    assert metadata.national_prefix == "0"
    pattern: Pattern[str] = regex(rf"(?!{metadata.international_prefix})0{issued}")
    return pattern.fullmatch


def _metadata(region: str) -> Any:
    # See `e164`.
    from phonenumbers import PhoneMetadata

    return PhoneMetadata.metadata_for_region(region)


@lru_cache(maxsize=1)
def _codes() -> dict[int, str]:
    # See `e164`.
    from phonenumbers import country_code_for_region

    return {country_code_for_region(country): country for country in COUNTRIES}


def _plain(text: str) -> str:
    """The number in ASCII. Raises BadPhone, which says what the text is instead."""
    plain = normalize("NFKC", text.translate(_SEPARATORS)).translate(_SEPARATORS).translate(_THAI_DIGITS).strip()
    if not plain:
        raise BadPhone(says("an empty phone number"), FILL_IN)
    if len(plain) > _LONGEST or _NUMBER.fullmatch(plain) is None:
        raise BadPhone(*instead(plain))
    if _DECIMAL.fullmatch(plain):
        raise BadPhone(
            says("{number} is a decimal number: a spreadsheet has changed it", number=mask(plain)), TEXT_FORMAT
        )
    return plain
