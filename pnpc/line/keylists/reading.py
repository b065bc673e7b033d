"""The tables of a text, in any of the forms in which people save it."""

from collections.abc import Iterator

from pnpc.line.keylists import columns, html, markdown, pasted, script
from pnpc.line.keylists.sheet import Sheet
from pnpc.line.keylists.words import kind_of_column
from pnpc.text.lazy import regex

FORMS = ("html", "markdown", "csv", "tsv", "text")

_TAG = regex(r"<(?:!doctype|html|body|table|tr|td|div)\b", 2)  # re.IGNORECASE
_PAGES = ("html", "htm", "xhtml", "mhtml", "mht", "webarchive")


def sheets(text: str, name: str = "", form: str | None = None, endings: tuple[str, ...] = ()) -> list[Sheet]:
    """The tables of a text; without a `form` (one of FORMS) its content and its file's name decide. Raises NotAList.

    `endings` are those of LINE's keys: they tell a list of keys in a page's scripts from another list.
    """
    form = form or form_of(text, name)
    if form == "html":
        return [*_of_lists(_with_names(html.read(text)), endings)]
    if form == "markdown":
        return markdown.read(text)
    if form in ("csv", "tsv"):
        delimiter = pasted.delimiter_of(text) or pasted.delimiter_without_names(text)
        return pasted.separated(text, delimiter or ("," if form == "csv" else "\t"))
    if text.lstrip()[:1] in ("[", "{"):
        return [sheet._replace(is_data=False) for sheet in script.read_json(text)]
    tables = pasted.tabbed(text) if "\t" in text else []
    return tables if any(map(_keys, tables)) else pasted.stacked(text)


def form_of(text: str, name: str) -> str:
    """The form of a text: its content decides before its file's name, because pages are often saved under a wrong one."""
    ending = name.lower().rpartition(".")[2]
    if _TAG.search(text) or (ending in _PAGES and "<" in text):
        return "html"
    if any(markdown.RULER.fullmatch(line) for line in text.splitlines()):
        return "markdown"
    if ending in ("csv", "tsv"):
        return ending
    return "csv" if pasted.delimiter_of(text) in (",", ";", "|") else "text"


def _keys(sheet: Sheet) -> set[str]:
    """All words of a table that look like keys."""
    return {key for row in sheet.rows for text in row if (key := columns.key_in(text)) is not None}


def _with_names(tables: list[Sheet]) -> Iterator[Sheet]:
    """The tables of a page; one that holds nothing but column names gives them to the next: a head that stays in place
    while the rows are scrolled is a table of its own."""
    names: list[str] | None = None
    for sheet in tables:
        rows = sheet.rows
        if len(rows) == 1 and columns.is_head(rows[0]):
            names = rows[0]
            continue
        is_below = names is not None and not columns.is_head(rows[0]) and len(rows[0]) == len(names)
        yield sheet._replace(rows=[names, *rows]) if is_below and names is not None else sheet
        names = None


def _of_lists(tables: Iterator[Sheet], endings: tuple[str, ...]) -> Iterator[Sheet]:
    """The tables without the lists in scripts that are not LINE's keys: a list counts if it has a key that the page shows,
    or, in a page that shows none, if the names or all the keys in it are LINE's. What is shown counts before it."""
    shown: set[str] = set()
    for sheet in tables:
        if not sheet.is_data:
            shown |= _keys(sheet)
            yield sheet
            continue
        keys = _keys(sheet)
        is_named = any(kind_of_column(name) for name in sheet.rows[0])
        if keys & shown if shown else keys and (is_named or all(key.endswith(endings) for key in keys)):
            left = [row for row in sheet.rows[1:] if not shown.intersection(row)]
            if left:
                yield sheet._replace(rows=[sheet.rows[0], *left])
