"""Checks of lists and mappings: members, counts, and keys that are missing, unknown or written twice."""

from collections.abc import Callable
from re import compile as regex

from pnpc.line.grammar import verdicts
from pnpc.line.grammar.run import Check, Compile, Run, comparable
from pnpc.line.grammar.schema import Schema
from pnpc.text.document import Mapping, Node, Scalar, Sequence, start
from pnpc.text.finding import Finding, Place
from pnpc.text.members import is_merge, members, merge_sources
from pnpc.text.path import Path
from pnpc.text.values import construct
from pnpc.text.wording import Subject, as_written, says

_MOST_NAMES = 512  # sound names that are remembered for one mapping of the grammar
_MOST_UNKNOWN = 100  # reported of one mapping: each is compared with all known keys, and no person reads more
# Sound scalars that are remembered for one property. More or longer ones are free text, which hardly ever repeats.
_MOST_SETTLED = 100
_SHORT = 32  # code points
# The value of a required key that is there under a misspelt name.
_ELSEWHERE = Scalar("", "")


def anything(node: Node, path: Path, run: Run) -> None:
    """The check of a value about which the grammar says nothing: even there no key may be written twice."""
    if node.__class__ is Scalar:
        return
    if isinstance(node, Mapping):
        first: dict[str, Node] = {}
        for key, value in node.value:
            name = key.value if isinstance(key, Scalar) else "?"
            if isinstance(key, Scalar) and first.setdefault(name, key) is not key:
                run.findings.append(verdicts.duplicate_key(name, path, first[name], key))
            anything(value, (*path, name), run)
    elif isinstance(node, Sequence):
        for index, item in enumerate(node.value):
            anything(item, (*path, index), run)


def array(schema: Schema, name: str, compile_: Compile) -> Check:
    """The check of a list: its entries (`items`), their number, and whether any repeat (`uniqueItems`)."""
    item = compile_(schema["items"], name) if "items" in schema else anything
    least, most = schema.get("minItems", 0), schema.get("maxItems")
    unique = schema.get("uniqueItems", False)

    def check_array(node: Node, path: Path, run: Run) -> None:
        if node.__class__ is not Sequence:
            run.findings.append(verdicts.wrong_type(schema, node, path, json=run.json))
            return
        items = node.value
        index = 0
        for entry in items:
            item(entry, (*path, index), run)
            index += 1
        if most is not None and index > most:
            run.findings.append(verdicts.bad_count(schema, "maxItems", index, path, Place((*path, most))))
        elif index < least:
            run.findings.append(verdicts.bad_count(schema, "minItems", index, path, Place(path)))
        if unique:
            _find_repeated(schema, node, path, run)

    return check_array


def _find_repeated(schema: Schema, node: Node, path: Path, run: Run) -> None:
    first: dict[str, int] = {}
    for index, entry in enumerate(node.value):
        key = comparable(construct(entry))
        if first.setdefault(key, index) != index:
            run.findings.append(verdicts.repeated(schema, path, index, first[key]))


class _Property:
    """The check of a property, and the scalars that passed it: in Flex messages the same few values repeat all the time."""

    __slots__ = ("check", "plain", "quoted")

    def __init__(self, check: Check) -> None:
        self.check = check
        self.plain: set[str] = set()
        self.quoted: set[str] = set()

    def settle(self, node: Scalar, path: Path, run: Run) -> None:
        """Check a scalar, and remember a short one that passes. Expressions are not remembered: what the grammar demands
        of each must be noted with its place."""
        before = len(run.findings)
        self.check(node, path, run)
        if before == len(run.findings) and len(node.value) <= _SHORT:
            settled = self.quoted if node.style else self.plain
            if len(settled) < _MOST_SETTLED and "{{" not in node.value:
                settled.add(node.value)


