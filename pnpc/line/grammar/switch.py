"""Objects whose kind depends on one key: conditions in the schema, which become one look into a table here.

The shape: `properties: {type: {enum: […]}}`, `required: [type]`, and an `allOf` in which every member says: if `type` is
this value, then that schema. Without the table, each of a thousand components would be tested nine times.
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
    """The key on which the kind depends in a schema of that shape; None for any other schema."""
    required, properties = schema.get("required"), schema.get("properties")
    if not required or not properties or "allOf" not in schema or schema.keys() & assertions != _ASSERTIONS:
        return None
    key: str = required[0]
    if required != [key] or list(properties) != [key] or properties[key].get("type") != "string":
        return None
    asked = [_asked(member, key) for member in schema["allOf"]]
    return key if schema["type"] == "object" and asked == properties[key].get("enum") else None


def _asked(member: Schema, key: str) -> object:
    """The value of the key that a member of the `allOf` asks for; None if its condition has another form."""
    if member.keys() != {"if", "then"} or member["if"].keys() != {"properties", "required"}:
        return None
    asked = member["if"]["properties"].get(key, {})
    only = asked.keys() == {"const"} and member["if"] == {"properties": {key: asked}, "required": [key]}
    return asked["const"] if only else None


def switch(schema: Schema, key: str, name: str, compile_: Compile) -> Check:
    """The check for a schema of that shape. An object of an unknown type gets that one finding and no others."""
    read = scalars.string(schema["properties"][key])
    parts = {member["if"]["properties"][key]["const"]: member["then"] for member in schema["allOf"]}
    table: dict[str, Check] = {}  # by the key's value; compiled at the first use, because messages use few of them

    def chosen_by(value: str) -> Check | None:
        if value in parts:
            table[value] = compile_(parts[value], name)
        return table.get(value)

    def check_switch(node: Node, path: Path, run: Run) -> None:
        if node.__class__ is not Mapping:
            run.findings.append(verdicts.wrong_type(schema, node, path, json=run.json))
            return
        for written in (_value(node, key), members(node).get(key)):  # YAML readers differ on a key that is set twice
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
    """The first value of a mapping's key, written in it or merged in. Faster than `members`: most objects begin with it."""
    for name, value in node.value:
        if name.value == key and name.__class__ is Scalar:
            first: Node = value
            return first
    return members(node).get(key)


def _missing(schema: Schema, key: str, node: Mapping, path: Path) -> Finding:
    """The finding about a missing key; if it is there but misspelt, about the misspelt key."""
    for name, value in node.value:
        if isinstance(name, Scalar) and (name.value.lower() == key or is_slip(name.value, key)):
            others = [other_name.value for other_name, _ in node.value if isinstance(other_name, Scalar)]
            return verdicts.unknown_key(schema, name.value, value, path, [key], [key], node, others)[0]
    return verdicts.missing_key(schema, key, path)
