"""The grammar run over nodes: a schema compiled to functions, every mistake found in one pass.

A text that holds an expression is not measured here: its length is only known once the expression is filled in.
"""

import json as json_library
from collections.abc import Callable
from re import compile as regex
from typing import Any

from pnpc.spec import verdicts
from pnpc.spec.patterns import TooSlow, matcher
from pnpc.spec.schema import Schema, load, resolve
from pnpc.spec.units import utf16
from pnpc.text.finding import Finding, Place
from pnpc.text.nodes import Document, Mapping, Node, Scalar, Sequence
from pnpc.text.path import Path
from pnpc.text.values import BOOLEANS, INTEGER, NULLS, NUMBER, construct, trap

_TRAP_STARTS = frozenset("yYnNtTfFoO0123456789-+.")


class Run:
    """One walk over a document: what was found, and how scalars are to be read."""

    __slots__ = ("expressions", "findings", "json")

    def __init__(self, *, json: bool, expressions: bool) -> None:
        self.findings: list[Finding] = []
        self.json = json
        self.expressions = expressions


Check = Callable[[Node, Path, Run], None]
Test = Callable[[Node, Run], bool]

_compiled: dict[tuple[str, str], Check] = {}


def check(name: str, document: Document, *, expressions: bool, node: Node | None = None, path: Path = ()) -> list[Finding]:
    """Check a document (or a node of it, at a path) against the schema file `name`.

    `expressions`: whether texts may hold `{{ … }}`, as in a spec; else braces are plain text.
    """
    run = Run(json=document.json, expressions=expressions)
    root = node if node is not None else document.root
    if root is not None:
        compiled(name)(root, path, run)
    return run.findings


def compiled(name: str, ref: str = "#") -> Check:
    """The check of a schema file, or of a part of it that `ref` names; compiled once."""
    key = (name, ref)
    if key not in _compiled:
        schema, home = resolve(ref, name) if ref != "#" else (load(name), name)
        _compiled[key] = compile_schema(schema, home)
    return _compiled[key]


def compile_schema(schema: Schema | bool, name: str) -> Check:
    """Compile one schema that stands in the file `name` (where its `#` references look)."""
    if schema is True or schema == {}:
        return _anything
    if schema is False:
        return _nothing
    assert isinstance(schema, dict)
    checks = [make(schema, name) for keyword, make in _MAKERS if keyword in schema]
    if "type" not in schema and ("enum" in schema or "const" in schema):
        checks.append(_untyped(schema, name))
    if not checks:
        return _anything
    check_all = checks[0] if len(checks) == 1 else _all(checks)
    return _without_expressions(check_all) if _is_fixed(schema) else check_all


def _is_fixed(schema: Schema) -> bool:
    """Whether nothing in this value may be an expression; a text says so itself, with a finding of its own."""
    return schema.get("x-expressions") is False and schema.get("type") != "string"


def _without_expressions(check_one: Check) -> Check:
    def check_fixed(node: Node, path: Path, run: Run) -> None:
        outside, run.expressions = run.expressions, False
        check_one(node, path, run)
        run.expressions = outside

    return check_fixed


def _all(checks: list[Check]) -> Check:
    def check_all(node: Node, path: Path, run: Run) -> None:
        for check_one in checks:
            check_one(node, path, run)

    return check_all


def _anything(node: Node, path: Path, run: Run) -> None:
    """What the grammar leaves open must still be sound YAML: no key twice."""
    if isinstance(node, Mapping):
        first: dict[str, Node] = {}
        for key, value in node.value:
            name = str(key.value)
            if first.setdefault(name, key) is not key:
                run.findings.append(verdicts.duplicate_key(name, path, first[name], key))
            _anything(value, (*path, name), run)
    elif isinstance(node, Sequence):
        for index, item in enumerate(node.value):
            _anything(item, (*path, index), run)


def _nothing(_node: Node, path: Path, run: Run) -> None:
    """The schema `false`: a key that can't stand here."""
    run.findings.append(Finding(Place(path, "key"), f"{verdicts.subject(path)} can't stand here", rule="unknown-key"))


def _reference(schema: Schema, name: str) -> Check:
    ref = schema["$ref"]
    home = name if ref.startswith("#") else ref.partition("#")[0].removesuffix(".schema.json")
    pointer = "#" + ref.partition("#")[2]

    found: list[Check] = []

    def check_reference(node: Node, path: Path, run: Run) -> None:
        if not found:  # looked up when first needed: grammars are recursive
            found.append(compiled(home, pointer))
        found[0](node, path, run)

    return check_reference


def _every(schema: Schema, name: str) -> Check:
    return _all([compile_schema(one, name) for one in schema["allOf"]])


