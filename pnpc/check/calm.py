"""A look at what a spec's examples make of its texts, without Jinja2: of most no rule can have anything to say.

False only costs time: then `pnpc.check.examples` fills the texts, and the rules are asked.
"""

from collections.abc import Iterator

from pnpc.language.expressions.expression import simple_parts
from pnpc.language.message.context import Context, demands
from pnpc.language.message.notice import TAG, Notice
from pnpc.language.variables.declared import NOBODY, Declaration, declarations
from pnpc.line import policy
from pnpc.line.grammar.patterns import TooSlow, matcher
from pnpc.line.grammar.schema import Schema
from pnpc.text.path import Path

_LINKS = frozenset(("url", "uri", "linkUri", "desktop"))
_VALUES = ("example", "default", "const")
_LISTS = ("examples", "enum")
_MOST_FILLED = 256  # ways to fill one text that are looked at
_MOST_KNOWN = 4_096
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.~-")
# Braces and the like may look like an expression, `$` marks an emoji of LINE's.
_SIGNS = ("{", "｛", "$", "<%")
# Places whose values other values of the message must agree with.
_COMPARED = frozenset(("initial", "max", "min"))
_ALWAYS_FITS = 40  # characters of a template's title or text, whatever stands beside it

# What the rules may say of a filled text: nothing, that an amount has no currency, anything.
_CALM, _BARE, _DOUBTFUL = "calm", "bare", "doubtful"

_Value = str | int
_OF_RECIPIENT: dict[str, _Value] = {f".{name}": value for name, value in NOBODY.items()}


class _Looked:
    """A text at a place, the names that it uses, and what was found for the declarations of these, as they are written."""

    __slots__ = ("found", "names", "parts")

    def __init__(self, parts: list[str], names: tuple[str, ...]) -> None:
        self.parts = parts
        self.names = names
        self.found: dict[tuple[str, ...] | str, str] = {}


# By the text, the schema of its place, and the place: the same texts stand in many specs of a project.
_known: dict[tuple[object, ...], _Looked | None] = {}
_NOTHING = Declaration(None, None)


def is_calm(notice: Notice, context: Context) -> bool:
    """Whether no rule can have anything to say of the texts of a spec that its own examples, defaults and lists fill."""
    asked = context.once(notice, demands)
    if notice.expansion is not None or "*" in notice.document.source.text:
        return False  # an alias may mean what is written elsewhere
    flexible = notice.kind == "flexible"
    if flexible and asked and may_be_large(notice):
        return False
    declared = context.once(notice, declarations)
    amounts = None
    for path, text, schema in asked:
        key = (text, id(schema), path[-1], flexible and "template" in path)
        looked = _known[key] if key in _known else _read(text, key)
        if looked is None:
            return False
        names = looked.names
        written = (
            declared.get(names[0], _NOTHING).written
            if len(names) == 1
            else tuple([declared.get(name, _NOTHING).written for name in names])
        )
        found = looked.found.get(written)
        if found is None:
            found = looked.found[written] = _look(looked, path, schema, declared)
        if found is not _CALM:
            if found is _DOUBTFUL:
                return False
            amounts = _amounts(notice) if amounts is None else amounts
            if path[:-1] in amounts:
                return False
    return True


def may_be_large(notice: Notice) -> bool:
    """Whether what is filled in may make a Flex container large."""
    from pnpc.line.limits import limits
    from pnpc.rules.flexible.sizes import at_most

    near: int = limits()["flexBytes"]["bubble"]["near"]
    return at_most(notice.document.source.text) * 2 > near


def is_doubtful(text: str, path: Path, schema: Schema, notice: Notice) -> bool:
    """Whether a rule may have something to say of a filled text."""
    if schema.get("type") != "string" or path[-1] in _COMPARED:
        return True
    found = _judged(text, path, schema)
    return found is _DOUBTFUL or (found is _BARE and path[:-1] in _amounts(notice))


def _amounts(notice: Notice) -> list[Path]:
    """The paths of the items that hold an amount."""
    known = policy.facts().amounts
    return [field.path[:-1] for _, field in notice.catalog_keys if field.text.startswith(known)]


def _read(text: str, key: tuple[object, ...]) -> _Looked | None:
    """A text that is seen for the first time; None for one that takes Jinja2 to read."""
    if len(_known) >= _MOST_KNOWN:
        _known.clear()
    parts = simple_parts(text)
    found = None
    if parts is not None and not any(parts[2::4][at] and name != "recipient" for at, name in enumerate(parts[1::4])):
        found = _Looked(parts, tuple(dict.fromkeys(parts[1::4])))
    _known[key] = found
    return found


