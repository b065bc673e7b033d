"""The schemas: valid, closed, described; and our checker gives the verdict of the jsonschema library on whatever comes."""

import copy
import json
import os
from typing import Any

import pytest
from conftest import tries
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from pnpc import rules
from pnpc.data import path, read_json
from pnpc.language.bundle import NAMES, bundle
from pnpc.line.catalog import built_in_files
from pnpc.line.grammar import compiler
from pnpc.line.grammar.run import Run
from pnpc.line.grammar.schema import ANNOTATIONS, ASSERTIONS, load, resolve
from pnpc.line.grammar.switch import discriminator
from pnpc.line.grammar.units import COUNTS
from pnpc.text.finding import Finding
from pnpc.text.nodes import compose
from pnpc.text.source import Source

FILES = sorted(
    name.removesuffix(".schema.json") for name in os.listdir(path("schemas")) if name.endswith(".schema.json")
)
OF_LINE = [
    "template-message",
    "flexible-message",
    "message-object",
    "template-object",
    "flex",
    "action",
    "imagemap",
    "value",
]
LIMITS = {"minLength", "maxLength", "pattern", "minItems", "maxItems", "minimum", "maximum", "enum"}


def schemas_in(schema: Any, where: str = "#"):
    """Each schema object in a schema, with its pointer."""
    if not isinstance(schema, dict):
        return
    yield where, schema
    for keyword in ("properties", "patternProperties", "$defs"):
        for name, one in schema.get(keyword, {}).items():
            yield from schemas_in(one, f"{where}/{keyword}/{name}")
    for keyword in ("items", "additionalProperties", "propertyNames", "if", "then", "else"):
        yield from schemas_in(schema.get(keyword), f"{where}/{keyword}")
    for index, one in enumerate(schema.get("allOf", ())):
        yield from schemas_in(one, f"{where}/allOf/{index}")


@pytest.mark.parametrize("name", FILES)
def test_is_a_valid_schema(name):
    Draft202012Validator.check_schema(load(name))


@pytest.mark.parametrize("name", FILES)
def test_uses_only_keywords_that_the_checker_knows(name):
    for where, schema in schemas_in(load(name)):
        assert set(schema) <= ASSERTIONS | ANNOTATIONS, where


@pytest.mark.parametrize("name", FILES)
def test_each_property_is_described(name):
    for where, schema in schemas_in(load(name)):
        for key, one in schema.get("properties", {}).items():
            if isinstance(one, dict) and not where.endswith("/if"):
                assert one.keys() & {"description", "title", "$ref"}, f"{where}/properties/{key}"


@pytest.mark.parametrize("name", FILES)
def test_references_lead_somewhere(name):
    for where, schema in schemas_in(load(name)):
        if "$ref" in schema:
            assert resolve(schema["$ref"], name)[0], where


@pytest.mark.parametrize("name", OF_LINE)
def test_limits_of_line_name_their_source(name):
    whole = load(name)
    for where, schema in schemas_in(whole):
        if schema.keys() & LIMITS:
            assert "https://" in schema.get("x-source", whole.get("x-source", "")), where


@pytest.mark.parametrize("name", OF_LINE)
def test_lengths_of_line_name_their_unit(name):
    for where, schema in schemas_in(load(name)):
        assert ("maxLength" in schema) == ("x-count" in schema), where
        assert schema.get("x-count", "utf16") in COUNTS, where


@pytest.mark.parametrize("name", FILES)
def test_media_are_certain_probable_or_uncertain(name):
    for where, schema in schemas_in(load(name)):
        assert schema.get("x-media", "certain") in ("certain", "probable", "uncertain"), where


@pytest.mark.parametrize("name", FILES)
def test_objects_are_told_apart_by_a_table(name):
    """A list of conditions that is not of the switch's shape would be asked one by one, and tell a mistake many times."""
    for where, schema in schemas_in(load(name)):
        if any("if" in one for one in schema.get("allOf", ())):
            assert discriminator(schema, ASSERTIONS) == "type", where
            for one in schema["allOf"]:
                then = resolve(one["then"]["$ref"], name)[0]
                assert then["properties"]["type"]["const"] == one["if"]["properties"]["type"]["const"], where
                assert then["additionalProperties"] is False, where


@pytest.mark.parametrize("name", FILES)
def test_rules_that_a_schema_names_exist(name):
    for where, schema in schemas_in(load(name)):
        for rule in schema.get("x-rule", {}).values():
            assert rules.known(rule), where


