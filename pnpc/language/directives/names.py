"""The directives by name, and the quick look that tells whether a text holds any."""

IF, FOR, INCLUDE = "$if", "$for", "$include"
NAMES = (IF, FOR, INCLUDE)
# What stands behind a pattern's last `$`, mostly; behind that of a directive it never does.
_ENDS = ('"\n', "'\n")


def found_in(text: str) -> bool:
    """Whether a text may hold a directive, rightly spelt or not: a key that begins with `$`, which LINE has none of.

    Most texts have a `$` in a pattern at most, and pay no more than this; no regular expression need be compiled.
    """
    at = text.find("$")
    while at >= 0:
        end = at + 1
        if text.startswith(_ENDS, end):
            at = text.find("$", end)
            continue
        while text[end : end + 1].isalnum() or text[end : end + 1] in ("_", "-"):
            end += 1
        at = text.find("$", end)
        end += text[end : end + 1] in ('"', "'")
        while text[end : end + 1] in (" ", "\t"):
            end += 1
        if text[end : end + 1] == ":":
            return True
    return False
