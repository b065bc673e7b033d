"""The findings about broken keywords of the grammar: one finding for one mistake."""

from typing import Any

from pnpc.line.grammar.run import TYPE_NOUNS
from pnpc.text.document import Mapping, Node, Scalar, Sequence, end, start
from pnpc.text.finding import BrokenKeyword, Edit, Finding, Fix, Place
from pnpc.text.path import Path
from pnpc.text.source import Span
from pnpc.text.suggest import did_you_mean, near, nearest, one_edit
from pnpc.text.values import BOOLEANS, INTEGER, NULLS, NUMBER, is_plain, trap
from pnpc.text.wording import MOST_SHOWN, NOTHING, Quote, Said, Subject, as_written, joined_by_or, says

# The rule that a keyword's finding belongs to, unless the schema names another with `x-rule`.
DEFAULT_RULES = {
    "additionalProperties": "unknown-key",
    "propertyNames": "bad-name",
    "required": "missing-key",
    "type": "wrong-type",
    "enum": "value-not-allowed",
    "const": "value-not-allowed",
    "pattern": "bad-format",
    "uniqueItems": "out-of-range",
}
UNITS = {
    "utf16": says("UTF-16 units"), "grapheme": says("visible characters"), "codepoint": says("code points"),
}  # fmt: skip
_MOST_VALUES = 8  # of a list that is shown in full
_WORTH_COMPARING = 60  # characters; a longer text is not a misspelt key


def rule_of(schema: dict[str, Any], keyword: str) -> str:
    """The name of the rule under which a broken `keyword` of `schema` is reported."""
    named: dict[str, str] = schema.get("x-rule", {})
    return named.get(keyword) or DEFAULT_RULES.get(keyword, "out-of-range")


def _rule_of_unknown(schema: dict[str, Any], keyword: str, close: list[str]) -> str:
    """The name of the rule for a name that a schema does not list; `close` are the listed names that are near it."""
    return rule_of(schema, "unlisted" if _may_be_new(schema, close) else keyword)


def _may_be_new(schema: dict[str, Any], close: list[str]) -> bool:
    """Whether a name may be newer than the schema's list: it is not misspelt, and `x-rule` has a rule for `unlisted`."""
    return not close and "unlisted" in schema.get("x-rule", {})


def wrong_type(schema: dict[str, Any], node: Node, path: Path, *, json: bool) -> Finding:
    """A node of another type than the schema's; if it is an expression without quotes, the finding says so.

    `json`: the document is JSON, where a number without quotes is not text.
    """
    expected = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    wanted = joined_by_or([TYPE_NOUNS[name] for name in expected])
    if isinstance(node, Mapping):
        from pnpc.line.grammar.unquoted import unquoted  # needed only for a mistake

        if (expression := unquoted(node)) is not None:
            return expression
    fix = None
    if isinstance(node, Scalar) and "string" in expected and is_plain(node) and node.value not in NULLS:
        # `null` is hardly meant as text, and `1.50` may be meant as 1.5: only for a whole number is the fix safe.
        safe = INTEGER.fullmatch(node.value) is not None
        fix = Fix(says("quote it"), (Edit(Place(path), _quoted(node.value), node.value),), safe)
    if isinstance(node, Scalar) and not is_plain(node) and _is_bare(node.value, expected):
        fix = Fix(says("remove the quotes"), (Edit(Place(path), node.value, node.value),), safe=False)
    place = Place(path, "key") if isinstance(node, Scalar) and not node.value and is_plain(node) else Place(path)
    subject, described = Subject(path), _describe(node, json=json)
    message = says("{subject} must be {wanted}, but {found}", subject=subject, wanted=wanted, found=described)
    is_bare_entry = expected == ["array"] and isinstance(node, Mapping)
    help = says("a list of one entry is written `[{{…}}]`") if is_bare_entry else None
    return Finding(place, message, help, fix=fix, rule=rule_of(schema, "type"), broken=BrokenKeyword("type"))


