"""The objects of a flexible message, found once for all rules, each with its role and type.

The walk finds every object, a broken, misplaced or unknown one, too, with its type as written, and never raises. What is
wrong with an object is for the grammar and the rules to say.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.text.document import Mapping, Node, Scalar, Sequence
from pnpc.text.finding import Place
from pnpc.text.members import members
from pnpc.text.path import Path
from pnpc.text.values import BOOLEANS, NULLS

Result = TypeVar("Result")
BLOCKS = ("header", "hero", "body", "footer")

# What an object is, by its parent's role and the property that it stands under.
_ROLES = {
    ("request", "messages"): "message",
    ("message", "template"): "template",
    ("message", "contents"): "container",
    ("message", "quickReply"): "quickReply",
    ("message", "sender"): "sender",
    ("message", "emojis"): "emoji",
    ("message", "substitution"): "substitutions",
    ("message", "actions"): "action",
    ("message", "video"): "video",
    ("video", "externalLink"): "link",
    ("video", "area"): "area",
    ("message", "baseSize"): "size",
    ("substitutions", ""): "substitution",
    ("substitution", "mentionee"): "mentionee",
    ("quickReply", "items"): "item",
    ("item", "action"): "action",
    ("template", "columns"): "column",
    ("template", "actions"): "action",
    ("template", "defaultAction"): "action",
    ("column", "actions"): "action",
    ("column", "defaultAction"): "action",
    ("column", "action"): "action",
    **{("container", block): "component" for block in BLOCKS},
    ("container", "contents"): "container",
    ("container", "styles"): "styles",
    ("container", "action"): "action",
    **{("styles", block): "style" for block in BLOCKS},
    ("component", "contents"): "component",
    ("component", "altContent"): "component",
    ("component", "background"): "background",
    ("component", "action"): "action",
    ("action", "altUri"): "altUri",
    ("action", "area"): "area",
}
_PLACES = {"container": "flex", "quickReply": "quickReply", "template": "template"}
_OWN_PLACES = {
    "template": "image_carousel",
    "message": "imagemap",
}  # types that are a place, by the role of their object
_CONTAINERS = ("bubble", "carousel")


class Object:
    """One object of a message, wherever it stands and whatever is wrong with it.

    - `role`: what it is by where it stands: message, template, column, container, component, action, quickReply,
      item (of a quick reply), sender, emoji, substitution, mentionee, background, styles, style, video (of an
      imagemap), link, area, size, altUri, request (the body around the messages); `other` under a property that LINE
      does not know, and beside the messages.
    - `type`: its `type` as written; empty if it has none, or one that is not a text.
    - `node`, `members`, `path`: its YAML node, its members by name (a `null` one included), its path in the document.
    - `parent`: the object that holds it (None for what the walk began with), `slot` the parent's property that it
      stands under, `index` its place in that property's list (None where it stands alone).
    - `place`: what LINE's limits depend on: flex, template, image_carousel, imagemap, quickReply; empty elsewhere.
    - `filled`: whether `{{ … }}` in its texts is an expression, as in a spec; in a request body it is plain text.
    """

    __slots__ = ("filled", "index", "members", "node", "parent", "path", "place", "role", "slot", "type")

    def __init__(
        self,
        node: Mapping,
        path: Path,
        role: str,
        parent: "Object | None" = None,
        slot: str = "",
        index: int | None = None,
        *,
        filled: bool,
    ) -> None:
        self.filled = filled
        self.node = node
        self.path = path
        self.role = role
        self.parent = parent
        self.slot = slot
        self.index = index
        self.members = members(node)
        written = self.members.get("type")
        self.type: str = written.value if isinstance(written, Scalar) else ""
        outside: str = parent.place if parent is not None else ""
        self.place: str = self.type if _OWN_PLACES.get(role) == self.type else _PLACES.get(role, outside)

    def has(self, name: str) -> bool:
        """Whether a property is given; one with `null` is not, as LINE sees it, too."""
        node = self.members.get(name)
        return node is not None and not (isinstance(node, Scalar) and not node.style and node.value in NULLS)

    def text(self, name: str) -> str | None:
        """A property's text as written, expressions included; None where it is missing, `null`, or not a scalar."""
        node = self.members.get(name)
        if node.__class__ is not Scalar or (not node.style and node.value in NULLS):
            return None
        text: str = node.value
        return text

    def fixed(self, name: str) -> str | None:
        """A property's text if no expression fills it; None also for one with an expression."""
        text = self.text(name)
        return None if text is not None and self.filled and "{{" in text else text

    def is_true(self, name: str) -> bool:
        """Whether a property is the boolean `true`."""
        node = self.members.get(name)
        return isinstance(node, Scalar) and not node.style and BOOLEANS.get(node.value) is True

    def nodes(self, name: str) -> list[Node] | None:
        """The nodes of a property that is a list, else None."""
        node = self.members.get(name)
        return node.value if isinstance(node, Sequence) else None

    def at(self, *steps: str | int) -> Place:
        """The place of a property, or of something below it; without steps the object itself."""
        return Place((*self.path, *steps))

    def key(self, name: str) -> Place:
        """The place of a property's name."""
        return Place((*self.path, name), "key")

    def ancestor(self, role: str) -> "Object | None":
        """The nearest object around this one that has a role."""
        outer = self.parent
        while outer is not None and outer.role != role:
            outer = outer.parent
        return outer


