"""Objects told apart by one key: a list of conditions in the schema, one look into a table here.

The shape: `properties: {type: {enum: […]}}`, `required: [type]`, and an `allOf` whose every member says: if `type` is
this, then that schema. A thousand components are not asked nine questions each.
"""

from pnpc.line.grammar import scalars, verdicts
from pnpc.line.grammar.collections import anything
from pnpc.line.grammar.run import Check, Compile, Run
from pnpc.line.grammar.schema import Schema
from pnpc.text.document import Mapping, Node, Scalar
from pnpc.text.finding import Finding
from pnpc.text.members import members
from pnpc.text.path import Path
from pnpc.text.suggest import is_slip

_ASSERTIONS = {"type", "required", "properties", "allOf"}


def discriminator(schema: Schema, assertions: frozenset[str]) -> str | None:
    """The key that a schema of that shape tells its objects apart by; None for any other schema."""
    required, properties = schema.get("required"), schema.get("properties")
    if not required or not properties or "allOf" not in schema or schema.keys() & assertions != _ASSERTIONS:
        return None
    key: str = required[0]
    if required != [key] or list(properties) != [key] or properties[key].get("type") != "string":
        return None
    asked = [_asked(one, key) for one in schema["allOf"]]
    return key if schema["type"] == "object" and asked == properties[key].get("enum") else None


def _asked(member: Schema, key: str) -> object:
    """The value that a member of the `allOf` asks for; None if it asks for anything else."""
    if member.keys() != {"if", "then"} or member["if"].keys() != {"properties", "required"}:
        return None
    asked = member["if"]["properties"].get(key, {})
    only = asked.keys() == {"const"} and member["if"] == {"properties": {key: asked}, "required": [key]}
    return asked["const"] if only else None


def switch(schema: Schema, key: str, name: str, compile_: Compile) -> Check:
    """The check of an object of that shape. An object of no known type is one finding; nothing else is said of it."""
    read = scalars.string(schema["properties"][key])
    parts = {one["if"]["properties"][key]["const"]: one["then"] for one in schema["allOf"]}
    table: dict[str, Check] = {}  # compiled when first met: few messages hold all that there is

    def chosen_by(value: str) -> Check | None:
        if value in parts:
            table[value] = compile_(parts[value], name)
        return table.get(value)

    def check_switch(node: Node, path: Path, run: Run) -> None:
        if node.__class__ is not Mapping:
            run.findings.append(verdicts.wrong_type(schema, node, path, json=run.json))
            return
        for written in (_value(node, key), members(node).get(key)):  # of a key that is set twice the last one counts
            if isinstance(written, Scalar):
                chosen = table.get(written.value) or chosen_by(written.value)
                if chosen is not None and (written.style or not run.json):
                    chosen(node, path, run)
                    return
        anything(node, path, run)
        if written is None:
            run.findings.append(_missing(schema, key, node, path))
        else:
            read(written, (*path, key), run)

    return check_switch


def _value(node: Mapping, key: str) -> Node | None:
    """The value of a mapping's key, as written in it or brought in by a merge; most objects begin with theirs."""
    for one, value in node.value:
        if one.value == key and one.__class__ is Scalar:
            found: Node = value
            return found
    return members(node).get(key)


def _missing(schema: Schema, key: str, node: Mapping, path: Path) -> Finding:
    """The key is not there; or it is, with a slip in its name."""
    for one, value in node.value:
        if isinstance(one, Scalar) and (one.value.lower() == key or is_slip(one.value, key)):
            others = [other.value for other, _ in node.value if isinstance(other, Scalar)]
            return verdicts.unknown_key(schema, one.value, value, path, [key], [key], node, others)[0]
    return verdicts.missing_key(schema, key, path)
