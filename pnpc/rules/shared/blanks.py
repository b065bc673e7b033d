"""Texts in which a reader sees nothing."""

from pnpc.language.message.context import Context
from pnpc.language.message.notice import Field, Notice
from pnpc.rules.rule import Test, looks_at
from pnpc.rules.shared.media import reader

# Spaces of all scripts (also those that `str.strip` removes), and characters without width.
_UNSEEN = "\t\n\r\x0b\x0c \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
_UNSEEN += "\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u2800\u3164\ufeff\uffa0" + "".join(
    map(chr, range(0x200B, 0x2010))
)
_UNSEEN += "".join(map(chr, range(0x202A, 0x202F))) + "".join(map(chr, range(0x2060, 0x2070)))
_HIDDEN = frozenset(_UNSEEN)


def is_blank(text: str) -> bool:
    """Whether a text is not empty and has no visible character."""
    return bool(text) and not text.strip(_UNSEEN)


looks_at_contents = looks_at(content=Test(is_blank, only=_HIDDEN))


def blank(notice: Notice, context: Context) -> list[Field]:
    """The texts of a message that show nothing. A span may be a space, between two other spans."""
    if notice.kind == "template":
        return [field for field in notice.contents if field.text[:1] in _HIDDEN and is_blank(field.text)]
    fields = [field for field in reader(notice, context).texts if is_blank(field.text)]
    return [field for field in fields if notice.holder_type(field) != "span"]