@pytest.mark.parametrize("file", built_in_files(), ids=os.path.basename)
def test_catalogs_satisfy_their_schema(file):
    with open(file, encoding="utf-8") as opened:
        text = opened.read()
    Draft202012Validator(bundle("catalog")).validate(json.loads(text))
    assert found("catalog", json.loads(text), expressions=False) == []


# --- bundles ---


@pytest.mark.parametrize("name", [*NAMES, *FILES])
def test_a_bundle_is_valid_and_refers_only_to_itself(name):
    bundled = bundle(name)
    Draft202012Validator.check_schema(bundled)
    text = json.dumps(bundled)
    assert ".schema.json" not in text
    for reference in (part.split('"')[0] for part in text.split('"$ref": "')[1:]):
        at = bundled
        for step in reference.removeprefix("#").strip("/").split("/"):
            at = at[step] if step else at
        assert isinstance(at, dict)


def test_an_editor_completes_and_explains_message_objects():
    """Reached through the bundle as an editor does: the types, then the properties of one, each with its words."""
    whole = bundle("spec")

    def at(schema):
        while "$ref" in schema:
            found = whole
            for step in schema["$ref"].removeprefix("#").strip("/").split("/"):
                found = found[step] if step else found
            schema = found
        return schema

    def of_type(schema, type):
        (branch,) = [one for one in schema["allOf"] if one["if"]["properties"]["type"]["const"] == type]
        return at(branch["then"])

    message = at(at(whole["$defs"]["message"]["else"]["then"])["properties"]["messages"]["items"])
    assert message["properties"]["type"]["enum"] == load("message-object")["properties"]["type"]["enum"]
    flex = of_type(message, "flex")
    assert flex["properties"]["type"]["const"] == "flex"
    bubble = of_type(at(flex["properties"]["contents"]), "bubble")
    box = of_type(at(bubble["properties"]["body"]), "box")
    for name, one in box["properties"].items():
        assert {**at(one), **one}.keys() & {"title", "description"}, name
    assert "md" in at(box["properties"]["spacing"])["examples"]
    Draft202012Validator(whole).validate(read_valid()["spec"])


def test_a_bundle_keeps_what_editors_show():
    for name in FILES:
        told = [
            key for _, schema in schemas_in(load(name)) for key in ("title", "description", "examples") if key in schema
        ]
        kept = json.dumps(bundle(name))
        assert told
        for key in set(told):
            assert f'"{key}"' in kept
        for title in (schema["title"] for _, schema in schemas_in(load(name)) if "title" in schema):
            assert json.dumps(title) in kept


def test_a_text_with_an_expression_is_not_measured_in_the_bundle_of_spec():
    whole = read_valid()["spec"]
    validator = Draft202012Validator(bundle("spec"))
    content = whole["message"]["body"]["emphasizedItem"]
    content["content"] = "{{ shipped_on | date('long') }} and more"
    assert validator.is_valid(whole)
    content["content"] = "Saturday, August 10, 2024"
    assert not validator.is_valid(whole)
    content["content"] = "8月10日"
    content["itemKey"] = "{{ key }}"
    assert not validator.is_valid(whole)


def test_a_declaration_is_no_place_for_expressions():
    whole = read_valid()["spec"]
    whole["variables"]["order_id"]["maxLength"] = "{{ limit }}"
    assert found("spec", whole, expressions=True)
    assert not Draft202012Validator(bundle("spec")).is_valid(whole)


# --- the same verdict ---