def _typed(schema: Schema, name: str) -> Check:
    kind = schema["type"]
    if isinstance(kind, list):
        return _union(schema, name)
    return _BY_TYPE[kind](schema, name)


def _union(schema: Schema, name: str) -> Check:
    """`type: [a, b]`: the node's own look decides which of them it is measured as."""
    tests = [(_TYPE_TESTS[kind], _BY_TYPE[kind]({**schema, "type": kind}, name)) for kind in schema["type"]]

    def check_union(node: Node, path: Path, run: Run) -> None:
        for test, check_one in tests:
            if test(node, run):
                return check_one(node, path, run)
        return run.findings.append(verdicts.wrong_type(schema, node, path, json=run.json))

    return check_union


def _untyped(schema: Schema, name: str) -> Check:
    """`enum` or `const` without a type: compare values as YAML 1.2 reads them."""
    allowed = [schema["const"]] if "const" in schema else schema["enum"]

    def check_value(node: Node, path: Path, run: Run) -> None:
        value = construct(node)
        if not any(_same(value, one) for one in allowed):
            run.findings.append(verdicts.not_allowed(schema, value, path))

    return check_value


def _same(one: object, other: object) -> bool:
    return one == other and _comparable(one) == _comparable(other)


def _comparable(value: object) -> str:
    """One text for all values that JSON Schema holds equal: 1 and 1.0 are, 1 and true are not."""
    return json_library.dumps(_whole(value), sort_keys=True, default=str)


def _whole(value: object) -> object:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_whole(one) for one in value]
    return {key: _whole(one) for key, one in value.items()} if isinstance(value, dict) else value


# --- scalars ---


def _string(schema: Schema, _name: str) -> Check:
    allowed = frozenset(schema["enum"]) if "enum" in schema else None
    if "const" in schema:
        allowed = frozenset((schema["const"],))
    longest, shortest = schema.get("maxLength"), schema.get("minLength", 0)
    matches = matcher(schema["pattern"]) if "pattern" in schema else None
    count = utf16 if schema.get("x-count") == "utf16" else len
    fixed = schema.get("x-expressions") is False

    def measure(value: str, path: Path, run: Run) -> None:
        if allowed is not None and value not in allowed:
            run.findings.append(verdicts.not_allowed(schema, value, path))
        if longest is not None and len(value) * 2 > longest and count(value) > longest:
            astral = count(value) != len(value)
            run.findings.append(verdicts.bad_length(schema, "maxLength", count(value), path, astral=astral))
        elif len(value) < shortest:
            run.findings.append(verdicts.bad_length(schema, "minLength", len(value), path, astral=False))
        elif matches is not None and not _matches(matches, value):
            run.findings.append(verdicts.bad_pattern(schema, value, path))

    def check_string(node: Node, path: Path, run: Run) -> None:
        if node.__class__ is not Scalar:
            run.findings.append(verdicts.wrong_type(schema, node, path, json=run.json))
            return
        value = node.value
        if not node.style:
            if run.json or value in NULLS:
                run.findings.append(verdicts.wrong_type(schema, node, path, json=run.json))
                return
            if value[0] in _TRAP_STARTS and trap(value):
                run.findings.append(verdicts.implicit(node, path))  # type: ignore[arg-type]
        if run.expressions and "{{" in value:
            if fixed:
                run.findings.append(_not_here(path))
            return
        measure(value, path, run)

    return check_string


def _matches(matches: Callable[[str], bool], value: str) -> bool:
    try:
        return matches(value)
    except TooSlow:
        return False


def _not_here(path: Path) -> Finding:
    message = f"{verdicts.subject(path)} can't be an expression: which one is sent must be known when the spec is reviewed"
    return Finding(Place(path), message, rule="expression-not-allowed")


def _number(schema: Schema, _name: str) -> Check:
    pattern = INTEGER if schema["type"] == "integer" else NUMBER
    limits = [(keyword, schema[keyword]) for keyword in ("minimum", "maximum", "exclusiveMinimum") if keyword in schema]
    allowed = schema.get("enum", [schema["const"]] if "const" in schema else None)

    def check_number(node: Node, path: Path, run: Run) -> None:
        if not _is_number(node, pattern, run):
            run.findings.append(verdicts.wrong_type(schema, node, path, json=run.json))
            return
        if run.expressions and "{{" in node.value:
            return
        value = int(node.value) if INTEGER.fullmatch(node.value) and len(node.value) < 400 else float(node.value)
        if allowed is not None and not any(_same(value, one) for one in allowed):
            run.findings.append(verdicts.not_allowed(schema, value, path))
        for keyword, limit in limits:
            if _breaks(keyword, value, limit):
                run.findings.append(verdicts.bad_range(schema, keyword, value, path))
                return

    return check_number


