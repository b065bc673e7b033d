"""A schema compiled to functions that find every mistake of a document in one pass.

A text with an expression is not measured here: its length is not known before the expression is filled in.
"""

from collections.abc import Callable

from pnpc.line.grammar import scalars, verdicts
from pnpc.line.grammar.collections import MappingCheck, anything, array
from pnpc.line.grammar.conditions import conditional
from pnpc.line.grammar.run import TYPE_TESTS, Check, Run
from pnpc.line.grammar.schema import ASSERTIONS, Schema, load, resolve
from pnpc.line.grammar.switch import discriminator, switch
from pnpc.text.document import Document, Mapping, Node
from pnpc.text.finding import Finding, Place
from pnpc.text.path import Path
from pnpc.text.wording import Subject, says

_OF_OBJECTS = frozenset(
    ("properties", "required", "additionalProperties", "patternProperties", "propertyNames")
    + ("minProperties", "maxProperties")
)

_compiled: dict[tuple[str, str], Check] = {}
_open: set[tuple[str, str]] = set()  # being compiled now


def check(
    name: str,
    document: Document,
    *,
    expressions: bool,
    part: str = "#",
    node: Node | None = None,
    path: Path = (),
) -> list[Finding]:
    """Check a document, or one `node` of it at a `path`, against the schema file `name` or a `part` of it (a `$ref`).

    `expressions`: whether texts may hold `{{ … }}`, as in a spec; otherwise braces are ordinary text.
    """
    return walk(name, document, expressions=expressions, part=part, node=node, path=path).findings


def walk(
    name: str,
    document: Document,
    *,
    expressions: bool,
    part: str = "#",
    node: Node | None = None,
    path: Path = (),
) -> Run:
    """As `check`, but returns the whole run, which also has what the grammar demands of texts with expressions."""
    run = Run(json=document.json, expressions=expressions)
    root = node if node is not None else document.root
    if root is not None:
        compiled(name, part)(root, path, run)
    return run


def compiled(name: str, ref: str = "#") -> Check:
    """The check of a schema file, or of the part that `ref` (`#/$defs/…`) names; compiled once."""
    key = (name, ref)
    if key not in _compiled:
        schema, home = resolve(ref, name) if ref != "#" else (load(name), name)
        _open.add(key)
        _compiled[key] = compile_schema(schema, home)
        _open.discard(key)
    return _compiled[key]


def compile_schema(schema: Schema | bool, name: str) -> Check:
    """Compile one schema of the file `name`, in which its references that begin with `#` are resolved."""
    if schema is True or schema == {}:
        return anything
    if schema is False:
        return _nothing
    key = discriminator(schema, ASSERTIONS)
    if key is not None:
        return switch(schema, key, name, compile_schema)
    checks = [make(schema, name) for keyword, make in _MAKERS if keyword in schema]
    if "type" not in schema and ("enum" in schema or "const" in schema):
        checks.append(scalars.fixed(schema))
    if not checks:
        return anything
    check_all = checks[0] if len(checks) == 1 else _all(checks)
    return _without_expressions(check_all) if _is_fixed(schema) else check_all


def _is_fixed(schema: Schema) -> bool:
    """Whether nothing inside this list or mapping may be an expression; `scalars.string` reports it for a text."""
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


def _nothing(_node: Node, path: Path, run: Run) -> None:
    """The schema `false`: a key that is not allowed here."""
    run.findings.append(
        Finding(Place(path, "key"), says("{subject} is not allowed here", subject=Subject(path)), rule="unknown-key")
    )


def _reference(schema: Schema, name: str) -> Check:
    ref = schema["$ref"]
    home = name if ref.startswith("#") else ref.partition("#")[0].removesuffix(".schema.json")
    pointer = "#" + ref.partition("#")[2]

    if (home, pointer) not in _open:
        return compiled(home, pointer)

    def check_reference(node: Node, path: Path, run: Run) -> None:
        compiled(home, pointer)(node, path, run)  # a recursive schema: its check exists only once this one is compiled

    return check_reference


def _every(schema: Schema, name: str) -> Check:
    return _all([compile_schema(part, name) for part in schema["allOf"]])


def _typed(schema: Schema, name: str) -> Check:
    kind = schema["type"]
    if isinstance(kind, list):
        return _union(schema, name)
    if kind == "object" and "else" in schema and not schema.keys() & _OF_OBJECTS:
        return _mapping(schema)
    return _BY_TYPE[kind](schema, name)


def _mapping(schema: Schema) -> Check:
    """Only whether it is a mapping: its `then` and `else` check its members, which must not be checked twice."""

    def check_mapping(node: Node, path: Path, run: Run) -> None:
        if not isinstance(node, Mapping):
            run.findings.append(verdicts.wrong_type(schema, node, path, json=run.json))

    return check_mapping


def _union(schema: Schema, name: str) -> Check:
    """`type: [a, b]`: the first type that the node has decides how it is checked."""
    tests = [(TYPE_TESTS[kind], _of_union(schema, kind, name)) for kind in schema["type"]]

    def check_union(node: Node, path: Path, run: Run) -> None:
        for test, check_one in tests:
            if test(node, run):
                return check_one(node, path, run)
        return run.findings.append(verdicts.wrong_type(schema, node, path, json=run.json))

    return check_union


def _of_union(schema: Schema, kind: str, name: str) -> Check:
    """The check for one of the types. If `x-rule` has a rule for `null`, a null that the schema allows is reported."""
    if kind != "null" or "null" not in schema.get("x-rule", {}):
        return _BY_TYPE[kind]({**schema, "type": kind}, name)

    def check_null(_node: Node, path: Path, run: Run) -> None:
        run.findings.append(verdicts.null_value(schema, path))

    return check_null


def _conditional(schema: Schema, name: str) -> Check:
    return conditional(schema, name, compile_schema)


_BY_TYPE: dict[str, Callable[[Schema, str], Check]] = {
    "string": lambda schema, _name: scalars.string(schema),
    "integer": lambda schema, _name: scalars.number(schema),
    "number": lambda schema, _name: scalars.number(schema),
    "boolean": lambda schema, _name: scalars.boolean(schema),
    "null": lambda schema, _name: scalars.null(schema),
    "array": lambda schema, name: array(schema, name, compile_schema),
    "object": lambda schema, name: MappingCheck(schema, name, compile_schema),
}
_MAKERS: tuple[tuple[str, Callable[[Schema, str], Check]], ...] = (
    ("$ref", _reference),
    ("type", _typed),
    ("allOf", _every),
    ("if", _conditional),
)