def read_valid() -> dict[str, Any]:
    """A rich valid document of each schema."""
    body = {
        "emphasizedItem": {"itemKey": "date_002_ja", "content": "2024年8月10日(土)"},
        "items": [
            {"itemKey": "time_range_001_ja", "content": "午前中"},
            {"itemKey": "price_001_ja", "content": "12,000円"},
        ],
        "buttons": [{"buttonKey": "check_delivery_status_ja", "url": "https://example.com/track"}],
    }
    template = {
        "to": "0f" * 32,
        "templateKey": "shipment_completed_ja",
        "body": body,
        "customAggregationUnits": ["shop_1"],
    }
    variables = {
        "order_id": {"type": "string", "pattern": "^[A-Z0-9]{8,20}$", "example": "A1B2C3D4", "minLength": 8},
        "total": {"type": "integer", "minimum": 0, "maximum": 9999999, "example": 12000},
        "lines": {"type": "array", "items": {"type": "string"}, "maxItems": 3, "uniqueItems": True, "x-note": None},
        "shop": {
            "type": "object",
            "properties": {"name": {"type": "string"}},
            "required": ["name"],
            "enum": [{}, {"name": "a"}],
        },
    }
    spec = {"pnpc": 1, "name": "shipment", "country": "JP", "description": "発送時に送ります。", "variables": variables}
    spec |= {"message": {**template}, "deliveryTag": "shipment-000000001"}
    position = {"line": 1, "column": 2}
    place = {"start": position, "end": {"line": 1, "column": 9}}
    diagnostic = {"code": "PNP204", "name": "duplicate-item", "severity": "error", "message": "m", "file": "a.yaml"}
    diagnostic |= {"path": "message", "range": place, "related": [{"file": "a.yaml", "range": place, "message": "m"}]}
    fix = {"title": "quote it", "safe": True, "edits": [{"range": place, "text": '"a"'}]}
    diagnostic |= {"help": None, "url": "https://example.com", "fix": fix}
    config = {"country": "JP", "select": ["PNP2"], "ignore": [], "severity": {"tab": "off"}, "fail-on": "never"}
    config |= {"per-path": {"*.json": ["PNP218"]}, "respect-gitignore": False, "catalogs": ["c.yaml"]}
    button = {"button_key": "check_delivery_status_ja", "url": "https://example.com/track"}
    item = {"item_key": "date_002_ja", "content": "2024年8月10日(土)"}
    part = {"template_key": "shipment_completed_ja", "body": {"emphasized_item": item, "items": [item, item]}}
    part["body"]["buttons"] = [button]
    person = {"identified_by": {"channel_identities": [{"channel": "LINE", "identity": "a"}]}, "contact_id": "b"}
    line = {"message_type": "NOTIFICATION_MESSAGE_TEMPLATE", "message": part}
    sinch = {"app_id": "a", "recipient": person, "correlation_id": "c", "message_metadata": "m", "ttl": 10}
    sinch |= {"message": {"channel_specific_message": {"LINE": line, "SMS": {"a": [1]}}, "text_message": {}}}
    return copy.deepcopy(
        {
            "spec": spec,
            "sinch-message": sinch,
            "template-message": template,
            "flexible-message": {
                "to": "0f" * 32,
                "messages": [{"type": "text", "text": "a"}],
                "notificationDisabled": True,
            },
            "variable": variables["shop"],
            "catalog": {
                **read_json("schemas", "catalog", "th.json"),
                "items": {"total": 3, "keys": {"a_th": {"known": "local"}}},
            },
            "config": config,
            "diagnostics": {
                "version": 1,
                "diagnostics": [diagnostic],
                "summary": {"files": 1, "errors": 1, "warnings": 0},
            },
        }
    )


def found(name: str, instance: Any, *, expressions: bool) -> list[Finding]:
    """What our checker says of a value, which it reads as JSON text."""
    (document,) = compose(Source("x.json", json.dumps(instance, ensure_ascii=False)))
    findings = compiler.check(name, document, expressions=expressions)
    return [finding for finding in findings if finding.rule != "implicit-value"]


# Letters of the Basic Multilingual Plane: beyond it we count UTF-16 units, as LINE does, and the library does not.
# No U+FEFF, U+FFFE, U+FFFF, U+0085 and the like: YAML does not take them, JSON does; that is the reader's test.
LETTERS = st.sampled_from("aZ09_-{} 日本語あ。:/.#'é")
TEXTS = st.one_of(
    st.text(LETTERS, max_size=20),
    st.sampled_from(
        ["", "JP", "{{ a }}", "{{", "0f" * 32, "string", "2026-01-01", "error", "x" * 301, "日" * 1001, "PNP001"]
    ),
)
NUMBERS = st.one_of(st.integers(-3, 400), st.sampled_from([0.5, 1.0, -1.5, 1e22, 10**30]))
SCALARS = st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(LETTERS, max_size=6), inner, max_size=3)
    ),
    max_leaves=6,
)
KEYS = st.one_of(
    st.text(LETTERS, max_size=6),
    st.sampled_from(
        [
            "to",
            "templateKey",
            "template_key",
            "messages",
            "body",
            "items",
            "content",
            "type",
            "x-a",
            "pnpc",
            "enum",
            "<<",
            "keys",
        ]
    ),
)


def parents(value: Any):
    """Each list and object in a value."""
    if isinstance(value, dict | list):
        yield value
        for one in value.values() if isinstance(value, dict) else value:
            yield from parents(one)