class MappingCheck:
    """The check of a mapping: each member by its property's schema, keys that are missing, unknown or written twice."""

    __slots__ = (
        "_checks",
        "_compile",
        "_counted",
        "_instead",
        "_known",
        "_least",
        "_most",
        "_names",
        "_patterns",
        "_properties",
        "_required",
        "_rest",
        "_schema",
        "_sound",
        "_suggested",
    )

    def __init__(self, schema: Schema, name: str, compile_: Compile) -> None:
        properties = schema.get("properties", {})
        rest = schema.get("additionalProperties", True)
        patterns = schema.get("patternProperties", {})
        self._schema = schema
        # A property's check is compiled when a message first has it: most messages have few of LINE's properties.
        self._properties = properties
        self._compile: Callable[[str], Check] = lambda key: _member(schema, key, properties[key], name, compile_)
        self._checks: dict[str, Check] = {}
        # The first for YAML, the second for JSON: a plain `12` is text in YAML, but a number in JSON.
        self._known: tuple[dict[str, _Property], dict[str, _Property]] = ({}, {})
        self._suggested = [key for key, value in properties.items() if value is not False]
        # Keys that replace the required ones in another kind of object, which a misspelt key may have been meant for.
        self._instead = schema.get("x-instead", [])
        self._required = frozenset(schema.get("required", ()))
        self._patterns = [(regex(key).search, compile_(value, name)) for key, value in patterns.items()]
        self._rest = compile_(rest, name) if rest is not False else None
        self._names = compile_(schema["propertyNames"], name) if "propertyNames" in schema else None
        # Names that passed `propertyNames`: the specs of a project use the same names of variables.
        self._sound: set[str] = set()
        self._least, self._most = schema.get("minProperties", 0), schema.get("maxProperties")
        self._counted = self._least or self._most is not None

    def __call__(self, node: Node, path: Path, run: Run) -> None:
        """Check a node; see `Check`."""
        if not isinstance(node, Mapping):
            run.findings.append(verdicts.wrong_type(self._schema, node, path, json=run.json))
            return
        try:
            seen: dict[str, Node] = {key.value: value for key, value in node.value}
        except TypeError:  # a list or mapping as a key: its value can't be hashed
            seen = {}
        if len(seen) != len(node.value) or "<<" in seen:
            seen = self._slow_members(node, path, run)
        known = self._known[run.json]
        others = []
        for name, value in seen.items():
            member = known.get(name) or self._property(name, known)
            if member is None:
                others.append(name)
            elif value.__class__ is not Scalar or run.kept is not None:
                member.check(value, (*path, name), run)
            elif value.value not in (member.quoted if value.style else member.plain):
                member.settle(value, (*path, name), run)
        if others:
            self._check_others(others, node, path, run, seen)
        if not self._required <= seen.keys() or self._counted:
            self._check_presence(path, run, seen)

    def _property(self, name: str, known: dict[str, _Property]) -> _Property | None:
        """A property that no message had before; None for a key that is no property."""
        if name not in self._properties:
            return None
        if name not in self._checks:
            self._checks[name] = self._compile(name)
        known[name] = _Property(self._checks[name])
        return known[name]

    def _slow_members(self, node: Mapping, path: Path, run: Run) -> dict[str, Node]:
        """The members of a mapping with something unusual in it: a repeated key, a key that is not text, a merge (`<<`)."""
        seen: dict[str, Node] = {}
        first: dict[str, Node] = {}
        merges: list[Node] = []
        for key, value in node.value:
            if not isinstance(key, Scalar):
                run.findings.append(_odd_key(key, path))
            elif is_merge(key):
                merges += merge_sources(value)
                for source in merge_sources(value):
                    if start(source) > start(key):  # written here; an alias's mapping is checked where it is written
                        anything(source, path, run)
            else:
                if first.setdefault(key.value, key) is not key:
                    run.findings.append(verdicts.duplicate_key(key.value, path, first[key.value], key))
                seen[key.value] = value
        if not all(isinstance(source, Mapping) for source in merges):
            place = Place((*path, "<<"), "key")
            run.findings.append(Finding(place, says("`<<` must be an alias of a mapping"), rule="wrong-type"))
        return members(node) if merges else seen

    def _check_presence(self, path: Path, run: Run, seen: dict[str, Node]) -> None:
        if any(name in seen for name in self._instead):
            return  # the finding about that key is enough
        for name in self._schema.get("required", ()):
            if name not in seen:
                run.findings.append(verdicts.missing_key(self._schema, name, path))
        if self._most is not None and len(seen) > self._most:
            run.findings.append(verdicts.bad_count(self._schema, "maxProperties", len(seen), path, Place(path)))
        elif len(seen) < self._least:
            run.findings.append(verdicts.bad_count(self._schema, "minProperties", len(seen), path, Place(path)))

    def _check_others(self, others: list[str], node: Mapping, path: Path, run: Run, seen: dict[str, Node]) -> None:
        """Keys that `properties` does not name."""
        if self._rest is None and not self._patterns and len(others) > _MOST_UNKNOWN:
            run.findings.append(verdicts.more_unknown_keys(path, len(others) - _MOST_UNKNOWN))
            others = others[:_MOST_UNKNOWN]
        for name in others:
            value = seen[name]
            if self._names is not None and name not in self._sound:
                self._check_name(self._names, name, (*path, name), run)
            if self._rest is not None and not self._patterns:
                self._rest(value, (*path, name), run)
                continue
            matched = [check_one for matches, check_one in self._patterns if matches(name)]
            for check_one in matched or ([self._rest] if self._rest is not None else []):
                check_one(value, (*path, name), run)
            if matched or self._rest is not None:
                continue
            known = self._suggested if self._required <= seen.keys() else [*self._suggested, *self._instead]
            free = [key for key in known if key not in seen]
            finding, meant = verdicts.unknown_key(self._schema, name, value, path, known, free, node, others)
            run.findings.append(finding)
            anything(value, (*path, name), run)
            if meant is not None:
                seen[meant] = _ELSEWHERE  # a misspelt key is one mistake: it is not missing as well

    def _check_name(self, names: Check, name: str, path: Path, run: Run) -> None:
        before = len(run.findings)
        names(Scalar("", name, style='"'), path, run)
        for index in range(before, len(run.findings)):
            run.findings[index] = run.findings[index]._replace(where=Place(path, "key"), fix=None)
        if len(run.findings) == before and len(self._sound) < _MOST_NAMES:
            self._sound.add(name)


def _member(schema: Schema, key: str, member: Schema | bool, name: str, compile_: Compile) -> Check:
    """The check of a property. If its schema is `false`, its parent's `x-says` and `x-rule` give the message and rule."""
    if member is not False:
        return compile_(member, name)

    def check_never(_node: Node, path: Path, run: Run) -> None:
        message = as_written(schema["x-says"][key])
        run.findings.append(Finding(Place(path, "key"), message, rule=verdicts.rule_of(schema, key)))

    return check_never


def _odd_key(key: Node, path: Path) -> Finding:
    if isinstance(key, Mapping) and key.flow_style:
        return verdicts.wrong_type(
            {"type": "string"}, Mapping("", [(key, key)], key.start_mark, key.end_mark, True), path, json=False
        )
    return Finding(
        Place(path, "key"), says("a key of {subject} is not a text", subject=Subject(path)), rule="wrong-type"
    )
