"""The tables of a Markdown text, also those whose cells a converter has put on separate lines."""

from html import unescape

from pnpc.line.keylists.sheet import Around, Sheet, cell
from pnpc.text.lazy import regex

# Possessive, so that a line of nothing but spaces takes no time.
RULER = regex(r"[ \t]*+\|?[ \t]*+:?-++:?[ \t]*+(?:\|[ \t]*+:?-++:?[ \t]*+)++\|?[ \t]*+")
_UNDERLINE = regex(r"(?:=+|-+)[ \t]*")
_BOLD = regex(r"\*\*[^*]+\*\*[ \t]*")
_PIPE = regex(r"(?<!\\)\|")
_LINK = regex(r"!?\[([^\]]*)\]\([^)]*\)")
_TAG = regex(r"</?[A-Za-z][^>]*>")
_ESCAPE = regex(r"\\([\\`*_{}\[\]()#+\-.!|])")


def read(text: str) -> list[Sheet]:
    """The tables of a text, in its order; an empty list if there are none."""
    lines = text.splitlines()
    around = Around()
    at = 0
    while at < len(lines):
        line = lines[at]
        if at + 1 < len(lines) and "|" in line and RULER.fullmatch(lines[at + 1]):
            rows, at = _rows(lines, at + 2, len(_cells(line)))
            around.table(Sheet([_cells(line), *rows]))
        else:
            underlined = at + 1 < len(lines) and line.strip() and _UNDERLINE.fullmatch(lines[at + 1])
            if line.startswith("#") or underlined or _BOLD.fullmatch(line):
                around.heading(_plain(line.strip("# *_")), _level(line))
            around.text(_plain(line))
            at += 1
    return around.sheets()


def _level(line: str) -> int:
    """The level of a heading: by its `#`, 2 for one that is underlined, below all of these one in bold letters."""
    return len(line) - len(line.lstrip("#")) or (7 if line.startswith("**") else 2)


def _rows(lines: list[str], at: int, width: int) -> tuple[list[list[str]], int]:
    """The rows from a line on, and the index of the line after them. A row may take several lines: it ends when it has
    all `width` cells."""
    rows: list[list[str]] = []
    held: list[str] = []
    while at < len(lines):
        line = lines[at]
        if not held and not line.lstrip().startswith("|"):
            if line.strip() and len(_cells(line)) < width:
                break
            if line.strip():
                rows.append(_cells(line))  # a row without outer lines
            at += 1
            continue
        held.append(line)
        at += 1
        row = "\n".join(held).rstrip()
        if row.endswith("|") and len(_cells(row)) >= width:
            rows.append(_cells(row))
            held = []
    return rows, at


def _cells(row: str) -> list[str]:
    inner = row.strip().removeprefix("|")
    if _PIPE.search(inner, max(0, len(inner) - 1)):
        inner = inner[:-1]
    return [_plain(text) for text in _PIPE.split(inner)]


def _plain(text: str) -> str:
    """A cell without Markdown's marks: the text of a link, code without backticks."""
    bare = _TAG.sub(" ", _LINK.sub(r"\1", text)).replace("`", "").replace("**", "")
    return cell(unescape(_ESCAPE.sub(r"\1", bare)))
