"""The typed message. Reading it never fails: what has the wrong shape is left out, and the grammar reports it."""

from typing import TYPE_CHECKING, Literal, NamedTuple

from pnpc.line import bodies, names, sinch
from pnpc.line.catalog import KeyKind
from pnpc.line.names import Names
from pnpc.text.document import Document, Mapping, Node, Scalar, Sequence
from pnpc.text.finding import Place
from pnpc.text.members import members
from pnpc.text.path import Path
from pnpc.text.tree import Tree

if TYPE_CHECKING:
    from pnpc.language.cases.expansion import Expansion

Kind = Literal["template", "flexible"]
Form = Literal["spec", "request", "sinch", "message", "container"]
TAG: Path = ("deliveryTag",)  # where a spec has its delivery tag
SMS: Path = ("fallback", "sms")  # where it has a text for people that LINE can't reach
# What mostly follows the last `$` of a pattern, and never the `$` of a directive.
_PATTERN_ENDS = ('"\n', "'\n")


class Field(NamedTuple):
    """A text and where it stands."""

    text: str
    path: Path


class Item(NamedTuple):
    """An item of the body, the emphasized one included."""

    path: Path
    key: Field | None
    content: Field | None


class Button(NamedTuple):
    """A button of the body."""

    path: Path
    key: Field | None
    url: Field | None


class Notice(NamedTuple):
    """The typed message of a spec, or of a request body or a part of one (`is_spec` is false): each value with its path.

    `form` says what the document is: a spec, a request body for LINE or for Sinch, one message object, or a Flex
    container. `kind` is None for a message that is neither template nor flexible. `base` is the path of LINE's request body (or of the part of
    one) in the document, `contents` are those of all items.
    `sms` is the text of the fallback, which may take `sms_parts` parts.
    `expansion` is there where directives were worked out: then the document's nodes are what the directives came to.
    """

    document: Document
    tree: Tree
    form: Form
    is_spec: bool
    kind: Kind | None
    base: Path
    name: Field | None
    country: Field | None
    template_key: Field | None
    emphasized: Item | None
    items: tuple[Item, ...]
    buttons: tuple[Button, ...]
    contents: tuple[Field, ...]
    delivery_tag: Field | None
    to: Node | None
    units: tuple[Field, ...]
    catalog_keys: list[tuple[KeyKind, Field]]
    variables: dict[str, Node]
    sms: Field | None = None
    sms_parts: int = 1
    expansion: "Expansion | None" = None

    def all_items(self) -> tuple[Item, ...]:
        """The items as LINE counts them: with the emphasized one."""
        return (self.emphasized, *self.items) if self.emphasized else self.items

    def texts(self) -> list[Field]:
        """The texts of a template message that are filled for each recipient, the delivery tag, and the fallback's text."""
        optional = [*(button.url for button in self.buttons), *self.units, self.delivery_tag, self.sms]
        return [*self.contents, *(field for field in optional if field is not None)]

    def at(self, *steps: str | int) -> Place:
        """A place inside the request body."""
        return Place((*self.base, *steps))

    def holder_type(self, text: Field) -> str | None:
        """The `type` of the object that holds a text, such as `span`; None where none is written."""
        written = members(self.tree.node(text.path[:-1])).get("type")
        return written.value if isinstance(written, Scalar) else None


def is_spec(root: Node | None) -> bool:
    """Whether a document is a spec: it has a top-level key `pnpc`."""
    return isinstance(root, Mapping) and "pnpc" in members(root)


def form_of(root: Node | None, *, named: bool = False) -> Form | None:
    """The form of a document; None for one that pnpc does not check. If its file was `named` by the user, a part of a
    request body counts, too."""
    if is_spec(root):
        return "spec"
    if _is_for_another_endpoint(root):
        return None
    if bodies.is_body(root):
        return "request"
    if sinch.base_of(root) is not None:
        return "sinch"
    if not named:
        return None
    written = members(root).get("type")
    if isinstance(written, Scalar):
        if written.value in bodies.message_types():
            return "message"
        if written.value in bodies.container_types():
            return "container"
    return "request" if bodies.is_body_when_named(root) else None


