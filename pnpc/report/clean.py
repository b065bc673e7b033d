"""Foreign text made fit to be shown: what a reader or a terminal can't see, or must not obey, becomes visible."""

from pnpc.text.lazy import regex
from pnpc.text.source import readable

# Control characters, marks that turn the direction of text, spaces without width, other line breaks, lone surrogates,
# and the two noncharacters that XML leaves out. ZWJ and ZWNJ stay: emoji and several scripts are written with them.
_UNSEEN = regex(
    r"[\x00-\x1f\x7f-\x9f\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069"
    r"\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)


def visible(text: str) -> str:
    """A text on one line in which each character that can't be seen stands as `<U+202E>`."""
    return _UNSEEN.sub(lambda sign: f"<U+{ord(sign[0]):04X}>", readable(text))
