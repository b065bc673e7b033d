"""What a text is that stands where a phone number should: a word for each kind, and the way out. No message repeats digits."""

from re import IGNORECASE
from re import compile as regex
from unicodedata import category
from unicodedata import name as unicode_name

from pnpc.text.wording import Said, says

TEXT_FORMAT = says("format the column as text before you export it")
_HOLDS = says("it may hold digits, a leading +, spaces and - ( ) . /")
FILL_IN = says("write the number, or leave the row out")
_OTHER_COLUMN = says("is this the column of the phone numbers?")
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


def instead(text: str) -> tuple[Said, Said | None]:
    """Why a text that no number is written like can't be a phone number, and what to do."""
    hidden = next((character for character in text if category(character) in ("Cf", "Cc")), None)
    if hidden is not None:
        name = unicode_name(hidden, "control character").lower()
        message = says(
            "an invisible character in the phone number: U+{code_point:04X} ({name})", code_point=ord(hidden), name=name
        )
        return message, says("remove it from the data")
    if _SCIENTIFIC.fullmatch(text):
        message = says(
            "the phone number is in scientific notation: a spreadsheet has changed it, and its last digits are lost"
        )
        return message, says("take it from the source again, and {text_format}", text_format=TEXT_FORMAT)
    if _SHEET_ERROR.fullmatch(text):
        message = says("a spreadsheet's error `{error}` instead of a phone number", error=text)
        return message, says("fix its formula, and export the table again")
    if text.startswith("'"):
        return (
            says("an apostrophe before the phone number"),
            says("remove it: a spreadsheet uses it to mark text, here it is data"),
        )
    if text.startswith("="):
        return says("a spreadsheet's formula instead of a phone number"), says("export the values: only the digits")
    return _word(text)


def _word(text: str) -> tuple[Said, Said | None]:
    """The same of a text with letters or signs that no number has."""
    if _NO_VALUE.fullmatch(text):
        return says("`{text}` instead of a phone number: it stands for no value", text=text), FILL_IN
    if _MAIL.fullmatch(text):
        return says("an e-mail address instead of a phone number"), _OTHER_COLUMN
    if not any(character.isdigit() for character in text):
        return says("a text without digits instead of a phone number"), _OTHER_COLUMN
    if _EXTENSION.search(text):
        return says("an extension after the phone number"), says(
            "remove it: LINE identifies people by the number alone"
        )
    if known := not_dialled(text):
        return known
    sign = _NOT_HELD.search(text)
    if sign is None:
        return says("not a phone number: {holds}", holds=_HOLDS), None
    return says("a phone number can't hold `{sign}`: {holds}", sign=sign[0].strip()[:1], holds=_HOLDS), None


def not_dialled(plain: str) -> tuple[Said, Said | None] | None:
    """What a text is that has a number's digits and can't be dialled; None if nothing is known of it."""
    if _DATE.fullmatch(plain):
        return says("a date instead of a phone number"), _OTHER_COLUMN
    digits = sum(map(str.isdigit, plain))
    if digits > _MOST_DIGITS:
        message = says("{digits:,} digits, and a phone number has at most {limit}", digits=digits, limit=_MOST_DIGITS)
        return message, says("write one number in a row")
    return None