def _quoted(value: str) -> str:
    from pnpc.text.edits import quoted  # needed only for a fix

    return quoted(value)


def _describe(node: Node, *, json: bool) -> Said:
    if isinstance(node, Mapping):
        return says("this is a mapping")
    if isinstance(node, Sequence):
        return says("this is a list")
    value = str(node.value)
    if isinstance(node, Scalar) and is_plain(node):
        if not value:
            return says("it has no value")
        if value in NULLS:
            return says("{found} is null", found=value)
        if value in BOOLEANS:
            return says("{found} is a boolean", found=value)
        if json and NUMBER.fullmatch(value):
            return says("{found} is a number", found=value)
        if json:
            return says("`{found}` has no quotes", found=Quote(value))
    return says("this is the text `{found}`", found=Quote(value))


def _is_bare(value: str, expected: list[str]) -> bool:
    """Whether a quoted text would have an expected type without its quotes."""
    if "boolean" in expected and value in ("true", "false"):
        return True
    number = NUMBER if "number" in expected else INTEGER
    return not {"number", "integer"}.isdisjoint(expected) and number.fullmatch(value) is not None


def unknown_key(
    schema: dict[str, Any], name: str, value: Node, path: Path, known: list[str], free: list[str], parent: Mapping,
    others: list[str],
) -> tuple[Finding, str | None]:  # fmt: skip
    """A key that the grammar does not have: the finding, and the `free` key that was probably meant (None if none is near).

    `known` are the keys that are allowed here, `free` those of them that are not set. `others` are all unknown keys of
    the `parent`: if two of them may mean the same key, there is no fix, because a person must decide.
    """
    inside = says(" in {subject}", subject=Subject(path)) if path else NOTHING
    close = near(name, free) if len(name) <= _WORTH_COMPARING else []
    from pnpc.line.grammar.slips import is_a_key, slip_of  # needed only for a mistake
    from pnpc.text.yaml.wide_signs import in_key

    slip = slip_of(name, free, known) if close else None
    misplaced = bool(close) and slip is None and is_a_key(name)
    if misplaced:  # the word is a key elsewhere, so a distant likeness to a key here is chance
        close = [key for key in close if one_edit(name, key)]
    help = None if close else says("allowed here: {names}", names=_some(known, name))
    if misplaced and help is not None:
        help = says("`{name}` belongs in another place; {allowed}", name=name, allowed=help)
    if parent.flow_style and isinstance(value, Scalar) and not value.value and is_plain(value):
        help = says("inside {{ }} a comma ends a text: quote the text that contains it")
        key, colon, rest = name.partition(":")
        if colon and key in known:
            help = says("put a space after the colon: `{key}: {value}`", key=key, value=rest[:MOST_SHOWN])
    if not name.isascii() and (lookalike := in_key(name)):
        help = lookalike
    written = next((key for key, _ in parent.value if isinstance(key, Scalar) and key.value == name), None)
    meant = slip if help is None and written is not None else None
    rivals = [other for other in others if other != name and meant is not None and one_edit(other, meant)]
    fix = renamed(written, path, meant) if meant is not None and written is not None and not rivals else None
    message = says("unknown key `{key}`{inside}{meant}", key=Quote(name), inside=inside, meant=did_you_mean(close))
    rule, broken = _rule_of_unknown(schema, "additionalProperties", close), BrokenKeyword("additionalProperties")
    finding = Finding(Place((*path, name), "key"), message, help, fix=fix, rule=rule, broken=broken)
    return finding, close[0] if close else None


def renamed(key: Scalar, path: Path, meant: str) -> Fix | None:
    """The fix that renames a key of the mapping at `path` to `meant`; None for a key that is a block scalar."""
    if key.style in ("|", ">"):
        return None
    from pnpc.text.edits import requoted  # needed only for a fix

    edit = Edit(Place((*path, key.value), "key"), requoted(key, meant), meant)
    return Fix(says("rename it to `{meant}`", meant=meant), (edit,))


