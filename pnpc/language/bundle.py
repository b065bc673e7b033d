"""A schema as one self-contained file, for editors and validators that do not know our expressions."""

from typing import Any

from pnpc.language.cases.parts import DIRECTIVES, INCLUDE
from pnpc.line.grammar.schema import Schema, load

# What `pnpc schema` offers, and what each is.
NAMES = {
    "spec": "a spec: a notification as a team keeps it in git",
    "message": "LINE's request body, either kind, without expressions",
    "variable": "the declaration of one variable of a spec",
    "catalog": "a catalog file: keys of templates, items and buttons",
    "config": "pnpc.toml, or [tool.pnpc] of pyproject.toml",
    "emulator-scenario": "a scenario of `pnpc emulator`: settings, people, faults",
    "diagnostics": "what `pnpc check --format json` prints",
}
_OF_SPECS = frozenset(("spec", "variable", "fallback"))  # the rest is LINE's
_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_EXPRESSION = {"pattern": "\\{\\{"}

# Keywords that only our checker understands.
_OURS = frozenset(("$schema", "$id", "x-rule", "x-says", "x-expressions", "x-fixed-text"))
_TEXT_LIMITS = ("minLength", "maxLength", "pattern", "enum", "const")
_VALUE_LIMITS = ("minimum", "maximum", "exclusiveMinimum", "enum", "const")
_MAPS = ("properties", "patternProperties", "$defs")
_ONES = ("items", "additionalProperties", "then", "else")


def bundle(name: str, whole: Schema | None = None) -> Schema:
    """The schema of a name in NAMES (or of a schema file), all its references inside its own `$defs`.

    In `spec`, a limit on a text that may hold an expression applies only to texts without one: the length of the others is
    known once they are filled. And every object of the message may have directives there: the grammar itself has none,
    because it runs over what directives come to. `whole` is the schema of that name where its file is only a part of it.
    Raises FileNotFoundError for a name that is not a schema.
    """
    made = _Bundle(relaxed=name == "spec", root="" if name == "message" else name)
    if name == "message":
        head: Schema = {"$id": "urn:pnpc:schema:message:1", "title": "LINE notification message, request body"}
        head["description"] = "The request body of LINE's two endpoints; which kind it is shows in its keys."
        body = {**made.copy(load("spec")["$defs"]["message"], "spec"), **head}
    else:
        body = made.copy(whole or load(name), name)
        body = {"$id": load(name)["$id"], **body}
    # `copy` notes the files that a file refers to, and these may refer to more.
    files = made.files()
    definitions = {**body.pop("$defs", {}), **files}
    return {"$schema": _DRAFT, **body} | ({"$defs": definitions} if definitions else {})


class _Bundle:
    """A bundle while it is made: which files it refers to, and whether expressions loosen its limits."""

    def __init__(self, *, relaxed: bool, root: str) -> None:
        self._relaxed = relaxed
        self._root = root
        self._wanted: list[str] = []

    def files(self) -> dict[str, Schema]:
        """The files referred to, by name; a file's own `$defs` stay inside it."""
        definitions: dict[str, Schema] = {}
        for file in self._wanted:  # grows while it is walked
            definitions[_inside(file)] = self.copy(load(file), file)
        return definitions

    def copy(self, schema: Any, file: str, *, relaxed: bool | None = None) -> Any:
        """A schema that stands in `file`, with references that hold inside the bundle."""
        if not isinstance(schema, dict):
            return schema
        relaxed = self._relaxed if relaxed is None else relaxed
        here = relaxed and (schema.get("x-expressions") is not False or schema.get("type") == "string")
        made = {key: value for key, value in schema.items() if key not in _OURS}
        for key in _MAPS:
            if key in made:
                made[key] = {name: self.copy(part, file, relaxed=here) for name, part in made[key].items()}
        for key in _ONES:
            if key in made:
                made[key] = self.copy(made[key], file, relaxed=here)
        if "allOf" in made:
            made["allOf"] = [self.copy(part, file, relaxed=here) for part in made["allOf"]]
        if "propertyNames" in made:
            made["propertyNames"] = self.copy(made["propertyNames"], file, relaxed=False)
        if "$ref" in made:
            made["$ref"] = self._reference(made["$ref"], file)
        if self._relaxed and file not in _OF_SPECS:
            made = self._directed(made)
        return _relax(schema, made) if here else made

    def _directed(self, made: Schema) -> Schema:
        """An object of a message with the directives; with `$include` nothing else is required."""
        if "properties" not in made:
            return made
        directives = {name: {"$ref": f"#/$defs/directives/properties/{name}"} for name in DIRECTIVES}
        made = {**made, "properties": {**made["properties"], **directives}}
        if "required" not in made:
            return made
        required = {"if": {"required": [INCLUDE]}, "else": {"required": made.pop("required")}}
        return {**made, **required} if "if" not in made else {**made, "allOf": [*made.get("allOf", ()), required]}

    def _reference(self, reference: str, file: str) -> str:
        target, _, pointer = reference.partition("#")
        target = target.removesuffix(".schema.json") or file
        if target == self._root:
            return f"#{pointer}"
        if target not in self._wanted:
            self._wanted.append(target)
        return f"#/$defs/{_inside(target)}{pointer}"


def _inside(file: str) -> str:
    """The name of a file among the `$defs` of a bundle; no definition inside a file has such a name."""
    return f"{file}.schema"


def _relax(schema: Schema, made: Schema) -> Schema:
    """A value's schema with its limits holding only where no expression stands."""
    kind = schema.get("type")
    if kind == "string" and schema.get("x-expressions") is False:
        return {**made, "not": _EXPRESSION}
    if (kind == "string" or (isinstance(kind, list) and "string" in kind)) and schema.get("x-fixed-text") is not True:
        kept, limits = _part(made, _TEXT_LIMITS)
        return {**kept, "if": _EXPRESSION, "else": limits} if limits else made
    if kind in ("integer", "number", "boolean"):
        kept, limits = _part(made, _VALUE_LIMITS)
        loose = {**kept, "type": [kind, "string"], "if": {"type": "string"}, "then": _EXPRESSION}
        return {**loose, "else": limits} if limits else loose
    return made


def _part(schema: Schema, keywords: tuple[str, ...]) -> tuple[Schema, Schema]:
    kept = {key: value for key, value in schema.items() if key not in keywords}
    return kept, {key: schema[key] for key in keywords if key in schema}
