"""Whether the bytes of a file may hold a spec or a request body, and whether a broken text was meant as one.

`ours` means here: a spec, or a request body of a notification message.
"""

from re import MULTILINE, escape

from pnpc.line.bodies import TO_LENGTH, message_types
from pnpc.text.lazy import regex
from pnpc.text.source import is_json

# A document that is ours has one of these or `pnpc`, unless it is a body with `to` and `body`, or escapes letters of its keys.
_MARKS = (b"templateKey", b"messages", b"template_key")
_SINCH_MARK = regex(r"(?i)channel_*specific_*message")
# Keys of a Sinch body; neither is at the top level.
_SINCH_KEY = regex(r"[\"'\s{,]channel_?[sS]pecific_?[mM]essage[\"']?\s*:")
_SINCH_PART = regex(r"[\"'\s{,]LINE[\"']?\s*:")
_TO = regex(r"to(?<!\wto)['\"]?\s*[:#]")  # the letters come first because a search for fixed letters is fast
# An escaped letter of a key, or a key that is continued on a second line.
_ESCAPE = regex(r"\\(?:(?:x|u00|U000000)[4-7][0-9a-fA-F]|\r?\n|\r)")
# A list at the top of a text, after spaces and comments.
_LIST = regex(r"(?:\s|(?:#|//)[^\n]*\n)*+\[")
_BOMS = ("\xef\xbb\xbf", "\xff\xfe", "\xfe\xff")

# A key of a flow mapping, or of JSON with mistakes, at any depth: in a broken text the depth is not known.
_FLOW = r"(?:^[ \t]*|[{{,]\s{{0,99}})[\"'“]?{}[\"'”]?\s*[:：]\s*"
# A key of a block mapping at the top level of its document.
_BLOCK = r"^\t*[\"']?{}[\"']?[ \t]*[:：][ \t]*"
_CONTENT = "(?:messages|templateKey|template_key|body)"
_LONG = rf"[\"']?[^\"'\s]{{{TO_LENGTH}}}[\"'\s]"
# The value of `to` in a body for another endpoint.
_ELSEWHERE = r"(?:\[|\n[ \t]*-\s|[\"']?[UCR][0-9a-fA-F]{32}\b)"
_STRING = r"(?:\"(?:[^\"\\]|\\.)*+\"|'[^']*+')"
_FIRST_ENTRY = rf"\[\s*\{{((?:[^{{}}\[\]\"']|{_STRING})*+)"
_BLOCK_ENTRY = regex(r"^[\"']?messages[\"']?[ \t]*:[ \t]*(?:#.*)?\n(?:[ \t]*(?:#.*)?\n)*([ ]*)-([ ]+)", MULTILINE)
_BLOCK_END = regex(r"^[^\s#-]", MULTILINE)


def may_be_ours(data: bytes) -> bool:
    """Whether the bytes of a file, in any encoding, may hold a document that is ours: fast, and never False if they do."""
    if b"\0" in data:
        data = data.replace(b"\0", b"")  # in UTF-16 each ASCII letter comes with one
    if b"pnpc" in data or any(mark in data for mark in _MARKS):
        return True
    has_body = b"body" in data
    has_sinch = b"pecific" in data or b"PECIFIC" in data
    if not (has_body or has_sinch or b"\\" in data):
        return False
    text = data.decode("latin-1")
    if has_body and (_TO.search(text) or ("*" in text and "&" in text)):
        return True
    if has_sinch and _SINCH_MARK.search(text):
        return True
    return "\\" in text and _ESCAPE.search(text) is not None


def undecodable_looks_ours(name: str, data: bytes) -> bool:
    """Whether bytes that are not UTF-8 were meant as a document of ours: they may be a spec in another encoding."""
    text = data.decode("latin-1").replace("\0", "")
    bom = next((bom for bom in _BOMS if text.startswith(bom)), "")
    return looks_ours(name, text.removeprefix(bom))


def looks_ours(name: str, text: str) -> bool:
    """Whether a text that can't be read as YAML or JSON was meant as a document of ours; others are not reported.

    `name` is the file's name, which tells JSON from YAML.
    """
    text = text.replace("\0", "").lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if _LIST.match(text) and "\n---" not in text:
        return False  # a list is neither a spec nor a body, so a sound one is passed over as well
    is_flow = is_json(name) or text.lstrip().startswith("{")
    key = _FLOW if is_flow else _BLOCK

    def has(word: str, value: str = "") -> bool:
        return regex(key.format(word) + value, MULTILINE).search(text) is not None

    if has("pnpc"):
        return True
    if has("to", _LONG) and has(_CONTENT):
        return True
    if has("templateKey") and not has("body", r"(?![{\[#\s]|null|None|~|\Z)"):
        return True
    if _SINCH_KEY.search(text) and _SINCH_PART.search(text):
        return True
    if not has("messages") or has("to", _ELSEWHERE) or has("(?:replyToken|filter|limit|recipient)"):
        return False
    return _flow_message(text) if is_flow else _block_message(text)


def _flow_message(text: str) -> bool:
    """Whether the first entry of `messages` has one of LINE's types and no role."""
    entry = regex(_FLOW.format("messages") + _FIRST_ENTRY, MULTILINE).search(text)
    return entry is not None and _is_message(entry[1], _FLOW)


def _block_message(text: str) -> bool:
    """The same in block style, where the keys of the entry are indented to the column after its `- `."""
    entry = _BLOCK_ENTRY.search(text)
    if entry is None:
        return regex(_BLOCK.format("messages") + r"\[", MULTILINE).search(text) is not None and _flow_message(text)
    begins = entry.end()
    stop = _BLOCK_END.search(text, begins)
    column = len(entry[1]) + 1 + len(entry[2])
    lines = text[begins : stop.start() if stop else len(text)].splitlines()
    own = [lines[0]] if lines else []
    for line in lines[1:]:
        indent = len(line) - len(line.lstrip(" "))
        if line.strip() and indent < column:
            break
        if indent == column:
            own.append(line[column:])
    return _is_message("\n".join(own), _BLOCK)


def _is_message(keys: str, key: str) -> bool:
    from pnpc.line.media_types import fold, media_facts  # needed only for a text that can't be read

    media = media_facts().types  # media alone may also be a broadcast
    types = "|".join(escape(type_) for type_ in message_types() if fold(type_) not in media)
    typed = regex(key.format("type") + rf"[\"']?(?:{types})(?:[\"'\s,}}]|\Z)", MULTILINE)
    return typed.search(keys) is not None and regex(key.format("role"), MULTILINE).search(keys) is None
