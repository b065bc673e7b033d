"""Gates: cheap questions that show whether a rule can find anything in a message.

A rule behind a closed gate costs nothing: it is not run, and its file is not loaded. Most messages are clean.
"""

from collections.abc import Callable

from pnpc.language.message.context import Context, demands
from pnpc.language.message.notice import Notice
from pnpc.language.proof.first_step import is_proved
from pnpc.language.variables.declared import RESERVED, declarations
from pnpc.language.variables.used_names import reads

_CENTURIES = ("19", "20", "21")  # years that begin so are plausible; the rule knows the exact limits
_VALUES = ("example", "default", "const", "enum")

Gate = Callable[[Notice, Context], object]
# The gate of the rules that look at nothing but the text of the fallback.
FALLBACK = "fallback"


def _repeated_keys(notice: Notice, _context: Context) -> bool:
    keys = [field.text for _, field in notice.catalog_keys]
    return len(set(keys)) != len(keys)


def _cut_text(notice: Notice, _context: Context) -> bool:
    """Whether a `#` stands after a tab, or after a space and before a character that is not a space."""
    text = notice.document.source.text
    at = text.find("#", 1)
    while at >= 0:
        before = text[at - 1]
        if before == "\t" or (before == " " and text[at + 1 : at + 2].strip()):
            return True
        at = text.find("#", at + 1)
    return False


def _separators(notice: Notice, _context: Context) -> bool:
    text = notice.document.source.text
    return not text.isascii() and ("\x85" in text or "\u2028" in text or "\u2029" in text)


def _flexible(gate: Gate) -> Gate:
    """A gate for flexible messages only: template messages need nothing of what it loads."""
    return lambda notice, context: notice.kind == "flexible" and gate(notice, context)


def _object(role: str, type: str | None = None) -> Gate:
    """A gate: whether a flexible message has an object of this role (and type)."""

    def gate(notice: Notice, context: Context) -> object:
        from pnpc.language.message.objects import objects  # not needed for template messages

        return objects(notice, context).of(role, type)

    return _flexible(gate)


def _has_plain_links(notice: Notice, context: Context) -> bool:
    """Whether no rule about links can find anything: true for most template messages, and quick to see."""
    from pnpc.rules.shared.content import has_plain_links  # a message without links and texts does not need it

    return notice.kind == "template" and context.once(notice, has_plain_links)


def _urls(notice: Notice, context: Context) -> object:
    if _has_plain_links(notice, context):
        return False
    from pnpc.rules.shared.urls import doubtful  # needed only if a link is not plain

    return doubtful(notice, context)


def _sizes(notice: Notice, context: Context) -> object:
    from pnpc.rules.flexible.sizes import large  # needed for flexible messages only

    return large(notice, context)


def _unreviewed(notice: Notice, context: Context) -> bool:
    if context.approvals is None or notice.kind != "flexible" or notice.expansion is not None:
        return False  # LINE reviewed the layout as it is written, not one of its cases
    from pnpc.language.review.approval import review  # needed for flexible specs only

    reviewed = review(notice, context)
    return reviewed is not None and (reviewed.approval is None or bool(reviewed.changes))


def _media(notice: Notice, context: Context) -> object:
    from pnpc.rules.shared.media import surface  # needed for flexible messages only

    return surface(notice, context).media


def _chat_links(notice: Notice, context: Context) -> object:
    from pnpc.rules.shared.media import reader  # needed for flexible messages only

    return reader(notice, context).chats


def _media_links(notice: Notice, context: Context) -> object:
    if _has_plain_links(notice, context):
        return False
    from pnpc.rules.shared.media import media_links  # needed only if a link is not plain

    return media_links(notice, context)


def _advertising(notice: Notice, context: Context) -> object:
    from pnpc.rules.shared.content import advertises  # a document without a message does not need it

    return advertises(notice, context)


def _links(notice: Notice, context: Context) -> object:
    if _has_plain_links(notice, context):
        return False
    from pnpc.rules.shared.content import doubtful_links  # needed only if a link is not plain

    return doubtful_links(notice, context)


def _blanks(notice: Notice, context: Context) -> object:
    from pnpc.rules.shared.blanks import blank  # a document without a message does not need it

    return blank(notice, context)


def _lookalikes(notice: Notice, context: Context) -> object:
    """Whether a text may have a brace outside `{{ }}`, or another opening; all texts are searched at once."""
    if notice.kind == "template":
        text = "\n".join([content.text for content in notice.contents])
    else:
        from pnpc.rules.shared.media import reader

        text = "\n".join([field.text for field in reader(notice, context).texts])
    if notice.delivery_tag is not None:
        text += "\n" + notice.delivery_tag.text
    if notice.sms is not None:
        text += "\n" + notice.sms.text
    braces = text.count("{")
    plain = braces == 2 * text.count("{{") == text.count("}") if notice.is_spec else not braces
    if plain and not any(sign in text for sign in "%$<") and "[[" not in text and (text.isascii() or "｛" not in text):
        return False
    from pnpc.rules.expressions.lookalikes import may_have  # needed only for odd braces, or another opening

    return may_have(notice, context)


def _filled_urls(notice: Notice, context: Context) -> object:
    """Whether a link has an expression that is not encoded."""
    if not notice.variables:
        return False
    if _has_plain_links(notice, context):
        links = [button.url.text for button in notice.buttons if button.url is not None]
    else:
        from pnpc.rules.shared.media import reader

        read = reader(notice, context)
        links = [link.text for link in (*read.links, *read.chats, *read.quoted)]
    if all(map(_is_encoded, links)):
        return False
    from pnpc.rules.expressions.filled_urls import may_break  # needed only for an expression that is not encoded

    return may_break(notice, context)


