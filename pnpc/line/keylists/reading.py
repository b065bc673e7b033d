"""The tables of a text, in any of the forms in which people save it."""

from pnpc.line.keylists import html, markdown, pasted
from pnpc.line.keylists.columns import is_head
from pnpc.line.keylists.sheet import NotAList, Sheet
from pnpc.text.lazy import regex

_TAG = regex(r"<(?:!doctype|html|table|tr|td)\b", 2)  # re.IGNORECASE
FORMS = ("html", "markdown", "csv", "tsv", "text")


def sheets(text: str, name: str = "", form: str | None = None) -> list[Sheet]:
    """The tables of a text; without a `form` (one of FORMS) its content and its file's name decide. Raises NotAList."""
    form = form or form_of(text, name)
    if form == "html":
        return html.read(text)
    if form == "markdown":
        return markdown.read(text)
    if form in ("csv", "tsv"):
        return pasted.separated(text, "," if form == "csv" else "\t")
    return pasted.tabbed(text) if "\t" in text else pasted.stacked(text)


def form_of(text: str, name: str) -> str:
    """The form of a text: its content decides before its file's name, because pages are often saved under a wrong one."""
    if _TAG.search(text):
        return "html"
    if any(markdown.RULER.fullmatch(line) for line in text.splitlines()):
        return "markdown"
    ending = name.lower().rpartition(".")[2]
    if ending in ("csv", "tsv"):
        return ending
    first = text.split("\n", 1)[0]
    return "csv" if is_head(first.split(",")) and "," in first else "text"


__all__ = ["FORMS", "NotAList", "Sheet", "form_of", "sheets"]