@st.composite
def mutated(draw, valid: Any):
    """A valid document with up to three changes anywhere."""
    document = copy.deepcopy(valid)
    for _ in range(draw(st.integers(0, 3))):
        parent = draw(st.sampled_from(list(parents(document))))
        if isinstance(parent, list):
            change_list(draw, parent)
        else:
            change_object(draw, parent)
    return document


def change_list(draw, parent: list[Any]) -> None:
    change = draw(st.sampled_from(["add", "drop", "repeat", "replace"])) if parent else "add"
    if change == "add":
        parent.append(draw(VALUES))
    elif change == "drop":
        parent.pop(draw(st.integers(0, len(parent) - 1)))
    elif change == "repeat":
        parent.extend(copy.deepcopy(parent[0]) for _ in range(draw(st.integers(1, 16))))
    else:
        parent[draw(st.integers(0, len(parent) - 1))] = draw(VALUES)


def change_object(draw, parent: dict[str, Any]) -> None:
    change = draw(st.sampled_from(["add", "drop", "rename", "replace", "lengthen"])) if parent else "add"
    if change == "add":
        parent[draw(KEYS)] = draw(VALUES)
        return
    key = draw(st.sampled_from(sorted(parent)))
    if change == "drop":
        del parent[key]
    elif change == "rename":
        value = parent.pop(key)
        parent[draw(KEYS)] = value
    elif change == "replace":
        parent[key] = draw(VALUES)
    elif isinstance(parent[key], str):
        parent[key] += draw(st.text(LETTERS, min_size=1, max_size=3)) * draw(st.sampled_from([1, 5, 100, 400]))


@pytest.mark.parametrize("name", sorted(read_valid()))
def test_the_valid_documents_are_valid(name):
    assert found(name, read_valid()[name], expressions=name == "spec") == []


@pytest.mark.parametrize("name", sorted(read_valid()))
@settings(max_examples=tries(150), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_checker_and_library_give_the_same_verdict(name, data):
    instance = data.draw(mutated(read_valid()[name]))
    findings = found(name, instance, expressions=name == "spec")
    valid = Draft202012Validator(bundle(name)).is_valid(instance)
    assert (not findings) == valid, [(finding.rule, finding.message) for finding in findings]


@st.composite
def string_schemas(draw):
    schema: dict[str, Any] = {"type": "string"}
    for keyword in draw(st.sets(st.sampled_from(["minLength", "maxLength", "pattern", "enum"]), max_size=2)):
        if keyword == "pattern":
            schema[keyword] = draw(st.sampled_from(["^a", "a$", "[0-9]+", "^(ab|日)*$", "^.{2,3}$"]))
        elif keyword == "enum":
            schema[keyword] = draw(st.lists(TEXTS, min_size=1, max_size=3, unique=True))
        else:
            schema[keyword] = draw(st.integers(0, 4))
    return schema


@st.composite
def number_schemas(draw):
    schema: dict[str, Any] = {"type": draw(st.sampled_from(["integer", "number"]))}
    for keyword in draw(
        st.sets(st.sampled_from(["minimum", "maximum", "exclusiveMinimum", "const", "enum"]), max_size=2)
    ):
        schema[keyword] = draw(st.lists(NUMBERS, min_size=1, max_size=3)) if keyword == "enum" else draw(NUMBERS)
    if "const" in schema:
        schema.pop("enum", None)  # never both in one schema: `const` is the narrower
    return schema


OTHER_SCHEMAS = st.one_of(
    st.just({"type": "null"}),
    st.just({"type": "boolean"}),
    st.builds(lambda value: {"type": "boolean", "const": value}, st.booleans()),
    st.builds(lambda value: {"const": value}, SCALARS),
    st.builds(lambda values: {"enum": values}, st.lists(SCALARS, min_size=1, max_size=4)),
    st.just({}),
    st.builds(lambda kinds: {"type": kinds}, st.lists(
        st.sampled_from(["string", "null", "integer", "boolean", "array", "object"]), min_size=1, max_size=3, unique=True
    )),
)  # fmt: skip
LEAVES = st.one_of(string_schemas(), number_schemas(), OTHER_SCHEMAS)
MEMBERS = st.sampled_from(["a", "b", "ab", "x-1"])


@st.composite
def array_schemas(draw, inner):
    schema: dict[str, Any] = {"type": "array"}
    if draw(st.booleans()):
        schema["items"] = draw(inner)
    for keyword in draw(st.sets(st.sampled_from(["minItems", "maxItems", "uniqueItems"]), max_size=2)):
        schema[keyword] = True if keyword == "uniqueItems" else draw(st.integers(0, 3))
    return schema


@st.composite
def object_schemas(draw, inner):
    schema: dict[str, Any] = {"type": "object", "properties": draw(st.dictionaries(MEMBERS, inner, max_size=3))}
    if draw(st.booleans()):
        schema["required"] = draw(st.lists(MEMBERS, max_size=2, unique=True))
    if draw(st.booleans()):
        schema["additionalProperties"] = draw(st.one_of(st.booleans(), inner))
    if draw(st.booleans()):
        schema["patternProperties"] = {"^x-": draw(inner)}
        schema["properties"].pop("x-1", None)  # one place for a key, as in our files
    if draw(st.booleans()):
        schema["propertyNames"] = {"type": "string", "maxLength": draw(st.integers(1, 3))}
        schema["properties"] = {key: one for key, one in schema["properties"].items() if len(key) == 1}
    for keyword in draw(st.sets(st.sampled_from(["minProperties", "maxProperties"]), max_size=1)):
        schema[keyword] = draw(st.integers(0, 3))
    if draw(st.booleans()):
        schema["if"] = draw(
            st.sampled_from([{"required": ["a"]}, {"properties": {"b": {"const": 1}}}, {"type": "object"}])
        )
        schema["then"], schema["else"] = draw(inner), draw(inner)
    return schema


SCHEMAS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        array_schemas(inner), object_schemas(inner), st.builds(lambda one, two: {"allOf": [one, two]}, inner, inner)
    ),
    max_leaves=4,
)
INSTANCES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.one_of(MEMBERS, KEYS), inner, max_size=4)),
    max_leaves=8,
)