def more_unknown_keys(path: Path, count: int) -> Finding:
    """One finding for the unknown keys beyond those that are reported separately; `count` is their number."""
    message = says("{count:,} more unknown keys in {subject}", count=count, subject=Subject(path))
    return Finding(Place(path, "key"), message, rule="unknown-key")


def missing_key(schema: dict[str, Any], name: str, path: Path) -> Finding:
    """A required key that is not there."""
    own = schema.get("x-says", {}).get("required")
    lacks = says("{subject} lacks the required key `{key}`", subject=Subject(path), key=name)
    message = as_written(own) if own else lacks
    broken = BrokenKeyword("required", names=(name,))
    return Finding(Place(path, "key"), message, rule=rule_of(schema, "required"), broken=broken)


def duplicate_key(name: str, path: Path, first: Node, second: Node) -> Finding:
    """A key that is set twice in one mapping: YAML readers differ on which of the two counts."""
    related = ((Span(start(first), end(first)), says("first set here")),)
    message = says("`{key}` is set twice in {subject}", key=name, subject=Subject(path))
    return Finding(Span(start(second), end(second)), message, related=related, rule="duplicate-key")


def not_allowed(schema: dict[str, Any], value: object, path: Path) -> Finding:
    """A value outside an `enum` or other than a `const`."""
    keyword = "const" if "const" in schema else "enum"
    allowed = [str(permitted) for permitted in ([schema["const"]] if keyword == "const" else schema["enum"])]
    close = near(value, allowed) if isinstance(value, str) and len(value) <= _WORTH_COMPARING else []
    words: dict[str, str] = schema.get("x-says", {})
    own = words.get(str(value)) or (None if close else words.get("enum"))
    help = as_written(own) if own else None
    if help is None and not close:
        help = says("allowed: {names}", names=_some(allowed, str(value)))
    subject, shown, meant = Subject(path), Quote(str(value)), did_you_mean(close)
    if _may_be_new(schema, close):
        message = says("`{found}` is not a known value of {subject}{meant}", subject=subject, found=shown, meant=meant)
    else:
        message = says("{subject} can't be `{found}`{meant}", subject=subject, found=shown, meant=meant)
    broken = BrokenKeyword(keyword, names=tuple(allowed))
    return Finding(Place(path), message, help, rule=_rule_of_unknown(schema, keyword, close), broken=broken)


def bad_pattern(schema: dict[str, Any], value: str, path: Path) -> Finding:
    """A text that does not match `pattern`; `x-says` describes in words what it must look like."""
    words: dict[str, str] = schema.get("x-says", {})
    own = words.get("pattern")
    wanted = as_written(own) if own else says("must match {pattern}", pattern=schema["pattern"])
    shown = NOTHING if path and value == path[-1] else says("; found `{found}`", found=Quote(value))
    message = says("{subject} {wanted}{found}", subject=Subject(path), wanted=wanted, found=shown)
    return Finding(Place(path), message, rule=rule_of(schema, "pattern"), broken=BrokenKeyword("pattern"))


def untried_pattern(path: Path) -> Finding:
    """A text that could not be tried within the run's allowance, so that it is not known whether it matches."""
    message = says("could not check {subject} against its pattern within this run's allowance", subject=Subject(path))
    help = says("make the pattern simpler: a repeated group inside a repeated group takes too long")
    return Finding(Place(path), message, help, rule="not-worked-out")


def bad_length(schema: dict[str, Any], keyword: str, length: int, path: Path, *, astral: bool) -> Finding:
    """A text that is too long or too short; `length` is in the schema's unit (`x-count`).

    The message names the unit only if the length in code points is different (`astral`).
    """
    unit = UNITS[schema["x-count"]] if astral and "x-count" in schema else says("characters")
    limit, subject = schema[keyword], Subject(path)
    if keyword == "maxLength":
        message = says(
            "{subject} is {length} {unit}, limit {limit}", subject=subject, length=length, unit=unit, limit=limit
        )
    elif length == 0:
        message = says("{subject} is empty", subject=subject)
    else:
        message = says(
            "{subject} is {length} {unit}, minimum {least}", subject=subject, length=length, unit=unit, least=limit
        )
    broken = BrokenKeyword(keyword, schema.get("minLength"), schema.get("maxLength"))
    return Finding(Place(path), message, rule=rule_of(schema, keyword), broken=broken)