def _breaks(keyword: str, value: float, limit: float) -> bool:
    return value < limit if keyword == "minimum" else value > limit if keyword == "maximum" else value <= limit


def _is_number(node: Node, pattern: Any, run: Run) -> bool:
    if not isinstance(node, Scalar):
        return False
    if run.expressions and "{{" in node.value:
        return True
    if node.style:
        return False
    if pattern.fullmatch(node.value):
        return True
    # JSON Schema: a number with a zero fraction is an integer too.
    return pattern is INTEGER and NUMBER.fullmatch(node.value) is not None and float(node.value).is_integer()


def _boolean(schema: Schema, _name: str) -> Check:
    allowed = schema.get("enum", [schema["const"]] if "const" in schema else None)

    def check_boolean(node: Node, path: Path, run: Run) -> None:
        if not _TYPE_TESTS["boolean"](node, run):
            run.findings.append(verdicts.wrong_type(schema, node, path, json=run.json))
        elif run.expressions and "{{" in node.value:
            return
        elif allowed is not None and not any(_same(BOOLEANS.get(node.value), one) for one in allowed):
            run.findings.append(verdicts.not_allowed(schema, BOOLEANS.get(node.value), path))

    return check_boolean


def _null(schema: Schema, _name: str) -> Check:
    def check_null(node: Node, path: Path, run: Run) -> None:
        if not _TYPE_TESTS["null"](node, run):
            run.findings.append(verdicts.wrong_type(schema, node, path, json=run.json))

    return check_null


# --- collections ---


def _array(schema: Schema, name: str) -> Check:
    item = compile_schema(schema["items"], name) if "items" in schema else _anything
    least, most = schema.get("minItems", 0), schema.get("maxItems")
    unique = schema.get("uniqueItems", False)

    def check_array(node: Node, path: Path, run: Run) -> None:
        if node.__class__ is not Sequence:
            run.findings.append(verdicts.wrong_type(schema, node, path, json=run.json))
            return
        items = node.value
        index = 0
        for one in items:
            item(one, (*path, index), run)
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
    for index, one in enumerate(node.value):
        key = _comparable(construct(one))
        if first.setdefault(key, index) != index:
            run.findings.append(verdicts.repeated(schema, path, index, first[key]))


def _object(schema: Schema, name: str) -> Check:
    known = {key: _member(schema, key, one, name) for key, one in schema.get("properties", {}).items()}
    required = tuple(schema.get("required", ()))
    allowed = [key for key, one in schema.get("properties", {}).items() if one is not False]
    other = _other(schema, name, allowed)
    names = compile_schema(schema["propertyNames"], name) if "propertyNames" in schema else None
    least, most = schema.get("minProperties", 0), schema.get("maxProperties")

    def check_object(node: Node, path: Path, run: Run) -> None:
        if not isinstance(node, Mapping):
            run.findings.append(verdicts.wrong_type(schema, node, path, json=run.json))
            return
        seen: dict[str, Node] = {}
        pairs = node.value
        for key, value in pairs:
            if key.__class__ is not Scalar:
                run.findings.append(_odd_key(key, path))
                continue
            key_name = key.value
            if key_name == "<<" and not key.style:
                _merge(value, path, run, seen, known)
                continue
            if key_name in seen and seen[key_name] is not _MERGED:
                run.findings.append(verdicts.duplicate_key(key_name, path, seen[key_name], key))
            seen[key_name] = key
            check_one = known.get(key_name)
            if check_one is not None:
                check_one(value, (*path, key_name), run)
            else:
                meant = other(key_name, value, path, run, node)
                if meant is not None:
                    seen.setdefault(meant, _MERGED)  # a misspelt key is one mistake: not missing as well
                if names is not None:
                    _check_name(names, key, (*path, key_name), run)
        for key_name in required:
            if key_name not in seen:
                run.findings.append(verdicts.missing_key(schema, key_name, path))
        if most is not None and len(seen) > most:
            run.findings.append(verdicts.bad_count(schema, "maxProperties", len(seen), path, Place(path)))
        elif len(seen) < least:
            run.findings.append(verdicts.bad_count(schema, "minProperties", len(seen), path, Place(path)))

    return check_object


def _member(schema: Schema, key: str, member: Schema | bool, name: str) -> Check:
    """The check of a property; one whose schema is `false` is told in its parent's words, under its parent's rule."""
    if member is not False:
        return compile_schema(member, name)

    def check_never(_node: Node, path: Path, run: Run) -> None:
        message = schema["x-says"][key]
        run.findings.append(Finding(Place(path, "key"), message, rule=verdicts.rule_of(schema, key)))

    return check_never