def near_limits(schema: dict[str, Any]):
    """Values of about the schema's own shape: at its limits, and one beyond."""
    if "allOf" in schema:
        return st.one_of([near_limits(one) for one in schema["allOf"]])
    if schema.get("enum") or "const" in schema:
        return st.sampled_from([*schema.get("enum", ()), *([schema["const"]] if "const" in schema else ())])
    kind = schema.get("type")
    if kind == "string":
        sizes = [schema[key] for key in ("minLength", "maxLength") if key in schema] or [2]
        return st.sampled_from([max(0, size + more) for size in sizes for more in (-1, 0, 1)]).flatmap(
            lambda size: st.text("a0日", min_size=size, max_size=size)
        )
    if kind in ("integer", "number"):
        limits = [schema[key] for key in ("minimum", "maximum", "exclusiveMinimum") if key in schema] or [0]
        return st.sampled_from([limit + more for limit in limits for more in (-1, 0, 1, 0.5)])
    if kind == "array":
        sizes = [schema[key] for key in ("minItems", "maxItems") if key in schema] or [1]
        return st.sampled_from([max(0, size + more) for size in sizes for more in (-1, 0, 1)]).flatmap(
            lambda size: st.lists(near_limits(schema.get("items", {})), min_size=size, max_size=size)
        )
    if kind == "object":
        known = {key: near_limits(one) for key, one in schema["properties"].items()}
        more = st.dictionaries(MEMBERS, SCALARS, max_size=2)
        return st.builds(lambda own, others: {**others, **own}, st.fixed_dictionaries({}, optional=known), more)
    return SCALARS


@settings(
    max_examples=tries(1000), deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
@example(pair=({"type": "array", "uniqueItems": True}, [1, 1.0]))
@example(pair=({"type": "array", "uniqueItems": True}, [1, True, "1"]))
@example(pair=({"const": [1]}, [True]))
@example(pair=({"enum": [{"a": False}]}, {"a": 0}))
@example(pair=({"type": "integer", "enum": [True]}, 1))
@example(pair=({"type": "boolean", "enum": [1]}, True))
@example(pair=({"if": {"properties": {"b": {"const": 1}}}, "then": {"type": "string"}}, {"b": True}))
@given(pair=SCHEMAS.flatmap(lambda schema: st.tuples(st.just(schema), st.one_of(INSTANCES, near_limits(schema)))))
def test_the_same_verdict_on_schemas_never_seen(pair):
    schema, instance = pair
    whole = {"type": "object", "properties": {"value": schema}}
    (document,) = compose(Source("x.json", json.dumps({"value": instance}, ensure_ascii=False)))
    run = Run(json=True, expressions=False)
    compiler.compile_schema(whole, "spec")(document.root, (), run)
    findings = [finding for finding in run.findings if finding.rule != "implicit-value"]
    valid = Draft202012Validator(whole).is_valid({"value": instance})
    assert (not findings) == valid, [(finding.rule, finding.message) for finding in findings]
