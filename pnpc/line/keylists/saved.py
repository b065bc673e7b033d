"""The texts in a file as a browser or a person saved it: decoded, and taken out of the archives that browsers write."""

import codecs
import plistlib
from email import message_from_bytes
from email.errors import MessageError
from re import IGNORECASE, MULTILINE
from re import compile as regex
from typing import Any, NamedTuple
from xml.parsers.expat import ExpatError

from pnpc.line.keylists.sheet import NotAList
from pnpc.text.encodings import ENCODINGS, MARK, canonical, detect
from pnpc.text.wording import NameList

# What people save or send by mistake, by its first bytes.
_OTHERS = (
    (b"%PDF", "a PDF; save the page as HTML, or copy its rows into a text file"),
    (b"PK\x03\x04", "a workbook of Excel or another archive; save the sheet as CSV UTF-8, the page as HTML"),
    (b"\xd0\xcf\x11\xe0", "an old document of Office; save the sheet as CSV UTF-8"),
    (b"{\\rtf", "a document in RTF; save it as plain text, or the page as HTML"),
    (b"\x89PNG", "a picture; save the page as HTML, or copy its rows into a text file"),
    (b"\xff\xd8\xff", "a picture; save the page as HTML, or copy its rows into a text file"),
    (b"GIF8", "a picture; save the page as HTML, or copy its rows into a text file"),
    (b"\x1f\x8b", "compressed (gzip); unpack it first"),
)
_ARCHIVE = regex(
    rb"\s*(?:From:|Snapshot-Content-Location:|Subject:|Date:|MIME-Version:|Content-Type:\s*multipart/)", IGNORECASE
)
_MULTIPART = regex(rb"^content-type:\s*multipart/", IGNORECASE | MULTILINE)
_CHARSET = regex(
    rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]+)|<\?xml[^>]{0,100}encoding\s*=\s*[\"']([A-Za-z0-9_.:-]+)",
    IGNORECASE,
)
_HEAD = 8_192  # bytes in which a page names its encoding
_ALSO = {"shift_jis": "cp932", "tis-620": "cp874", "big5": "cp950"}  # the names of the same in Windows
_BY_COUNTRY = {"JP": ("shift_jis", "euc-jp"), "TH": ("tis-620",), "TW": ("big5",)}
# Names in pages that mean, as in browsers, what Windows writes; those of `encodings` are known there.
_IN_PAGES = {
    "x-sjis": "shift_jis", "x-euc-jp": "euc-jp", "gb2312": "gb18030", "gbk": "gb18030", "euc-kr": "cp949",
    "iso-8859-1": "cp1252", "latin1": "cp1252",
}  # fmt: skip
_NO_TEXT = frozenset(("idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "utf_7"))


class SavedText(NamedTuple):
    """A text, and whether it is a page for certain."""

    text: str
    is_page: bool = False


def texts(data: bytes, given: str | None, country: str | None) -> list[SavedText]:
    """The texts of a file. `given` is the encoding that a person named, `country` that of the keys, if it is known.

    Raises NotAList for what is not text, and where the encoding is not certain.
    """
    if not data.strip():
        raise NotAList("the file is empty")
    for magic, words in _OTHERS:
        if data.startswith(magic):
            raise NotAList(f"this is {words}")
    if data.startswith(b"bplist00") or b"<key>WebMainResource</key>" in data[:_HEAD]:
        return _of_safari(data, given, country)
    if _ARCHIVE.match(data) and _MULTIPART.search(data[:_HEAD]):
        return _of_chrome(data, given, country)
    return [SavedText(decoded(data, given, country))]


def _of_chrome(data: bytes, given: str | None, country: str | None) -> list[SavedText]:
    """The pages in a MHTML file, which Chrome and Edge call a single file."""
    try:
        parts = [
            part
            for part in message_from_bytes(data).walk()
            if part.get_content_type() in ("text/html", "application/xhtml+xml")
        ]
        contents = [(part.get_payload(decode=True), part.get_content_charset()) for part in parts]
    except (MessageError, RecursionError, LookupError, ValueError, AssertionError, AttributeError, TypeError):
        raise NotAList("this archive (MHTML) is damaged; save the page again") from None
    pages = [
        SavedText(decoded(content, given or None, country, charset or ""), is_page=True)
        for content, charset in contents
        if isinstance(content, bytes)
    ]
    if not pages:
        raise NotAList("no page in this archive (MHTML); save the page again")
    return pages


def _of_safari(data: bytes, given: str | None, country: str | None) -> list[SavedText]:
    """The pages in a web archive of Safari."""
    try:
        archive = plistlib.loads(data)
        pages = [
            SavedText(decoded(content, given, country, charset), is_page=True)
            for content, charset in _resources(archive)
        ]
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, OverflowError, ExpatError, MemoryError):
        raise NotAList("this web archive is damaged; save the page again") from None
    if not pages:
        raise NotAList("no page in this web archive; save the page again")
    return pages


def _resources(archive: Any) -> list[tuple[bytes, str]]:
    main, frames = archive.get("WebMainResource", {}), archive.get("WebSubframeArchives", [])
    own = []
    if isinstance(main.get("WebResourceData"), bytes):
        own.append((main["WebResourceData"], str(main.get("WebResourceTextEncodingName", ""))))
    return [*own, *(page for frame in frames for page in _resources(frame))]


def decoded(data: bytes, given: str | None, country: str | None, declared: str = "") -> str:
    """The text of some bytes: by a byte order mark, as UTF-8 if they have letters that only UTF-8 has, by what a person
    named, or by what the page itself declares.

    Raises NotAList if none of these tells; the encoding is never guessed.
    """
    name = canonical(given) if given else None
    if name is None or name in ENCODINGS:
        detection = detect(data, name, whole=True)
        if detection.fault and detection.guesses[:1] in (("utf-8",), ("utf-16",)):
            return _as(data, detection.guesses[0], detection.guesses[0])
        if detection.encoding and not (name is None and _has_broken(data, detection.encoding)):
            return _as(data, ENCODINGS[detection.encoding], detection.encoding)
        if name is None and (charset := declared or _declared(data)) and canonical(charset.lower()) != "utf-8":
            return _as(data, codec(charset), charset)
        raise NotAList(_refusal(str(detection.fault) or "is not UTF-8", detection.guesses, data, country))
    return _as(data, codec(name), name)


def codec(name: str) -> str:
    """Python's codec for the name of an encoding. Raises NotAList for an unknown one."""
    known = canonical(_IN_PAGES.get(name.lower(), name.lower()))
    try:
        found_codec = codecs.lookup(ENCODINGS.get(known, known)).name
        b"a".decode(found_codec, "replace")  # what is not an encoding of text raises LookupError, too
    except (LookupError, ValueError):
        found_codec = ""
    if not found_codec or found_codec.replace("-", "_") in _NO_TEXT:
        names = NameList(ENCODINGS, ", ", mark="")
        raise NotAList(f"there is no encoding `{name[:40]}`; known are {names} and Python's others")
    return found_codec


def _has_broken(data: bytes, encoding: str) -> bool:
    try:
        data.decode(ENCODINGS[encoding])
    except UnicodeDecodeError:
        return True
    return False


def _as(data: bytes, codec_name: str, shown: str) -> str:
    try:
        return data.decode(codec_name).removeprefix(MARK)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise NotAList(
            f"not {shown[:40]}: byte {data[error.start]:#04x} on line {line} can't be read as that"
        ) from None


def _declared(data: bytes) -> str:
    """The encoding that a page names in its head; empty if it names none."""
    match = _CHARSET.search(data[:_HEAD])
    return (match[1] or match[2]).decode("ascii") if match else ""


def _refusal(fault: str, guesses: tuple[str, ...], data: bytes, country: str | None) -> str:
    likely = [name for name in _BY_COUNTRY.get(country or "", ()) if _decodes(data, name)]
    ordered = list(dict.fromkeys([*(name for name in guesses if name in likely), *guesses, *likely]))
    if fault == "is ISO-2022-JP":
        ordered = ["iso-2022-jp"]
    if not ordered:
        return f"this {fault}; name its encoding with --encoding, or save it as UTF-8"
    best = ordered[0] + (f" (also called {_ALSO[ordered[0]]})" if ordered[0] in _ALSO else "")
    others = f", or perhaps {NameList(ordered[1:], mark='')}" if len(ordered) > 1 else ""
    return f"this {fault}; add --encoding {best}{others}, or save it as UTF-8"


def _decodes(data: bytes, name: str) -> bool:
    return not _has_broken(data, name)
