"""The typed message. Reading it never fails: what has the wrong shape is left out, the grammar has said so already."""

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
    """A spec, or a request body or a part of one as it stands (`is_spec` false): what is sent, each value with its path.

    `form` says what the document is: a spec, a request body of LINE's, one of Sinch's, one message object, or a Flex
    container. `kind` is None where a message is neither. `base` is the path of LINE's request body (or of the part of
    one) in the document, `contents` are those of all items.
    `expansion` is there where directives were worked out: then the document's nodes are what they came to.
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
    expansion: "Expansion | None" = None

    def all_items(self) -> tuple[Item, ...]:
        """The items as LINE counts them: the emphasized one belongs to them."""
        return (self.emphasized, *self.items) if self.emphasized else self.items

    def texts(self) -> list[Field]:
        """The texts of a template message that are filled for each person, and the delivery tag."""
        optional = [*(button.url for button in self.buttons), *self.units, self.delivery_tag]
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
    """What a document is to us; None for anything else. In a file that was `named` a part of a request body counts, too."""
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
    from pnpc.line.other_bodies import other_body  # of a few request bodies only this is not plain

    return other_body(root) is not None


def read(document: Document, form: Form | None = None) -> Notice:
    """The message of a document that has a form: `form`, if the caller has asked `form_of`."""
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
    return Notice(
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


def _catalog_keys(
    template: Field | None, items: tuple[Item, ...], buttons: tuple[Button, ...]
) -> list[tuple[KeyKind, Field]]:
    found: list[tuple[KeyKind, Field]] = [("templates", template)] if template else []
    found += [("items", item.key) for item in items if item.key]
    found += [("buttons", button.key) for button in buttons if button.key]
    return found


def _kind(form: Form, message: dict[str, Node]) -> Kind | None:
    if form in ("message", "container"):
        return "flexible"
    if form == "sinch":
        return "template"  # the only one that it has a type for
    if "templateKey" in message or "messages" in message:
        return "template" if "templateKey" in message else "flexible"
    return "template" if form == "request" else None  # known by `body`, or by a key that is nearly `templateKey`


def _item(node: Node, path: Path, called: Names) -> Item:
    found = members(node)
    return Item(path, _field(found, called.item_key, path), _field(found, "content", path))


def _button(node: Node, path: Path, called: Names) -> Button:
    found = members(node)
    return Button(path, _field(found, called.button_key, path), _field(found, "url", path))


def _texts(node: Node | None, path: Path) -> tuple[Field, ...]:
    return tuple(Field(one.value, (*path, index)) for index, one in _entries(node) if isinstance(one, Scalar))


def _field(found: dict[str, Node], name: str, path: Path) -> Field | None:
    node = found.get(name)
    return Field(node.value, (*path, name)) if isinstance(node, Scalar) else None


def _entries(node: Node | None) -> list[tuple[int, Node]]:
    return list(enumerate(node.value)) if isinstance(node, Sequence) else []
