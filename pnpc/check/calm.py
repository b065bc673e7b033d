"""A quick look, without Jinja2, at a spec's texts filled with its examples: for most no rule can report anything.

A wrong `False` only costs time, because `pnpc.check.examples` then fills the texts and runs the rules. A wrong `True`
would hide a mistake.
"""

from collections.abc import Iterator

from pnpc.language.expressions.expression import simple_parts
from pnpc.language.message.context import Context, demands
from pnpc.language.message.notice import SMS, TAG, Notice
from pnpc.language.proof.first_step import most_units
from pnpc.language.variables.declared import NOBODY, Declaration, declarations
from pnpc.line import policy
from pnpc.line.grammar.patterns import TooSlow, matcher
from pnpc.line.grammar.schema import Schema
from pnpc.text.path import Path

_LINKS = frozenset(("url", "uri", "linkUri", "desktop"))
_VALUES = ("example", "default", "const")
_LISTS = ("examples", "enum")
_MOST_FILLED = 256  # ways to fill one text that are looked at
_MOST_KNOWN = 4_096  # texts, and declarations for one text, that are remembered
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.~-")
# Braces and the like may look like an expression, and `$` marks a LINE emoji.
_SIGNS = ("{", "｛", "$", "<%")
_DATED = ("date", "time", "date-time")
# Places whose values other values of the message must agree with.
_COMPARED = frozenset(("initial", "max", "min"))
# Behind a filter a value takes at most this many times its bytes: `urlencode` and dates write more.
_GROWTH = 9
_ALWAYS_FITS = 40  # characters of a template's title or text that fit in every kind of template

# What the rules may report about a filled text: nothing, only an amount without a currency, anything.
_CALM, _BARE, _DOUBTFUL = "calm", "bare", "doubtful"

_Value = str | int
_OF_RECIPIENT: dict[str, _Value] = {f".{name}": value for name, value in NOBODY.items()}


class _Looked:
    """A text at a place: its parts, the names that it uses, and the verdicts by the declarations of these as written."""

    __slots__ = ("names", "parts", "verdicts")

    def __init__(self, parts: list[str], names: tuple[str, ...]) -> None:
        self.parts = parts
        self.names = names
        self.verdicts: dict[tuple[str, ...] | str, str] = {}


# By the text, the schema of its place, and the place: many specs of a project have the same texts.
_known: dict[tuple[object, ...], _Looked | None] = {}
_NOTHING = Declaration(None, None)


def is_calm(notice: Notice, context: Context) -> bool:
    """Whether no rule can report anything about a spec's texts filled with its own examples, defaults and lists."""
    asked = context.once(notice, demands)
    if notice.expansion is not None or "*" in notice.document.source.text:
        return False  # an alias may stand for something that is written elsewhere
    if notice.sms is not None and not _is_one_part(most_units(notice, notice.sms.text, context)):
        return False
    flexible = notice.kind == "flexible"
    if flexible and asked and (may_be_large(notice, context) or _has_places_in_texts(notice)):
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
        verdict = looked.verdicts.get(written)
        if verdict is None:
            verdict = looked.verdicts[written] = _look(looked, path, schema, declared)
        if verdict is not _CALM:
            if verdict is _DOUBTFUL:
                return False
            amounts = _amounts(notice) if amounts is None else amounts
            if path[:-1] in amounts:
                return False
    return True


def may_be_large(notice: Notice, context: Context) -> bool:
    """Whether filled values may make a Flex container large: each value wherever its name stands in a text."""
    from pnpc.line.limits import limits  # needed only for a flexible message with expressions
    from pnpc.rules.flexible.sizes import at_most

    longest = {name: _bytes(declared) for name, declared in context.once(notice, declarations).items()}
    longest["recipient"] = max(len(str(value)) for value in NOBODY.values())
    texts = [demand.text for demand in context.once(notice, demands)]
    filled = sum(text.count(name) * size for text in texts for name, size in longest.items())
    near: int = limits()["flexBytes"]["bubble"]["near"]
    return at_most(notice.document.source.text) + filled * _GROWTH > near


def _bytes(declared: Declaration) -> int:
    """The bytes of the largest value that a declaration gives."""
    schema = declared.schema or {}
    values = [schema[key] for key in _VALUES if key in schema]
    for key in _LISTS:
        values += schema[key] if isinstance(schema.get(key), list) else ()
    return max((len(str(value).encode("utf-8", "surrogatepass")) for value in values), default=0)


def _has_places_in_texts(notice: Notice) -> bool:
    """Whether other properties of a message name keys or positions of its text."""
    source = notice.document.source.text
    return "emojis" in source or "substitution" in source


def doubt(text: str, path: Path, schema: Schema, notice: Notice) -> object:
    """None if no rule may report anything about a filled text or the properties beside it. All texts that may lack a currency
    have the same doubt: a rule reports it once. Any other doubt is the text's own."""
    if _decides(path, schema) or (path[-1] == "text" and _has_places_in_texts(notice)):
        return (text,)
    verdict = _judged(text, path, schema)
    if verdict is _BARE:
        return _BARE if path[:-1] in _amounts(notice) else None
    return (text,) if verdict is _DOUBTFUL else None


def _decides(path: Path, schema: Schema) -> bool:
    """Whether other values of the message must agree with a value, or have an effect with some values only."""
    return schema.get("type") != "string" or "enum" in schema or path[-1] in _COMPARED


def _amounts(notice: Notice) -> list[Path]:
    """The paths of the items that hold an amount."""
    known = policy.facts().amounts
    return [field.path[:-1] for _, field in notice.catalog_keys if field.text.startswith(known)]