class Loose(NamedTuple):
    """A scalar in a list, under a property `slot`."""

    slot: str
    node: Scalar
    path: Path


class Walk:
    """One walk and what it has found: objects in the order of the text, and scalars in lists."""

    def __init__(self, *, filled: bool) -> None:
        self.filled = filled
        self.objects: list[Object] = []
        self.loose: list[Loose] = []

    def visit(
        self, node: Node, path: Path, role: str, parent: Object | None = None, slot: str = "", index: int | None = None
    ) -> None:
        """Add an object and those below it; or the objects of a list, and of lists inside it."""
        if node.__class__ is Mapping:
            object = Object(node, path, role, parent, slot, index, filled=self.filled)
            self.objects.append(object)
            for name, value in object.members.items():
                if value.__class__ is not Scalar:
                    self.visit(value, (*path, name), _role(object, name), object, name)
        elif node.__class__ is Sequence:
            for number, item in enumerate(node.value):
                if item.__class__ is Scalar:
                    self.loose.append(Loose(slot, item, (*path, number)))
                else:
                    self.visit(item, (*path, number), role, parent, slot, number)


class Objects:
    """All objects of a message in the order of the text; those of a role, and of a role and type, are looked up."""

    def __init__(self, notice: Notice, walk: Walk) -> None:
        self.notice = notice
        self.walk = walk
        self._by_role: dict[str, list[Object]] = defaultdict(list)
        self._by_type: dict[tuple[str, str], list[Object]] = defaultdict(list)
        self._below: dict[Object, list[Object]] = defaultdict(list)
        self._results: dict[Any, Any] = {}
        for object in walk.objects:
            self._by_role[object.role].append(object)
            self._by_type[object.role, object.type].append(object)
            if object.parent is not None:
                self._below[object.parent].append(object)

    def of(self, role: str, type: str | None = None) -> list[Object]:
        """The objects of a role, or of a role and a type as written."""
        return self._by_role.get(role, []) if type is None else self._by_type.get((role, type), [])

    def below(self, object: Object, slot: str | None = None) -> list[Object]:
        """The objects that stand directly in another, or in one property of it."""
        children = self._below.get(object, [])
        return children if slot is None else [child for child in children if child.slot == slot]

    def boxes(self) -> list[Object]:
        """The Flex boxes, with those that stand in the place of a container because the bubble was forgotten."""
        return [*self.of("component", "box"), *self.of("container", "box")]

    def once(self, work: "Callable[[Objects], Result]") -> Result:
        """The result of `work` for these objects, worked out when it is first asked for: several rules share it."""
        if work not in self._results:
            self._results[work] = work(self)
        result: Result = self._results[work]
        return result


def objects(notice: Notice, context: Context) -> Objects:
    """The objects of a notice, walked once for all rules; none for the template kind."""
    return context.once(notice, read)


def read(notice: Notice) -> Objects:
    """The objects of a notice: of its `messages`, or of a document that is one message object or a Flex container."""
    if notice.kind != "flexible":
        return Objects(notice, Walk(filled=notice.is_spec))
    return Objects(notice, walk(notice.tree.node(notice.base), notice.base, filled=notice.is_spec))


def walk(node: Node | None, path: Path, *, filled: bool) -> Walk:
    """Walk over a request body's messages, a message object, or a Flex container that stands at a path.

    `filled`: whether `{{ … }}` in a text is an expression.
    """
    met = Walk(filled=filled)
    request = members(node)
    if "messages" in request:
        met.visit(request["messages"], (*path, "messages"), "message", slot="messages")
    elif isinstance(node, Mapping):
        written = request.get("type")
        is_container = isinstance(written, Scalar) and written.value in _CONTAINERS
        met.visit(node, path, "container" if is_container else "message")
    return met


def around(notice: Notice) -> Walk:
    """Walk over a request body (an object of the role `request`) and everything in it but the messages."""
    met = Walk(filled=notice.is_spec)
    node = notice.tree.node(notice.base)
    if not isinstance(node, Mapping) or (notice.kind == "flexible" and "messages" not in members(node)):
        return met
    body = Object(node, notice.base, "request", filled=notice.is_spec)
    met.objects.append(body)
    for name, value in body.members.items():
        if name != "messages":
            met.visit(value, (*notice.base, name), "other", slot=name)
    return met


def under(object: Object, name: str, node: Node) -> Walk:
    """Walk over a value that is not among an object's members: its key is written again later, or is not a text."""
    met = Walk(filled=object.filled)
    met.visit(node, (*object.path, name), _role(object, name), object, name)
    return met


def _role(parent: Object, slot: str) -> str:
    role = parent.role
    if role == "container" and slot == "contents" and parent.type != "carousel":
        return "component"
    return _ROLES.get((role, "" if role == "substitutions" else slot), "other")