def _is_encoded(text: str) -> bool:
    """Whether each expression of a link has `| urlencode`, as far as can be seen without parsing it."""
    return "{{" not in text or all("| urlencode" in rest.partition("}}")[0] for rest in text.split("{{")[1:])


def _numbered_rows(notice: Notice, _context: Context) -> bool:
    """A delivery tag or a unit that may hold the row's number."""
    tag = notice.delivery_tag
    return (tag is not None and "index" in tag.text) or any("index" in unit.text for unit in notice.units)


def _wrong_declarations(notice: Notice, context: Context) -> bool:
    return any(declared.wrong for declared in context.once(notice, declarations).values())


def _odd_dates(notice: Notice, context: Context) -> bool:
    """Whether a variable with dates has a value that is not a text with a year of _CENTURIES."""
    for declared in context.once(notice, declarations).values():
        if declared.has_dates and declared.schema:
            for name in _VALUES:
                value = declared.schema.get(name)
                if value is not None and (value.__class__ is not str or value[:2] not in _CENTURIES):
                    return True
    return False


def _amounts(notice: Notice, context: Context) -> object:
    from pnpc.rules.shared.content import bare_amounts  # a document without a message does not need it

    return bare_amounts(notice, context)


def _doubts(notice: Notice, context: Context) -> object:
    asked = context.once(notice, demands)
    if not asked or is_proved(notice, asked, context):
        return False
    from pnpc.language.proof.prove import doubts  # needed only if the quick proof fails

    return doubts(notice, context)


GATES: dict[str, Gate] = {
    "always": lambda _notice, _context: True,
    "template": lambda notice, _context: notice.kind == "template",
    "flexible": lambda notice, _context: notice.kind == "flexible",
    "components": _object("component"),
    "Flex texts": _object("component", "text"),
    "Flex carousels": _object("container", "carousel"),
    "bubbles": _object("container", "bubble"),
    "templates": _object("template"),
    "column templates": _object("template", "carousel"),
    "braces": _object("message", "textV2"),
    "LINE emoji": _object("emoji"),
    "pickers": _object("action", "datetimepicker"),
    "postbacks": _object("action", "postback"),
    "URLs": _urls,
    "large Flex": _flexible(_sizes),
    "review": _unreviewed,
    "media": _flexible(_media),
    "links in chats": _flexible(_chat_links),
    "links to media": _media_links,
    "advertising": _advertising,
    "doubtful links": _links,
    "bare amounts": _amounts,
    "blank texts": _blanks,
    "lookalikes": _lookalikes,
    "filled URLs": _filled_urls,
    "filled units": lambda notice, _context: notice.is_spec and any("{{" in unit.text for unit in notice.units),
    "variables": lambda notice, _context: notice.variables,
    "wrong declarations": _wrong_declarations,
    "reserved variables": lambda notice, _context: not RESERVED.keys().isdisjoint(notice.variables),
    "dated variables": _odd_dates,
    "numbered rows": _numbered_rows,
    "keys": lambda notice, context: context.doubtful_keys(notice),
    "repeated keys": _repeated_keys,
    "expressions": lambda notice, context: reads(notice, context).doubtful,
    "idle variables": lambda notice, context: not notice.variables.keys() <= reads(notice, context).used,
    "doubtful lengths": _doubts,
    FALLBACK: lambda notice, _context: notice.sms is not None,
    "recipient": lambda notice, _context: notice.is_spec and notice.to is not None,
    "cut text": _cut_text,
    "separators": _separators,
}


# Gates of the rules that look at the text of the fallback; what else may be wrong with it, the grammar and the proof tell.
OF_FALLBACK = (FALLBACK, "lookalikes")
# Gates that are always closed for template messages.
_FLEXIBLE_ONLY = frozenset(
    ("flexible", "components", "Flex texts", "Flex carousels", "bubbles", "templates", "column templates", "braces")
    + ("LINE emoji", "pickers", "postbacks", "large Flex", "media", "links in chats")
)
_NOT_FLEXIBLE = tuple((name, gate) for name, gate in GATES.items() if name not in _FLEXIBLE_ONLY)
# Gates about specs: a request body that is made from a row has nothing for them.
OF_SPECS = frozenset(
    ("review", "variables", "keys", "expressions", "idle variables", "doubtful lengths", "recipient", "cut text")
    + (
        "separators",
        "wrong declarations",
        "reserved variables",
        "dated variables",
        "filled URLs",
        "filled units",
        "numbered rows",
    )
)


def opened(notice: Notice, context: Context) -> tuple[str, ...]:
    """The names of the gates that are open for a message."""
    gates = GATES.items() if notice.kind == "flexible" else _NOT_FLEXIBLE
    return tuple([name for name, gate in gates if gate(notice, context)])


def opened_by_values(notice: Notice, context: Context) -> tuple[str, ...]:
    """The names of the gates that are open for a message filled from a row."""
    return tuple([name for name in of_values(notice) if GATES[name](notice, context)])


def of_values(notice: Notice) -> tuple[str, ...]:
    """The names of the gates that values of rows may open, in a message of this kind."""
    return _OF_VALUES if notice.kind == "flexible" else _OF_TEMPLATE_VALUES


_OF_VALUES = tuple(name for name in GATES if name not in OF_SPECS)
_OF_TEMPLATE_VALUES = tuple(name for name in _OF_VALUES if name not in _FLEXIBLE_ONLY)
