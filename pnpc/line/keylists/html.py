"""The tables of a saved web page, read with the standard library's parser, which accepts broken markup."""

from html.parser import HTMLParser

from pnpc.line.keylists.sheet import Above, NotAList, Sheet, cell

_UNSEEN = frozenset(("script", "style", "template", "noscript"))
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "caption"))


def read(text: str) -> list[Sheet]:
    """The tables of a page, those inside other tables first. Raises NotAList if there are none."""
    page = _Page()
    page.feed(text)
    page.close()
    if not page.sheets:
        help = "copy the rows from the page and paste them into a text file instead"
        raise NotAList(f"no <table> in this page; {help}")
    return page.sheets


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.sheets: list[Sheet] = []
        self._above = Above()
        self._tables: list[list[list[str]]] = []  # a table may stand in another's cell
        self._between = ""
        self._heading = False
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag == "table":
            self._tables.append([])
        elif tag == "tr" and self._tables:
            self._tables[-1].append([])
        elif tag in ("td", "th") and self._tables:
            if not self._tables[-1]:
                self._tables[-1].append([])
            self._tables[-1][-1].append("")
        elif tag in _HEADINGS:
            self._pass_by()
            self._heading = True

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif tag == "table" and self._tables:
            self._pass_by()
            rows = [[cell(text) for text in row] for row in self._tables.pop() if row]
            if rows:
                self.sheets.append(self._above.sheet(rows))
        elif tag in _HEADINGS:
            self._pass_by()

    def handle_data(self, data: str) -> None:
        if self._unseen:
            return
        if self._tables and self._tables[-1] and self._tables[-1][-1]:
            self._tables[-1][-1][-1] += data
        else:
            self._between += data

    def _pass_by(self) -> None:
        self._above.pass_by(self._between, heading=self._heading)
        self._between, self._heading = "", False