def _is_for_another_endpoint(root: Node | None) -> bool:
    if "messages" not in members(root):
        return False
    from pnpc.line.other_bodies import other_body  # only a few request bodies come here

    return other_body(root) is not None


def read(document: Document, form: Form | None = None) -> Notice:
    """The message of a document; `form` is the answer of `form_of`, if the caller has it already."""
    root = members(document.root)
    form = form or form_of(document.root, named=True) or "request"
    spec = form == "spec"
    base: Path = ("message",) if spec else (sinch.base_of(document.root) or ()) if form == "sinch" else ()
    called = names.SINCH if form == "sinch" else names.LINE
    tree = Tree(document)
    message = members(root.get("message") if spec else tree.node(base))
    body = members(message.get("body"))
    body_path = (*base, "body")
    template_key = _field(message, called.template_key, base)
    large = called.emphasized_item
    emphasized = _item(body[large], (*body_path, large), called) if large in body else None
    items = tuple(_item(node, (*body_path, "items", index), called) for index, node in _entries(body.get("items")))
    listed = _entries(body.get("buttons"))
    buttons = tuple(_button(node, (*body_path, "buttons", index), called) for index, node in listed)
    all_items = (emphasized, *items) if emphasized else items
    notice = Notice(
        document=document,
        tree=tree,
        form=form,
        is_spec=spec,
        kind=_kind(form, message),
        base=base,
        name=_field(root, "name", ()) if spec else None,
        country=_field(root, "country", ()) if spec else None,
        template_key=template_key,
        emphasized=emphasized,
        items=items,
        buttons=buttons,
        contents=tuple([item.content for item in all_items if item.content is not None]),
        delivery_tag=_field(root, "deliveryTag", ()) if spec else None,
        to=message.get("to"),
        units=_texts(message.get("customAggregationUnits"), (*base, "customAggregationUnits")),
        catalog_keys=_catalog_keys(template_key, all_items, buttons),
        variables=members(root.get("variables")) if spec else {},
    )
    if spec and "fallback" in root:
        from pnpc.line.sms import parts_allowed  # few specs have a fallback

        fallback = members(root["fallback"])
        return notice._replace(sms=_field(fallback, "sms", SMS[:-1]), sms_parts=parts_allowed(fallback.get("parts")))
    return notice


def _catalog_keys(
    template: Field | None, items: tuple[Item, ...], buttons: tuple[Button, ...]
) -> list[tuple[KeyKind, Field]]:
    keys: list[tuple[KeyKind, Field]] = [("templates", template)] if template else []
    keys += [("items", item.key) for item in items if item.key]
    keys += [("buttons", button.key) for button in buttons if button.key]
    return keys


def _kind(form: Form, message: dict[str, Node]) -> Kind | None:
    if form in ("message", "container"):
        return "flexible"
    if form == "sinch":
        return "template"  # Sinch knows no other kind
    if "templateKey" in message or "messages" in message:
        return "template" if "templateKey" in message else "flexible"
    return "template" if form == "request" else None  # known by `body`, or by a key that is nearly `templateKey`


def _item(node: Node, path: Path, called: Names) -> Item:
    written = members(node)
    return Item(path, _field(written, called.item_key, path), _field(written, "content", path))


def _button(node: Node, path: Path, called: Names) -> Button:
    written = members(node)
    return Button(path, _field(written, called.button_key, path), _field(written, "url", path))


def _texts(node: Node | None, path: Path) -> tuple[Field, ...]:
    return tuple(Field(entry.value, (*path, index)) for index, entry in _entries(node) if isinstance(entry, Scalar))


def _field(written: dict[str, Node], name: str, path: Path) -> Field | None:
    node = written.get(name)
    return Field(node.value, (*path, name)) if isinstance(node, Scalar) else None


def _entries(node: Node | None) -> list[tuple[int, Node]]:
    return list(enumerate(node.value)) if isinstance(node, Sequence) else []


def may_hold_directives(text: str) -> bool:
    """Whether a text may hold a directive, rightly spelt or not: a key that begins with `$`. LINE has no such keys.

    Most texts have a `$` only in patterns. A loop over them is cheaper than a regular expression, which would have to be
    compiled at each start.
    """
    at = text.find("$")
    while at >= 0:
        end = at + 1
        if text.startswith(_PATTERN_ENDS, end):
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