def bad_count(schema: dict[str, Any], keyword: str, count: int, path: Path, place: Place) -> Finding:
    """A list or mapping with too many or too few members; `count` is their number."""
    noun = as_written(path[-1]) if path and isinstance(path[-1], str) else says("entries")
    if keyword.startswith("max"):
        message = says("{count} {noun}, limit {limit}", count=count, noun=noun, limit=schema[keyword])
    else:
        message = says("{count} {noun}, minimum {least}", count=count, noun=noun, least=schema[keyword])
    broken = BrokenKeyword(keyword, schema.get(f"min{keyword[3:]}"), schema.get(f"max{keyword[3:]}"))
    return Finding(place, message, rule=rule_of(schema, keyword), broken=broken)


def bad_range(schema: dict[str, Any], keyword: str, value: float, path: Path) -> Finding:
    """A number outside its range."""
    digits = len(str(value))
    shown = value if digits <= MOST_SHOWN else says("a number of {digits} digits", digits=digits)
    subject, limit = Subject(path), schema[keyword]
    if keyword == "minimum":
        message = says("{subject} is {found}, must be at least {least}", subject=subject, found=shown, least=limit)
    elif keyword == "maximum":
        message = says("{subject} is {found}, must be at most {limit}", subject=subject, found=shown, limit=limit)
    else:
        message = says("{subject} is {found}, must be more than {bound}", subject=subject, found=shown, bound=limit)
    broken = BrokenKeyword(keyword, schema.get("minimum"), schema.get("maximum"))
    return Finding(Place(path), message, rule=rule_of(schema, keyword), broken=broken)


def repeated(schema: dict[str, Any], path: Path, index: int, first: int) -> Finding:
    """An entry at `index` of a list that equals the one at `first`, in a list with `uniqueItems`."""
    related = ((Place((*path, first)), says("the first one is here")),)
    message = says("{subject} has the same entry twice", subject=Subject(path))
    return Finding(Place((*path, index)), message, related=related, rule=rule_of(schema, "uniqueItems"))


def control_character(character: str, path: Path, at: int) -> Finding:
    """A control character, written as an escape, at the code point `at` of a text."""
    message = says("the control character {character}", character=f"U+{ord(character):04X}")
    return Finding(Place(path, "value", (at, at + 1)), message, says("remove it"), rule="control-character")


def implicit(node: Scalar, path: Path) -> Finding | None:
    """A text without quotes that other YAML readers read as something else; None if they all read it as text."""
    meaning = trap(node.value)
    if meaning is None:
        return None
    message = says(
        "unquoted {text} is text here, but {meaning} to other YAML readers",
        text=node.value, meaning=meaning,
    )  # fmt: skip
    fix = Fix(says("quote it"), (Edit(Place(path), _quoted(node.value), node.value),))
    return Finding(Place(path), message, fix=fix, rule="implicit-value")


def null_value(schema: dict[str, Any], path: Path) -> Finding:
    """A null for a key that may be left out."""
    message = says("{subject} has no value (null)", subject=Subject(path))
    return Finding(Place(path, "key"), message, says("leave the key out"), rule=rule_of(schema, "null"))


def _some(names: list[str], written: str) -> Said:
    """All names of a short list; of a long one those that are nearest to what was written."""
    if len(names) <= _MOST_VALUES:
        return says("{names}", names=tuple(names))
    near_names = tuple(nearest(written[:_WORTH_COMPARING], names))
    return says("{names}, … ({count} in all)", names=near_names, count=len(names))
