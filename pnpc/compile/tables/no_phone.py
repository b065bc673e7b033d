"""What a text is that stands where a phone number should: a word for each kind, and the way out. No message repeats digits."""

from re import IGNORECASE
from re import compile as regex
from unicodedata import category
from unicodedata import name as unicode_name

TEXT_FORMAT = "format the column as text before you export it"
_HOLDS = "it may hold digits, a leading +, spaces and - ( ) . /"
_FILL_IN = "write the number, or leave the row out"
_SCIENTIFIC = regex(r"[0-9](?:\.[0-9]+)?[eE]\+?[0-9]{1,2}")
_SHEET_ERROR = regex(r"#(?:REF|VALUE|NUM|NULL|SPILL|CALC|FIELD|DIV/0)!|#NAME\?|#N/A", IGNORECASE)
# What programs and people write where they have no value.
_NO_VALUE = regex(
    r"[^\w+]+|n/?a|null|nil|none|nan|undefined|unknown|なし|無し|無|不明|未登録|未設定|該当なし|ไม่มี|無資料", IGNORECASE
)
_MAIL = regex(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_DATE = regex(r"[12][0-9]{3}([-/.])[0-9]{1,2}\1[0-9]{1,2}")
_EXTENSION = regex(r"[0-9)]\s*(?:\(?内線|ext|extension|x|ต่อ|分機|轉|#)[\s.:]*[0-9]+\)?", IGNORECASE)
_NOT_HELD = regex(r"[^0-9()\-./ +]+")
_MOST_DIGITS = 15  # of a number in E.164


def instead(text: str) -> tuple[str, str | None]:
    """Why a text that no number is written like can't be a phone number, and what to do."""
    hidden = next((character for character in text if category(character) in ("Cf", "Cc")), None)
    if hidden is not None:
        name = unicode_name(hidden, "control character").lower()
        return f"an invisible character in the phone number: U+{ord(hidden):04X} ({name})", "remove it from the data"
    if _SCIENTIFIC.fullmatch(text):
        message = (
            "the phone number is in scientific notation: a spreadsheet has changed it, and its last digits are lost"
        )
        return message, f"take it from the source again, and {TEXT_FORMAT}"
    if _SHEET_ERROR.fullmatch(text):
        return (
            f"a spreadsheet's error `{text}` instead of a phone number",
            "fix its formula, and export the table again",
        )
    if text.startswith("'"):
        return (
            "an apostrophe before the phone number",
            "remove it: a spreadsheet uses it to mark text, here it is data",
        )
    if text.startswith("="):
        return "a spreadsheet's formula instead of a phone number", "export the values: only the digits"
    return _word(text)


def _word(text: str) -> tuple[str, str | None]:
    """The same of a text with letters or signs that no number has."""
    if _NO_VALUE.fullmatch(text):
        return f"`{text}` instead of a phone number: it stands for no value", _FILL_IN
    if _MAIL.fullmatch(text):
        return "an e-mail address instead of a phone number", "is this the column of the phone numbers?"
    if not any(character.isdigit() for character in text):
        return "a text without digits instead of a phone number", "is this the column of the phone numbers?"
    if _EXTENSION.search(text):
        return "an extension after the phone number", "remove it: LINE identifies people by the number alone"
    if known := not_dialled(text):
        return known
    sign = _NOT_HELD.search(text)
    if sign is None:
        return f"not a phone number: {_HOLDS}", None
    return f"a phone number can't hold `{sign[0].strip()[:1]}`: {_HOLDS}", None


def not_dialled(plain: str) -> tuple[str, str | None] | None:
    """What a text is that has a number's digits and can't be dialled; None if nothing is known of it."""
    if _DATE.fullmatch(plain):
        return "a date instead of a phone number", "is this the column of the phone numbers?"
    digits = sum(map(str.isdigit, plain))
    if digits > _MOST_DIGITS:
        return f"{digits:,} digits, and a phone number has at most {_MOST_DIGITS}", "write one number in a row"
    return None
