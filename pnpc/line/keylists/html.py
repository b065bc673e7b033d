"""The tables of a saved web page: `<table>`, grids made of other elements, and the lists in its scripts.

A page may show its three lists in tabs. The list of a table is known by the panel that it stands in, or, if the page was
saved with one panel only, by the tab that is selected.
"""

from pnpc.line.keylists import columns, grid, pasted, script, words
from pnpc.line.keylists.page import Child, Element, tree
from pnpc.line.keylists.sheet import Around, NoList, NotAList, Sheet, cell
from pnpc.text.lazy import regex

_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "legend", "summary", "figcaption"))
_LOWEST = 6  # level of a heading
_UNSEEN = frozenset(("script", "style", "noscript", "svg", "head"))
_MAY_BE_TABS = frozenset(("a", "b", "button", "div", "label", "li", "p", "span", "strong"))
_TARGETS = ("aria-controls", "data-bs-target", "data-target", "href")  # where a tab names its panel
_CHOSEN = regex(r"(?:^|[\s_-])(?:active|selected|current|checked)(?:$|[\s_-])")  # in the class of the selected tab
_MOST_OF_A_TAB = 20  # elements and texts of it


def read(text: str) -> list[Sheet]:
    """The tables of a page, and the lists of its data. Raises NoList if it has none."""
    root = tree(text)
    sheets = [*_Page(root).sheets(), *script.read(root)]
    if sheets:
        return sheets
    try:
        return pasted.stacked(grid.text_of(root))  # a list made of other elements
    except NotAList:
        help = "save the page as your browser shows it (complete, not its source), or copy its rows into a text file"
        raise NoList(f"no <table> in this page; {help}") from None


class _Page:
    """The walk through a page: tables, headings, tabs and texts in their order."""

    def __init__(self, root: Element) -> None:
        self._root = root
        self._around = Around()
        self._texts: list[str] = []  # since the last table or heading
        self._tabs: list[Element] = []  # one after the other, without a table or a heading between
        self._chosen: list[Element] = []  # those of them that are selected
        self._panel: Element | None = None
        self._by_id = {element.get("id"): element for element in root.elements() if element.get("id")}
        self._names = dict(self._targets())

    def sheets(self) -> list[Sheet]:
        """The tables of the page."""
        stack: list[tuple[Child, Element | None]] = [(self._root, None)]
        while stack:
            part, panel = stack.pop()
            if panel is not self._panel:
                self._pass_by()
                self._panel = panel
            if isinstance(part, str):
                self._texts.append(part)
            elif not self._takes(part):
                inner = part if self._is_panel(part) else panel
                stack += [(child, inner) for child in reversed(part.children)]
                self._texts.append("" if part.tag in grid.INLINE else "\n")
        self._pass_by()
        return self._around.sheets()

    def _takes(self, element: Element) -> bool:
        """Whether an element was dealt with, with all that stands in it."""
        if element.tag in _UNSEEN or _is_template(element):
            return True
        if grid.is_grid(element):
            return self._takes_table(element)
        if element.tag in _HEADINGS or element.is_a("heading"):
            self._pass_by()
            self._tabs, self._chosen = [], []
            text = grid.text_of(element)
            level = int(element.tag[1]) if element.tag[1:].isdigit() else _LOWEST
            self._around.heading(text, level)
            self._around.text(text, self._panel)
            return True
        if (element.tag in _MAY_BE_TABS or element.is_a("tab")) and words.is_kind(_short_text(element)):
            self._take_tab(element)
            return True
        return False

    def _takes_table(self, element: Element) -> bool:
        """Add a table. What stands in it is looked at as well if other tables stand in its cells, as in an old layout."""
        self._pass_by()
        self._tabs, self._chosen = [], []
        rows = grid.rows(element)
        is_outer = any(grid.is_grid(inner) for inner in element.elements() if inner is not element)
        if rows and not (is_outer and not any(columns.key_in(text) for row in rows for text in row)):
            caption = grid.caption(element)
            self._around.text(caption, self._panel)
            label = caption if words.kinds_named(caption) else self._label()
            self._around.table(Sheet(rows, panel=label), self._panel)
        return not is_outer

    def _pass_by(self) -> None:
        self._around.text("".join(self._texts), self._panel)
        self._texts = []

    def _take_tab(self, element: Element) -> None:
        """A tab, or a title that is no heading: the only one names the list below it; of several, the selected one does."""
        self._tabs.append(element)
        self._chosen += [element] if _is_chosen(element) else []
        chosen = self._chosen if len(self._tabs) > 1 else self._tabs
        self._around.heading(_short_text(chosen[0]) if len(chosen) == 1 else "")

    def _targets(self) -> list[tuple[str, str]]:
        """The ids that tabs name as those of their panels, each with the tab's text."""
        return [
            (target, _short_text(element))
            for element in self._root.elements()
            for name in _TARGETS
            if (target := element.get(name).removeprefix("#")) and (name != "href" or element.get(name).startswith("#"))
        ]

    def _is_panel(self, element: Element) -> bool:
        name = element.get("id")
        return element.is_a("tabpanel") or (name != "" and words.is_kind(self._names.get(name, "")))

    def _label(self) -> str:
        """What the panel of a table is called; empty if no kind is named."""
        if self._panel is None:
            return ""
        by = (self._by_id.get(name) for name in self._panel.get("aria-labelledby").split())
        labels = [self._panel.get("aria-label"), *(_short_text(element) for element in by if element is not None)]
        labels += [self._names.get(self._panel.get("id"), ""), self._panel.get("id")]
        return next((label for label in labels if len(words.kinds_named(label)) == 1), "")


def _is_template(element: Element) -> bool:
    """A `<template>` shows nothing, unless it is how a browser saved the content of a component."""
    shown = ("shadowmode", "shadowroot", "shadowrootmode")
    return element.tag == "template" and not any(name in element.attributes for name in shown)


def _short_text(root: Element) -> str:
    """The text of an element that holds little; empty for every other one."""
    text = ""
    stack: list[Child] = [root]
    for _ in range(_MOST_OF_A_TAB):
        if not stack:
            return cell(text)
        part = stack.pop()
        if isinstance(part, str):
            text += part
        elif part.tag not in _UNSEEN:
            stack += reversed(part.children)
    return ""


def _is_chosen(tab: Element) -> bool:
    parents = (tab.parent,) if tab.parent is not None and len(tab.parent.children) == 1 else ()
    return any(
        element.get("aria-selected") == "true"
        or element.get("aria-current") not in ("", "false")
        or _CHOSEN.search(element.get("class")) is not None
        for element in (*parents, *tab.elements())
    )