def _read(text: str, key: tuple[object, ...]) -> _Looked | None:
    """Read a text that is seen for the first time; None for one that only Jinja2 can read."""
    if len(_known) >= _MOST_KNOWN:
        _known.clear()
    parts = simple_parts(text)
    looked = None
    if parts is not None and not any(parts[2::4][at] and name != "recipient" for at, name in enumerate(parts[1::4])):
        looked = _Looked(parts, tuple(dict.fromkeys(parts[1::4])))
    _known[key] = looked
    return looked


def _values(declared: Declaration | None) -> tuple[_Value, ...] | None:
    """The texts and whole numbers that a declaration gives as values; None if it gives values of other types."""
    if declared is None or declared.schema is None:
        return ()
    schema = declared.schema
    values = [schema[key] for key in _VALUES if key in schema]
    for key in _LISTS:
        if key in schema:
            values += schema[key] if isinstance(schema[key], list) else ()
    for given in values:
        if given.__class__ is not str and given.__class__ is not int:
            return None
    return tuple(values)


def _look(looked: _Looked, path: Path, schema: Schema, declared: dict[str, Declaration]) -> str:
    """What the rules may report about a text for any of the values that the declarations give."""
    values = {name: _values(declared.get(name)) for name in looked.names if name != "recipient"}
    if len(looked.verdicts) >= _MOST_KNOWN:
        looked.verdicts.clear()
    if () in values.values():
        return _CALM  # it can't be filled
    if _decides(path, schema) or not _reads_dates(looked, declared):
        return _DOUBTFUL
    known = {name: some for name, some in values.items() if some}
    if len(known) < len(values):
        return _DOUBTFUL
    worst = _CALM
    for count, chosen in enumerate(_choices(known)):
        filled = _filled(looked.parts, chosen, in_link=path[-1] in _LINKS)
        if filled is None or count >= _MOST_FILLED:
            return _DOUBTFUL
        verdict = _judged(filled, path, schema)
        if verdict is _DOUBTFUL:
            return _DOUBTFUL
        worst = _BARE if verdict is _BARE else worst
    return worst


def _reads_dates(looked: _Looked, declared: dict[str, Declaration]) -> bool:
    """Whether each filter of dates and times gets one: the values of other texts may be none."""
    return all(
        ((declared.get(name) or _NOTHING).schema or {}).get("format") in _DATED
        for name, filters in zip(looked.parts[1::4], looked.parts[3::4], strict=True)
        if "date" in filters or "time" in filters
    )


def _choices(known: dict[str, tuple[_Value, ...]]) -> Iterator[dict[str, _Value]]:
    """The first value of each variable; then each other value together with the first ones of the other variables."""
    first = {name: some[0] for name, some in known.items()}
    yield first
    for name, some in known.items():
        for other in some[1:]:
            yield {**first, name: other}


def _filled(parts: list[str], chosen: dict[str, _Value], *, in_link: bool) -> str | None:
    """A filled text, in which dates and times are only a digit; None if it is not known without Jinja2."""
    filled = parts[0]
    for at in range(1, len(parts), 4):
        name, attributes, filters, literal = parts[at : at + 4]
        value: _Value | None = _OF_RECIPIENT.get(attributes) if name == "recipient" else chosen.get(name)
        written = _written(value, filters, in_link=in_link) if value is not None else None
        if written is None:
            return None
        filled += written + literal
    return filled


def _written(value: _Value, filters: str, *, in_link: bool) -> str | None:
    """A value after its filters; None if that is not known without Jinja2."""
    text = str(value)
    for call in filters.split("|")[1:]:
        name, _, rest = call.strip().partition("(")
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
    """What the rules may report about a filled text."""
    if not _is_allowed(text, path, schema):
        return _DOUBTFUL
    if path[-1] in _LINKS:
        return _CALM if _is_usual_link(text) else _DOUBTFUL
    if path == SMS:
        return _CALM if _is_one_part(2 * len(text)) and not any(sign in text for sign in _SIGNS) else _DOUBTFUL
    if not text.isprintable() and not text.replace("\u3000", "").isprintable():
        return _DOUBTFUL
    from pnpc.rules.shared.blanks import is_blank  # needed only for a text with expressions

    folded = policy.fold(text)
    if any(sign in text for sign in _SIGNS) or "http" in folded or is_blank(text):
        return _DOUBTFUL
    if ("template" in path and len(text) > _ALWAYS_FITS) or policy.may_advertise([text]):
        return _DOUBTFUL
    if path[-1] != "content" or not any(letter.isdigit() for letter in folded):
        return _CALM
    return _CALM if any(word in folded for word in policy.facts().currencies) else _BARE


def _is_one_part(units: float) -> bool:
    """Whether a text with this number of UTF-16 units is one SMS, whatever its alphabet: then no rule has to count parts."""
    from pnpc.line.sms import ucs2  # few specs have a text for SMS

    return units <= ucs2().single


def _is_usual_link(text: str) -> bool:
    from pnpc.rules.shared.content import OF_LINKS, is_plain_link  # needed only for a link with expressions

    return is_plain_link(text) or not OF_LINKS.is_doubtful(text)


def _is_allowed(text: str, path: Path, schema: Schema) -> bool:
    """Whether a text certainly satisfies the grammar, apart from its length, which is proved."""
    if "const" in schema or ("enum" in schema and text not in schema["enum"]):
        return False
    if "format" in schema:
        from pnpc.rules.shared.content import is_plain_link  # needed only for a link with expressions

        return schema["format"] == "uri" and "pattern" not in schema and is_plain_link(text)
    if path == TAG and text.isascii() and text.isprintable() and text.strip() == text:
        return True  # true for most tags, and the pattern need not be compiled
    try:
        return "pattern" not in schema or matcher(schema["pattern"])(text)
    except TooSlow:
        return False