def _check_name(names: Check, key: Node, path: Path, run: Run) -> None:
    inner = Run(json=False, expressions=False)
    names(key, path, inner)
    run.findings.extend(finding._replace(where=Place(path, "key"), fix=None) for finding in inner.findings)


_MERGED = Scalar("", "")


def _merge(value: Node, path: Path, run: Run, seen: dict[str, Node], known: dict[str, Check]) -> None:
    """YAML's merge key: members of the named mapping count as members here; they are checked where they stand."""
    for source in value.value if isinstance(value, Sequence) else [value]:
        if not isinstance(source, Mapping):
            run.findings.append(Finding(Place((*path, "<<"), "key"), "`<<` takes an alias of a mapping", rule="wrong-type"))
            return
        for key, member in source.value:
            if isinstance(key, Scalar) and key.value not in seen:
                seen[key.value] = _MERGED
                known.get(key.value, _anything)(member, (*path, "<<", key.value), run)


def _odd_key(key: Node, path: Path) -> Finding:
    if isinstance(key, Mapping) and key.flow_style:
        return verdicts.wrong_type({"type": "string"}, Mapping("", [(key, key)], key.start_mark, key.end_mark, True), path, json=False)
    return Finding(Place(path, "key"), f"a key of {verdicts.subject(path)} is not a text", rule="wrong-type")


def _other(schema: Schema, name: str, known: list[str]) -> Callable[[str, Node, Path, Run, Mapping], str | None]:
    """What becomes of a key that `properties` does not name; gives the known key that it is a slip of, if any."""
    patterns = [(regex(key).search, compile_schema(one, name)) for key, one in schema.get("patternProperties", {}).items()]
    rest = schema.get("additionalProperties", True)
    check_rest = compile_schema(rest, name) if rest is not False else None

    def check_other(key_name: str, value: Node, path: Path, run: Run, parent: Mapping) -> str | None:
        matched = [check_one for matches, check_one in patterns if matches(key_name)]
        for check_one in matched:
            check_one(value, (*path, key_name), run)
        if matched:
            return None
        if check_rest is not None:
            check_rest(value, (*path, key_name), run)
            return None
        finding, meant = verdicts.unknown_key(schema, key_name, path, known, parent)
        run.findings.append(finding)
        _anything(value, (*path, key_name), run)
        return meant

    return check_other


# --- conditions ---


def _conditional(schema: Schema, name: str) -> Check:
    holds = _predicate(schema["if"])
    then = compile_schema(schema.get("then", True), name)
    otherwise = compile_schema(schema.get("else", True), name)

    def check_conditional(node: Node, path: Path, run: Run) -> None:
        chosen = then if holds(node, run) else otherwise
        if chosen is not _anything:
            chosen(node, path, run)

    return check_conditional


def _predicate(schema: Schema) -> Test:
    """What an `if` may ask: is it of this type, are these keys there, has this key one of these values."""
    required = schema.get("required", [])
    fixed = {
        key: [one["const"]] if "const" in one else one["enum"] for key, one in schema.get("properties", {}).items()
    }
    kind = _TYPE_TESTS[schema["type"]] if "type" in schema else None

    def holds(node: Node, run: Run) -> bool:
        if kind is not None and not kind(node, run):
            return False
        if node.__class__ is not Mapping:
            return True  # JSON Schema: `required` and `properties` say nothing of what is no object
        members = {key.value: value for key, value in node.value if isinstance(key, Scalar)}
        return all(key in members for key in required) and all(
            key not in members or construct(members[key]) in allowed for key, allowed in fixed.items()
        )

    return holds


_BY_TYPE: dict[str, Callable[[Schema, str], Check]] = {
    "string": _string,
    "integer": _number,
    "number": _number,
    "boolean": _boolean,
    "null": _null,
    "array": _array,
    "object": _object,
}
_TYPE_TESTS: dict[str, Test] = {
    "string": lambda node, run: (
        isinstance(node, Scalar) and (bool(node.style) or (not run.json and node.value not in NULLS))
    ),
    "integer": lambda node, run: _is_number(node, INTEGER, run),
    "number": lambda node, run: _is_number(node, NUMBER, run),
    "boolean": lambda node, run: (
        isinstance(node, Scalar)
        and ((not node.style and node.value in BOOLEANS) or (run.expressions and "{{" in node.value))
    ),
    "null": lambda node, _run: isinstance(node, Scalar) and not node.style and node.value in NULLS,
    "array": lambda node, _run: isinstance(node, Sequence),
    "object": lambda node, _run: isinstance(node, Mapping),
}
_MAKERS: tuple[tuple[str, Callable[[Schema, str], Check]], ...] = (
    ("$ref", _reference),
    ("type", _typed),
    ("allOf", _every),
    ("if", _conditional),
)
