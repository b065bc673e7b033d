"""A saved web page as a tree of elements, read with the standard library's parser, which accepts broken markup."""

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Union

_VOID = frozenset((
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
))  # fmt: skip
_CELL, _ROW = ("td", "th"), ("td", "th", "tr")
_GROUP = (*_ROW, "thead", "tbody", "tfoot", "caption", "colgroup")
# What a start tag ends, up to the table that it stands in.
_ENDS = {
    "td": _CELL, "th": _CELL, "tr": (*_ROW, "caption", "colgroup"), "thead": _GROUP, "tbody": _GROUP, "tfoot": _GROUP,
    "li": ("li",), "dt": ("dt", "dd"), "dd": ("dt", "dd"), "option": ("option",),
}  # fmt: skip
_LISTS = frozenset(("table", "ul", "ol", "dl", "select"))  # elements whose parts are not ended from inside
_DEEPEST = 500  # elements in one another; what is deeper counts as being on that level

Child = Union["Element", str]


class Element:
    """An element: its tag, its attributes (lower case; without a value: the empty text), and what it holds."""

    __slots__ = ("attributes", "children", "parent", "tag")

    def __init__(self, tag: str, attributes: dict[str, str], parent: "Element | None") -> None:
        self.tag = tag
        self.attributes = attributes
        self.parent = parent
        self.children: list[Child] = []

    def get(self, name: str) -> str:
        """An attribute's value; the empty text if it is not there."""
        return self.attributes.get(name, "")

    def is_a(self, *roles: str) -> bool:
        """Whether the element has one of some ARIA roles."""
        return self.get("role") in roles

    def elements(self) -> Iterator["Element"]:
        """The element and all those inside it, in the order of the page."""
        stack = [self]
        while stack:
            element = stack.pop()
            yield element
            stack += [child for child in reversed(element.children) if isinstance(child, Element)]

    def above(self) -> Iterator["Element"]:
        """The elements that it stands in, the nearest first."""
        element = self.parent
        while element is not None:
            yield element
            element = element.parent


def tree(text: str) -> Element:
    """The root of a page; it has no tag of its own."""
    parser = _Parser()
    parser.feed(text)
    parser.close()
    return parser.root


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {}, None)
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _ENDS:
            self._end(_ENDS[tag])
        parent = self._open[-1]
        element = Element(tag, {name: value or "" for name, value in attrs}, parent)
        parent.children.append(element)
        if tag not in _VOID and len(self._open) < _DEEPEST:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        for index in range(len(self._open) - 1, 0, -1):
            if self._open[index].tag == tag:
                del self._open[index:]
                return
            if self._open[index].tag == "table":
                return  # a stray end tag inside a cell does not end what is around the table

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)

    def _end(self, tags: tuple[str, ...]) -> None:
        """End the outermost open element of some tags, inside the nearest list or table."""
        outermost = 0
        for index in range(len(self._open) - 1, 0, -1):
            if self._open[index].tag in _LISTS:
                break
            if self._open[index].tag in tags:
                outermost = index
        if outermost:
            del self._open[outermost:]