def _values(declared: Declaration | None) -> tuple[_Value, ...] | None:
    """What a declaration itself gives as values, texts and whole numbers; None if it gives others."""
    if declared is None or declared.schema is None:
        return ()
    schema = declared.schema
    found = [schema[key] for key in _VALUES if key in schema]
    for key in _LISTS:
        if key in schema:
            found += schema[key] if isinstance(schema[key], list) else ()
    for value in found:
        if value.__class__ is not str and value.__class__ is not int:
            return None
    return tuple(found)


def _look(looked: _Looked, path: Path, schema: Schema, declared: dict[str, Declaration]) -> str:
    """What the rules may say of a text for any of the values that the declarations give."""
    values = {name: _values(declared.get(name)) for name in looked.names if name != "recipient"}
    if len(looked.found) >= _MOST_KNOWN:
        looked.found.clear()
    if () in values.values():
        return _CALM  # it can't be filled
    if schema.get("type") != "string" or path[-1] in _COMPARED:
        return _DOUBTFUL
    known = {name: some for name, some in values.items() if some}
    if len(known) < len(values):
        return _DOUBTFUL
    worst = _CALM
    for count, chosen in enumerate(_choices(known)):
        filled = _filled(looked.parts, chosen, in_link=path[-1] in _LINKS)
        if filled is None or count >= _MOST_FILLED:
            return _DOUBTFUL
        found = _judged(filled, path, schema)
        if found is _DOUBTFUL:
            return _DOUBTFUL
        worst = _BARE if found is _BARE else worst
    return worst


def _choices(known: dict[str, tuple[_Value, ...]]) -> Iterator[dict[str, _Value]]:
    """The first value of each variable, then each other one by itself."""
    first = {name: some[0] for name, some in known.items()}
    yield first
    for name, some in known.items():
        for other in some[1:]:
            yield {**first, name: other}


def _filled(parts: list[str], chosen: dict[str, _Value], *, in_link: bool) -> str | None:
    """A text as it is filled, but for dates and times, which are digits here; None where that is not known."""
    found = parts[0]
    for at in range(1, len(parts), 4):
        name, attributes, filters, literal = parts[at : at + 4]
        value: _Value | None = _OF_RECIPIENT.get(attributes) if name == "recipient" else chosen.get(name)
        written = _written(value, filters, in_link=in_link) if value is not None else None
        if written is None:
            return None
        found += written + literal
    return found


def _written(value: _Value, filters: str, *, in_link: bool) -> str | None:
    """A value behind its filters."""
    text = str(value)
    for one in filters.split("|")[1:]:
        name, _, rest = one.strip().partition("(")
        given = rest.removesuffix(")").strip()
        match name.rstrip():
            case "urlencode" if not given:
                text = "".join(letter if letter in _UNRESERVED else _encoded(letter, in_link) for letter in text)
            case "truncate" if given.isdecimal() and 2 * len(text) <= int(given):
                pass
            case "date" | "time" if not in_link:
                text = "0"
            case "number" if not in_link and isinstance(value, int):
                text = f"{value:,}"
            case "currency" if not in_link and isinstance(value, int):
                text = f"{value:,}円"
            case _:
                return None
    return text


def _encoded(letter: str, in_link: bool) -> str:
    return "x" if in_link else "".join(f"%{byte:02X}" for byte in letter.encode())


def _judged(text: str, path: Path, schema: Schema) -> str:
    """What the rules may say of a filled text."""
    if not _is_allowed(text, path, schema):
        return _DOUBTFUL
    if path[-1] in _LINKS:
        return _CALM if _is_usual_link(text) else _DOUBTFUL
    if not text.isprintable() and not text.replace("\u3000", "").isprintable():
        return _DOUBTFUL
    from pnpc.rules.shared.blanks import is_blank

    folded = policy.fold(text)
    if any(sign in text for sign in _SIGNS) or "http" in folded or is_blank(text):
        return _DOUBTFUL
    if ("template" in path and len(text) > _ALWAYS_FITS) or policy.may_advertise([text]):
        return _DOUBTFUL
    if path[-1] != "content" or not any(letter.isdigit() for letter in folded):
        return _CALM
    return _CALM if any(word in folded for word in policy.facts().currencies) else _BARE


def _is_usual_link(text: str) -> bool:
    from pnpc.rules.shared.content import OF_LINKS, is_plain_link

    return is_plain_link(text) or not OF_LINKS.is_doubtful(text)


def _is_allowed(text: str, path: Path, schema: Schema) -> bool:
    """Whether a text surely satisfies what the grammar asks of it beside its length, which is proved."""
    if "const" in schema or ("enum" in schema and text not in schema["enum"]):
        return False
    if "format" in schema:
        from pnpc.rules.shared.content import is_plain_link

        return schema["format"] == "uri" and "pattern" not in schema and is_plain_link(text)
    if path == TAG and text.isascii() and text.isprintable() and text.strip() == text:
        return True  # most tags, for which no pattern need be made ready
    try:
        return "pattern" not in schema or matcher(schema["pattern"])(text)
    except TooSlow:
        return False
