"""`pnpc diff`: what breaks and what does not, judged by jsonschema; revisions read from real repositories."""

import json
import os
import shutil
import subprocess
import sys
from itertools import product
from time import sleep
from typing import Any

import pytest
from conftest import SPEC, clean_environment, tries
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from pnpc.compile.diff import bounds, values, variables
from pnpc.compile.diff.bounds import ABSENT
from pnpc.compile.diff.compare import compare, paired
from pnpc.compile.diff.version import read
from pnpc.language.message.context import Context
from pnpc.line.catalog import Catalog
from pnpc.text.source import Source

CONTEXT = Context(Catalog())

# --- bounds: sound ---

TEXTS = ["".join(letters) for length in range(4) for letters in product("ab", repeat=length)]
NUMBERS = [*range(-4, 13), -0.5, 0.5, 1.0, 1.5, 2.0, 7.5, 1e30, True]
LISTS = [list(one) for length in range(4) for one in product((1, 7), repeat=length)]
OBJECTS = [
    {name: value for name, value in zip("xyz", one, strict=True) if value is not None}
    for one in product((None, 1, 7, "a"), repeat=3)
]
POOLS: dict[str, list[Any]] = {  # no other value is allowed by a type
    "string": TEXTS, "integer": NUMBERS, "number": NUMBERS, "boolean": [True, False], "array": LISTS, "object": OBJECTS,
}  # fmt: skip
small = st.integers(0, 5)
number = st.one_of(st.integers(-3, 9), st.sampled_from([0.5, 1.5, 2.0, 7.5]))


def some(**keywords):
    return st.fixed_dictionaries({}, optional=keywords)


text = some(
    minLength=small, maxLength=small, enum=st.lists(st.sampled_from(TEXTS[:10]), min_size=1, max_size=4, unique=True),
    const=st.sampled_from(TEXTS[:5]), pattern=st.sampled_from(["^a", "^a+$", "b$", "^[ab]{1,3}$"]),
    **{"x-note": small, "description": st.just("words")},
).map(lambda one: {"type": "string", **one})  # fmt: skip
numeric = st.builds(
    lambda kind, one: {"type": kind, **one},
    st.sampled_from(["integer", "number"]),
    some(
        minimum=number, maximum=number, exclusiveMinimum=number, exclusiveMaximum=number,
        multipleOf=st.sampled_from([1, 2, 3, 4, 0.5, 2.0]), enum=st.lists(number, min_size=1, max_size=4),
        const=number,
    ),
)  # fmt: skip
flag = some(const=st.booleans(), enum=st.lists(st.booleans(), min_size=1)).map(lambda one: {"type": "boolean", **one})
entries = st.builds(
    lambda one: {"type": "array", **one},
    some(minItems=small, maxItems=small, uniqueItems=st.booleans(), items=numeric),
)
member = st.one_of(text, numeric)
thing = st.builds(
    lambda one: {"type": "object", **one},
    some(
        properties=st.dictionaries(st.sampled_from("xyz"), member, max_size=3),
        required=st.lists(st.sampled_from("xyz"), max_size=3, unique=True),
        additionalProperties=st.booleans(),
    ),
)
schema = st.one_of(text, numeric, flag, entries, thing)
OF_TYPE = {"string": text, "integer": numeric, "number": numeric, "boolean": flag, "array": entries, "object": thing}


@st.composite
def pairs(draw):
    """Two declarations: any two, one and the same with a few keywords changed, or one that asks a single thing only."""
    old = draw(schema)
    new = draw(OF_TYPE[old["type"]])
    way = draw(st.integers(0, 3))
    if way == 0:
        return old, draw(schema)
    if way == 1:
        new = {**old, **{name: new[name] for name in new if draw(st.booleans())}}
        return old, {name: value for name, value in new.items() if name == "type" or draw(st.integers(0, 3))}
    name = draw(st.sampled_from(sorted(new)))
    return old, {"type": new["type"], name: new[name]}


def allowed(schema: Any) -> list[Any]:
    valid = Draft202012Validator(schema).is_valid
    return [value for value in POOLS[schema["type"]] if valid(value)]


@settings(max_examples=tries(150))
@given(pairs())
@example(({"type": "integer", "minimum": 0.5}, {"type": "integer", "minimum": 1}))
@example(({"type": "string", "enum": ["a", "ab"]}, {"type": "string", "maxLength": 2, "pattern": "^a"}))
@example(({"type": "object"}, {"type": "object", "properties": {"x": {"type": "integer"}}}))
def test_what_is_called_harmless_allows_all_that_was_allowed(pair):
    old, new = pair
    if bounds.allows_all(old, new):
        valid = Draft202012Validator(new).is_valid
        refused = [value for value in allowed(old) if not valid(value)]
        assert not refused, f"{refused[:3]} of {old} in {new}"


@given(schema)
def test_a_declaration_has_no_change_against_itself(one):
    assert list(bounds.compare(one, dict(one))) == []


HARMLESS = [
    ({"type": "string", "maxLength": 5}, {"type": "string", "maxLength": 6}),
    ({"type": "string", "maxLength": 5}, {"type": "string"}),
    ({"type": "string", "pattern": "^a"}, {"type": "string", "minLength": 0}),
    ({"type": "string", "enum": ["a"]}, {"type": "string", "enum": ["b", "a"]}),
    ({"type": "string", "enum": ["a", "bb"]}, {"type": "string", "maxLength": 2}),
    ({"type": "string", "const": "a"}, {"type": "string", "pattern": "^a$"}),
    ({"type": "string", "format": "date"}, {"type": "string"}),
    ({"type": "integer", "minimum": 1}, {"type": "integer", "exclusiveMinimum": 0}),
    ({"type": "integer", "exclusiveMinimum": 5}, {"type": "integer", "minimum": 6}),
    ({"type": "integer", "exclusiveMaximum": 5}, {"type": "integer", "maximum": 4}),
    ({"type": "integer", "minimum": 1}, {"type": "number", "minimum": 0.5}),
    ({"type": "integer"}, {"type": "integer", "multipleOf": 1}),
    ({"type": "integer", "multipleOf": 6}, {"type": "integer", "multipleOf": 3}),
    ({"type": "number", "exclusiveMaximum": 3}, {"type": "number", "maximum": 3}),
    ({"type": "array", "maxItems": 1}, {"type": "array", "maxItems": 1, "uniqueItems": True}),
    ({"type": "object", "required": ["x", "y"]}, {"type": "object", "required": ["y"]}),
    ({"type": "object", "additionalProperties": False},
     {"type": "object", "additionalProperties": False, "properties": {"x": {"type": "string"}}}),
]  # fmt: skip
REFUSING = [
    ({"type": "string", "maxLength": 5}, {"type": "string", "maxLength": 4}),
    ({"type": "string"}, {"type": "string", "maxLength": 4}),
    ({"type": "string", "pattern": "^a+$"}, {"type": "string", "pattern": "^a*$"}),  # not told: it does not refuse
    ({"type": "string", "enum": ["a", "b"]}, {"type": "string", "enum": ["a"]}),
    ({"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}),
    ({"type": "string"}, {"type": "integer"}),
    ({"type": "number"}, {"type": "integer"}),
    ({"type": "number", "minimum": 0}, {"type": "number", "exclusiveMinimum": 0}),
    ({"type": "array"}, {"type": "array", "items": {"type": "string"}}),
    ({"type": "object", "properties": {"x": {"type": "string"}}}, {"type": "object", "required": ["x"]}),
    ({"type": "object", "properties": {"x": {"type": "string"}}, "additionalProperties": False},
     {"type": "object", "additionalProperties": False}),
    ({"type": "string", "minLength": 1}, {"type": "string", "minLength": 2}),
    ({"type": "integer", "exclusiveMinimum": 0}, {"type": "integer", "minimum": 2}),
    ({"type": "integer", "exclusiveMaximum": 3}, {"type": "integer", "maximum": 1}),
    ({"type": "integer", "minimum": 1}, {"type": "integer", "exclusiveMinimum": 1}),
    ({"type": "array", "minItems": 1}, {"type": "array", "minItems": 2}),
    ({"type": "array"}, {"type": "array", "uniqueItems": True}),
    ({"type": "integer", "multipleOf": 3}, {"type": "integer", "multipleOf": 6}),
    ({"type": "string"}, {"type": "string", "contentEncoding": "base64"}),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new"), HARMLESS)
def test_loosened(old, new):
    assert bounds.allows_all(old, new)


@pytest.mark.parametrize(("old", "new"), REFUSING)
def test_tightened(old, new):
    assert not bounds.allows_all(old, new)


RANGES = (
    ("minimum", (None, 0, 1, 2)),
    ("exclusiveMinimum", (None, 0, 1)),
    ("maximum", (None, 2, 3)),
    ("exclusiveMaximum", (None, 3, 4)),
)


@pytest.mark.parametrize("kind", ["integer", "number"])
def test_a_range_is_called_harmless_exactly_where_it_allows_all_that_was_allowed(kind):
    """Every range of small ends against every bound, tried on each number of a grid."""
    step = 4 if kind == "number" else 1
    grid = [number / step for number in range(-3 * step, 8 * step)]
    valid = {
        "minimum": lambda bound, value: value >= bound, "exclusiveMinimum": lambda bound, value: value > bound,
        "maximum": lambda bound, value: value <= bound, "exclusiveMaximum": lambda bound, value: value < bound,
    }  # fmt: skip
    for ends in product(*(some for _, some in RANGES)):
        old = {name: end for (name, _), end in zip(RANGES, ends, strict=True) if end is not None}
        numbers = [value for value in grid if all(valid[name](end, value) for name, end in old.items())]
        if not numbers:
            continue
        for name, bound in product(valid, range(-2, 7)):
            refused = [value for value in numbers if not valid[name](bound, value)]
            new = {"type": kind, name: bound}
            assert bounds.allows_all({"type": kind, **old}, new) == (not refused), (old, new)


# --- variables ---

NAMES = ("slot", "slots", "total", "day")
VALUES: list[Any] = ["", "a", "ab", "abb", 0, 1, 2, 5, 1.5, True]
declared = st.dictionaries(
    st.sampled_from(NAMES),
    st.builds(lambda one, more: {**one, **more}, st.one_of(text, numeric), some(default=st.sampled_from(["a", 1]))),
    max_size=3,
)
# Of each value one that any declaration may allow, or none.
rows = st.dictionaries(st.sampled_from(NAMES), st.sampled_from(VALUES), max_size=4)


def as_object(declared: Any) -> Any:
    required = [name for name, one in declared.items() if "default" not in one]
    return {"type": "object", "properties": dict(declared), "required": required}


@settings(max_examples=tries(100))
@given(declared, declared, st.booleans(), st.lists(rows, min_size=5, max_size=20))
def test_rows_are_taken_as_before_where_nothing_breaks(old, new, mutate, given_rows):
    if mutate:  # mostly alike, or nearly nothing would be harmless
        new = {name: {**old.get(name, {}), **one} for name, one in {**old, **new}.items()}
        new = {name: {**one, "type": old.get(name, one)["type"]} for name, one in new.items()}
    breaking = [one for one in variables.changes(old, new) if one.breaking]
    if breaking:
        return
    for one in given_rows:
        row = {name: value for name, value in one.items() if name in old}  # other columns are ignored
        if Draft202012Validator(as_object(old)).is_valid(row):
            assert Draft202012Validator(as_object(new)).is_valid(row), (old, new, row)


@given(declared)
def test_equal_variables_do_not_change(one):
    assert list(variables.changes(one, dict(one))) == []


def test_a_renamed_variable_is_one_change():
    old = {"slot": {"type": "string", "maxLength": 9, "example": "x"}}
    (one,) = variables.changes(old, {"window": {"type": "string", "maxLength": 9, "example": "x"}})
    assert (one.kind, one.breaking, one.before, one.after) == ("variable-renamed", True, "slot", "window")
    found = variables.changes(old, {"window": {"type": "string", "maxLength": 8, "example": "x"}})
    assert [(one.kind, one.breaking) for one in found] == [("variable-required", True), ("variable-removed", False)]


def test_a_variable_that_comes_or_goes_is_shown_with_its_declaration():
    declared = {"type": "string", "maxLength": 3}
    for old, new in (({}, {"a": declared}), ({}, {"a": {**declared, "default": "x"}}), ({"a": declared}, {})):
        (change,) = variables.changes(old, new)
        assert (change.before, change.after) == (old.get("a", ABSENT), new.get("a", ABSENT))
    (unsound,) = variables.changes({"a": None}, {})
    assert (unsound.before, unsound.after) == (ABSENT, ABSENT)


def test_two_that_may_be_meant_are_no_rename():
    old = {"slot": {"type": "string", "example": "x"}}
    new = {"slot_a": {"type": "string", "example": "x"}, "slot_b": {"type": "string", "example": "x"}}
    assert "variable-renamed" not in [one.kind for one in variables.changes(old, new)]


def test_defaults():
    plain, full = {"type": "string"}, {"type": "string", "default": "x"}
    kinds = [
        (one.kind, one.breaking)
        for old, new in ((plain, full), (full, plain), (full, {**full, "default": "y"}))
        for one in variables.changes({"a": old}, {"a": new})
    ]
    assert kinds == [("default-added", False), ("default-removed", True), ("default-changed", False)]


# --- values ---

json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(0, 3), st.text("ab", max_size=2)),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.sampled_from("xyz"), inner, max_size=3)),
    max_leaves=12,
)


def at(value: Any, path: Any) -> Any:
    for step in path:
        value = value[step]
    return value


@settings(max_examples=tries(100))
@given(json_values, json_values)
def test_values_differ_exactly_where_it_is_said(old, new):
    found = list(values.differences(old, new))
    assert bool(found) == (json.dumps(old, sort_keys=True) != json.dumps(new, sort_keys=True))
    for one in found:
        if one.before is not ABSENT:
            assert at(old, one.old) == one.before
        if one.after is not ABSENT:
            assert at(new, one.new) == one.after


def test_items_are_known_by_their_keys():
    old = [{"itemKey": "a", "content": "1"}, {"itemKey": "b", "content": "2"}, {"itemKey": "c", "content": "3"}]
    new = [{"itemKey": "c", "content": "3"}, {"itemKey": "b", "content": "9"}, {"itemKey": "d", "content": "1"}]
    found = list(values.differences(old, new))
    assert [(one.old, one.new, one.before, one.after) for one in found if not one.moved] == [
        ((1, "content"), (1, "content"), "2", "9"),
        ((0, "itemKey"), (2, "itemKey"), "a", "d"),
    ]
    assert [one.moved for one in found].count(True) == 1


# --- two specs ---


def versions(text: str, home: str = "a.yaml", country: str | None = None):
    return read(Source(home, text), Context(Catalog(), country), home, home, named=True)


def kinds(old: str, new: str) -> list[tuple[str, bool]]:
    sections = compare(versions(old), versions(new))
    return [(one.change.kind, one.change.breaking) for section in sections for one in section.changes]


CHANGES = [
    ("country: JP", "country: TH", ("country-changed", True)),
    ("name: shipment", "name: parcel", ("name-changed", True)),
    ("shipment_completed_ja", "payment_completed_ja", ("template-changed", True)),
    ("time_range_001_ja", "time_range_002_ja", ("key-changed", True)),
    ("example: 午前中", "example: 午後", ("text-changed", False)),
    ('content: "{{ slot }}"', 'content: "{{ slot | truncate(9) }}"', ("expression-changed", False)),
    ("maxLength: 20", "maxLength: 19", ("bound-tightened", True)),
    ("maxLength: 20", "maxLength: 21", ("bound-loosened", False)),
    ("message:", 'deliveryTag: "shipment-of-the-parcel"\nmessage:', ("tag-changed", True)),
    (
        "    items:",
        "    buttons: [{buttonKey: contact_ja, url: 'https://a.example.com'}]\n    items:",
        ("added", False),
    ),
]


@pytest.mark.parametrize(("part", "other", "expected"), CHANGES, ids=[one[2][0] for one in CHANGES])
def test_each_change_is_told_once(part, other, expected):
    assert part in SPEC
    assert kinds(SPEC, SPEC.replace(part, other)) == [expected]


def test_equal_specs_do_not_change():
    assert kinds(SPEC, SPEC) == []
    assert kinds(SPEC, "# a comment\n" + SPEC) == []


def test_another_country_of_the_config_is_a_change():
    plain = SPEC.replace("country: JP\n", "")
    sections = compare(versions(plain, country="JP"), versions(plain, country="TH"))
    assert [one.change.kind for one in sections[0].changes] == ["country-changed"]


def test_specs_are_paired_by_name_then_by_place():
    other = SPEC.replace("name: shipment", "name: other")
    old = [*versions(SPEC, "a.yaml"), *versions(other, "b.yaml")]
    new = [*versions(SPEC, "c.yaml"), *versions(other.replace("other", "another"), "b.yaml")]
    found = [(one and one.file, two and two.file) for one, two in paired(old, new)]
    assert found == [("a.yaml", "c.yaml"), ("b.yaml", "b.yaml")]


def test_specs_of_one_name_are_paired_where_they_stand():
    old = [*versions(SPEC, "a.yaml"), *versions(SPEC, "b.yaml"), *versions(SPEC, "c.yaml")]
    new = [*versions(SPEC, "b.yaml"), *versions(SPEC, "c.yaml"), *versions(SPEC, "d.yaml")]
    found = [(one and one.file, two and two.file) for one, two in paired(old, new)]
    assert found == [("b.yaml", "b.yaml"), ("c.yaml", "c.yaml"), ("a.yaml", "d.yaml")]


@pytest.mark.parametrize("message", ["", "message: 5\n", "message: [5]\n"])
def test_a_spec_without_a_message_is_compared(message):
    bare = SPEC[: SPEC.index("message:")] + message
    for old, new in ((SPEC, bare), (bare, SPEC)):
        (section,) = compare(versions(old), versions(new))
        assert any("there is no message to fill" in note for note in section.notes)
        assert all(one.change.what for one in section.changes)


def test_a_message_that_can_not_be_filled_is_compared_as_written():
    old = SPEC.replace(", example: 午前中", "")
    sections = compare(versions(old), versions(old.replace("{{ slot }}", "午前中")))
    assert [one.change.kind for one in sections[0].changes] == ["expression-changed"]
    assert "example" in sections[0].notes[0]


DIRECTED = """\
pnpc: 1
name: lines
country: JP
variables:
  lines: {type: array, maxItems: 2, items: {type: string, maxLength: 10}, example: [a, b]}
  gift: {type: boolean, example: true}
message:
  messages:
    - {type: text, text: Hello}
    - {$if: gift, type: text, text: a gift}
    - {$for: line in lines, type: text, text: "{{ line }} ordered"}
"""


def test_what_directives_make_is_compared_and_placed():
    new = DIRECTED.replace("Hello", "Hi").replace("a gift", "a present").replace("ordered", "bought")
    (section,) = compare(versions(DIRECTED), versions(new))
    found = {(one.change.kind, one.change.before): one.new.range.start.line for one in section.changes}
    assert found == {
        ("text-changed", "Hello"): 9,
        ("text-changed", "a gift"): 10,
        ("text-changed", "a ordered"): 8,  # which entry it is made of is not known: the list
        ("text-changed", "b ordered"): 8,
        ("expression-changed", "{{ line }} ordered"): 11,
    }


def test_a_fragment_that_changed_is_seen(repository, here, tmp_path):
    folder = tmp_path / "specs"
    (folder / "a.yaml").write_text(DIRECTED + "    - {$include: foot.yaml}\n")
    (folder / "foot.yaml").write_text("{type: text, text: Bye}\n")
    repository("add", "-A")
    repository("commit", "--quiet", "-m", "two")
    assert here("diff", "main").stdout == "no changes\n"
    (folder / "foot.yaml").write_text("{type: text, text: Bye bye}\n")
    shown = here("diff", "main").stdout
    assert '"Bye" → "Bye bye"' in shown
    assert shown.splitlines()[-1] == "1 change in 1 spec: none breaking"
    (folder / "b.yaml").write_text((folder / "a.yaml").read_text().replace("name: a", "name: b"))
    assert here("diff", "main").stdout.splitlines()[-1].startswith("2 changes in 2 specs: ")


def test_request_bodies_are_compared():
    old = '{"to": "x", "templateKey": "shipment_completed_ja"}'
    assert kinds(old, old.replace("shipment", "payment")) == [("template-changed", True)]
    assert kinds(old, old.replace('"x"', '"y"')) == []  # who gets it is no change of the message


# --- the command ---


@pytest.fixture
def repository(tmp_path):
    """A repository with one spec, and how to commit to it."""

    def git(*words: str) -> str:
        identity = {
            f"GIT_{who}_{what}": "x@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
        }
        environment = clean_environment(**identity, GIT_CONFIG_GLOBAL="/dev/null", GIT_CONFIG_SYSTEM="/dev/null")
        done = subprocess.run(["git", *words], cwd=tmp_path, env=environment, capture_output=True, check=True)
        return done.stdout.decode()

    git("init", "--quiet", "--initial-branch=main")
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs" / "a.yaml").write_text(SPEC)
    git("add", "-A")
    git("commit", "--quiet", "-m", "one")
    return git


def test_a_revision_against_the_files(repository, pnpc, tmp_path):
    assert pnpc("diff", "main").stdout == "no changes\n"
    file = tmp_path / "specs" / "a.yaml"
    file.write_text("# moved down\n" + SPEC.replace("maxLength: 20", "maxLength: 10"))
    done = pnpc("diff", "main")
    assert done.returncode == 1
    assert "breaking variable `slot`: `maxLength` changed" in done.stdout
    assert "main:specs/a.yaml:5:35 → specs/a.yaml:6:35" in done.stdout
    inside = pnpc("diff", "main", cwd=tmp_path / "specs")
    assert inside.returncode == 1
    assert "main:specs/a.yaml:5:35 → a.yaml:6:35" in inside.stdout


def test_two_revisions_and_paths(repository, here, tmp_path):
    (tmp_path / "specs" / "b.yaml").write_text(SPEC.replace("name: shipment", "name: b"))
    (tmp_path / "specs" / "a.yaml").unlink()
    repository("add", "-A")
    repository("commit", "--quiet", "-m", "two")
    both = here("diff", "main~1..main", "--format", "json")
    assert both.returncode == 1
    found = {(one["name"], change["kind"]) for one in json.loads(both.stdout)["specs"] for change in one["changes"]}
    assert found == {("b", "added"), ("shipment", "removed")}
    assert here("diff", "main~1..", "--", "specs/b.yaml").returncode == 0
    assert here("diff", "main~1", "main", "--", "specs/b.yaml").returncode == 0
    assert here("diff", "main~1...main").returncode == 1
    assert here("diff", "main~1", "specs/b.yaml").returncode == 0
    assert here("diff", "main", "specs").stdout == "no changes\n"


def test_a_revision_brings_its_config(repository, pnpc, tmp_path):
    (tmp_path / "specs" / "a.yaml").write_text(SPEC.replace("country: JP\n", ""))
    (tmp_path / "pnpc.toml").write_text('country = "JP"\n')
    assert pnpc("diff", "main", cwd=tmp_path / "specs").returncode == 0
    (tmp_path / "pnpc.toml").write_text('country = "TH"\n')
    done = pnpc("diff", "main", cwd=tmp_path / "specs")
    assert done.returncode == 1
    assert '"JP" → "TH"' in done.stdout


def test_told_to_end_it_leaves_nothing(repository, tmp_path):
    git = tmp_path / "bin" / "git"  # one that takes its time to give the files of a revision
    git.parent.mkdir()
    git.write_text(f'#!/bin/sh\ncase "$*" in *cat-file*) sleep 1;; esac\nexec {shutil.which("git")} "$@"\n')
    git.chmod(0o755)
    (tmp_path / "copies").mkdir()
    environment = {**clean_environment(), "TMPDIR": str(tmp_path / "copies")}
    environment["PATH"] = f"{git.parent}{os.pathsep}{environment['PATH']}"
    command = [sys.executable, "-m", "pnpc", "diff", "main"]
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE) as process:
        while process.poll() is None and not any((tmp_path / "copies").glob("*/.git")):
            sleep(0.01)
        process.terminate()
        assert process.wait() == 143
    assert not any((tmp_path / "copies").iterdir())


def test_nothing_is_written_and_no_hook_runs(repository, here, tmp_path):
    hook = tmp_path / ".git" / "hooks" / "post-checkout"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    hook.chmod(0o755)
    before = sorted((str(one), one.stat().st_mtime_ns) for one in tmp_path.rglob("*"))
    assert here("diff", "main").returncode == 0
    assert sorted((str(one), one.stat().st_mtime_ns) for one in tmp_path.rglob("*")) == before


def test_links_of_a_revision_lead_nowhere(repository, here, tmp_path):
    (tmp_path / "specs" / "link.yaml").symlink_to("/etc/passwd")
    repository("add", "-A")
    repository("commit", "--quiet", "-m", "link")
    (tmp_path / "specs" / "link.yaml").unlink()
    assert here("diff", "main").stdout == "no changes\n"


def test_files_and_folders(here, tmp_path):
    for folder, text in (("old", SPEC), ("new", SPEC.replace("name: shipment", "name: parcel"))):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.yaml").write_text(text)
    for words in (("old", "new"), ("old/a.yaml", "new/a.yaml")):
        done = here("diff", *words)
        assert done.returncode == 1
        assert "breaking name:" in done.stdout
        assert "old/a.yaml:2:7 → new/a.yaml:2:7" in done.stdout
    mixed = here("diff", "old", "new/a.yaml")
    assert (mixed.returncode, mixed.stdout) == (2, "")


def test_markdown_is_markdown_whatever_a_text_holds(here, tmp_path):
    (tmp_path / "a.yaml").write_text(SPEC.replace("午前中", "a"))
    (tmp_path / "b.yaml").write_text(SPEC.replace("午前中", '"| **b** @all <b>"'))
    done = here("diff", "a.yaml", "b.yaml", "--format", "markdown")
    (row,) = [line for line in done.stdout.splitlines() if "reads otherwise" in line]
    assert row.count("|") == 4
    assert not {"*", "@", "<"} & set(row)


def test_colours_only_if_asked(here, tmp_path):
    (tmp_path / "a.yaml").write_text(SPEC)
    (tmp_path / "b.yaml").write_text(SPEC.replace("maxLength: 20", "maxLength: 10"))
    assert "\x1b[" not in here("diff", "a.yaml", "b.yaml").stdout
    assert "\x1b[1;31mbreaking" in here("diff", "a.yaml", "b.yaml", "--color", "always").stdout


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("nowhere",), "git knows no revision `nowhere`"),
        (("main..nowhere",), "git knows no revision `nowhere`"),
        (("specs/a.yaml",), "nothing to compare"),
        (("main", "main", "main"), "give OLD and NEW only"),
        (("main", "--", "nothing"), "no file of that name"),
        (("main", "--", ".."), "outside the repository"),
        (("broken.yaml", "specs/a.yaml"), "broken.yaml:2:1:"),
        (("main...nowhere",), "git knows no revision `nowhere`"),
    ],
)
def test_what_can_not_be_compared_is_one_clear_line(words, complaint, repository, here, tmp_path):
    (tmp_path / "broken.yaml").write_text("pnpc: [1\n")
    done = here("diff", *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert complaint in done.stderr
    assert done.stderr.count("\n") == 1


def test_without_a_repository_or_git(here, tmp_path):
    (tmp_path / "a.yaml").write_text(SPEC)
    outside = here("diff", "main", GIT_CEILING_DIRECTORIES=str(tmp_path.parent))
    assert outside.returncode == 2
    assert "not a git repository" in outside.stderr
    none = here("diff", "main", PATH="/nowhere")
    assert none.returncode == 2
    assert "git is not installed" in none.stderr


# --- each change in words, and where it stands ---

WHOLE = """\
pnpc: 1
name: shipment
country: JP
variables:
  slot: {type: string, maxLength: 20, example: am}
  order: {type: object, properties: {id: {type: string, maxLength: 9}}, required: [id], example: {id: A1}}
deliveryTag: "shipment-of-{{ slot }}-0123"
message:
  templateKey: shipment_completed_ja
  customAggregationUnits: [u1]
  body:
    emphasizedItem: {itemKey: date_002_ja, content: 8月10日}
    items:
      - {itemKey: time_range_001_ja, content: "{{ slot }}"}
      - {itemKey: name_010_ja, content: スープ}
    buttons:
      - {buttonKey: contact_ja, url: "https://a.example.com/{{ order.id | urlencode }}"}
"""
DIRECTED_TEXTS = """\
pnpc: 1
name: texts
country: JP
variables:
  gift: {type: boolean, example: true}
  lines: {type: array, maxItems: 2, items: {type: string, maxLength: 9}, example: [a]}
message:
  messages:
    - {type: text, text: one}
    - {$if: gift, type: text, text: two}
    - {$for: line in lines, type: text, text: "{{ line }}"}
    - {type: text, text: four, quickReply: {items: [{type: action, action: {type: uri, label: x, uri: "https://a.example.com/"}}]}}
"""
# The text before and after; of each change its kind, for whom it is, whether it breaks, its words, and its lines.
TOLD: list[tuple[str, str, str, list[tuple[Any, ...]]]] = [
    (WHOLE, 'content: スープ', 'content: カレー', [('text-changed', 'reader', False, 'body.items[1].content', 'reads otherwise', 15, 15)]),
    (WHOLE, '      - {itemKey: name_010_ja, content: スープ}\n', '', [('removed', 'reader', False, 'body.items[1]', 'item removed', 15, 13)]),
    (WHOLE, 'name_010_ja', 'name_011_ja', [('key-changed', 'caller', True, 'body.items[1].itemKey', 'another key: the value is shown under another label', 15, 15)]),
    (WHOLE, '[u1]', '[u2]', [('unit-changed', 'caller', True, 'customAggregationUnits[0]', 'LINE counts these messages under another name', 10, 10)]),
    (WHOLE, '  customAggregationUnits: [u1]\n', '', [('unit-changed', 'caller', True, 'customAggregationUnits', 'LINE counts these messages under another name', 10, 8)]),
    (WHOLE, 'https://a.', 'https://b.', [('link-changed', 'reader', False, 'body.buttons[0].url', 'leads elsewhere', 17, 17)]),
    (WHOLE, 'contact_ja', 'check_ja', [('key-changed', 'caller', True, 'body.buttons[0].buttonKey', 'another key: the value is shown under another label', 17, 17)]),
    (WHOLE, '    emphasizedItem: {itemKey: date_002_ja, content: 8月10日}\n', '', [('removed', 'reader', False, 'body.emphasizedItem', '`emphasizedItem` removed', 12, 11)]),
    (WHOLE, 'deliveryTag: "shipment-of-{{ slot }}-0123"\n', '', [('tag-changed', 'caller', True, 'deliveryTag', 'the webhook brings back another tag', 7, None)]),
    (WHOLE, 'of-{{ slot', 'off-{{ slot', [('tag-changed', 'caller', True, 'deliveryTag', 'the webhook brings back another tag', 7, 7)]),
    (WHOLE, 'maxLength: 9}', 'maxLength: 8}', [('bound-tightened', 'caller', True, 'variable `order`', '`properties.id.maxLength` changed: a value that was allowed may be refused', 6, 6)]),
    (WHOLE, 'maxLength: 9}', 'maxLength: 10}', [('bound-loosened', 'caller', False, 'variable `order`', '`properties.id.maxLength` changed', 6, 6)]),
    (WHOLE, ', required: [id]', '', [('bound-loosened', 'caller', False, 'variable `order`', '`required` removed', 6, 6)]),
    (WHOLE, 'maxLength: 20, ', '', [('bound-loosened', 'caller', False, 'variable `slot`', '`maxLength` removed', 5, 5)]),
    (WHOLE, 'type: string, maxLength: 20', 'type: string, maxLength: 20, default: x', [('default-added', 'caller', False, 'variable `slot`', '`default` added: it is no longer required', 5, 5)]),
    (WHOLE, 'order:', 'order: {type: strng}\n  order2:', [('variable-unsound', 'caller', True, 'variable `order`', 'its declaration has mistakes, so its values are not known (see `pnpc check`)', 6, 6), ('variable-required', 'caller', True, 'variable `order2`', 'new and required: rows without it are refused', None, 7)]),
    (WHOLE, 'maxLength: 20', 'maxLenght: 20', [('bound-tightened', 'caller', True, 'variable `slot`', '`maxLenght` added: a value that was allowed may be refused', 5, 5), ('bound-loosened', 'caller', False, 'variable `slot`', '`maxLength` removed', 5, 5)]),
    (WHOLE, 'example: {id: A1}', 'example: {id: B2}', [('link-changed', 'reader', False, 'body.buttons[0].url', 'leads elsewhere', 17, 17)]),
    (DIRECTED_TEXTS, 'text: one', 'text: uno', [('text-changed', 'reader', False, 'messages[0].text', 'reads otherwise', 9, 9)]),
    (DIRECTED_TEXTS, 'text: two', 'text: dos', [('text-changed', 'reader', False, 'messages[1].text', 'reads otherwise', 10, 10)]),
    (DIRECTED_TEXTS, '"{{ line }}"', '"{{ line }}!"', [('text-changed', 'reader', False, 'messages[2].text', 'reads otherwise', 8, 8), ('expression-changed', 'reader', False, 'messages[2].text', 'filled otherwise', 11, 11)]),
    (DIRECTED_TEXTS, 'text: four', 'text: quattro', [('text-changed', 'reader', False, 'messages[3].text', 'reads otherwise', 12, 12)]),
    (DIRECTED_TEXTS, '$if: gift, ', '', [('removed', 'reader', False, 'messages[1].$if', '`$if` removed', 10, 10)]),
    (DIRECTED_TEXTS, '    - {type: text, text: one}\n', '', [('removed', 'reader', False, 'messages[0]', 'message removed', 9, 8)]),
    (DIRECTED_TEXTS, 'uri: "https://a', 'uri: "https://b', [('link-changed', 'reader', False, 'messages[3].quickReply.items[0].action.uri', 'leads elsewhere', 12, 12)]),
    (DIRECTED_TEXTS, '$if: gift', '$if: not gift', [('removed', 'reader', False, 'messages[1]', 'message removed', 8, 8), ('text-changed', 'reader', False, 'messages[1].$if', 'reads otherwise', 10, 10)]),
    (DIRECTED_TEXTS, 'example: [a]', 'example: [a, b]', [('added', 'reader', False, 'messages[3]', 'message added', 8, 8)]),
    (WHOLE, 'templateKey: shipment_completed_ja', 'messages: [{type: text, text: x}]', [('kind-changed', 'caller', True, 'message', 'another kind of message, which goes to another endpoint', 8, 8), ('added', 'reader', False, 'messages', '`messages` added', 8, 9), ('template-changed', 'caller', True, 'templateKey', 'another template: people get another notification', 9, 8)]),
]  # fmt: skip


@pytest.mark.parametrize(("spec", "part", "other", "told"), TOLD)
def test_a_change_is_told_in_words_at_its_lines(spec, part, other, told):
    assert spec.count(part) == 1
    (section,) = compare(versions(spec), versions(spec.replace(part, other)))
    lines = [(one.old and one.old.range.start.line, one.new and one.new.range.start.line) for one in section.changes]
    found = [one.change for one in section.changes]
    assert [(*change[:5], *at) for change, at in zip(found, lines, strict=True)] == told
    for change in found:
        if isinstance(change.before, str) and isinstance(change.after, str) and change.kind.endswith("-changed"):
            assert change.before != change.after


SMS_BEFORE, SMS_AFTER = (
    "fallback: {sms: 'お届け {{ slot }}', parts: 2}\n",
    "fallback: {sms: 'お届け {{ slot }}', parts: 1}\n",
)
FALLBACKS: list[tuple[str, str, list[tuple[Any, ...]]]] = [
    ("", SMS_BEFORE, [("fallback-changed", "reader", False, "fallback.sms", "added", None, 8)]),
    (SMS_BEFORE, "", [("fallback-changed", "reader", False, "fallback.sms", "removed", 8, None)]),
    (SMS_BEFORE, SMS_AFTER, [("fallback-parts", "caller", True, "fallback.parts", "fewer parts: a row that was allowed may be refused", 8, 8)]),
    (SMS_AFTER, SMS_BEFORE, [("fallback-parts", "caller", False, "fallback.parts", "more parts: an SMS may cost more", 8, 8)]),
    (SMS_BEFORE, SMS_BEFORE.replace("お届け", "発送"), [("fallback-changed", "reader", False, "fallback.sms", "reads otherwise", 8, 8)]),
    (SMS_BEFORE, SMS_BEFORE.replace("{{ slot }}", "{{ slot | truncate(9) }}"), [("fallback-changed", "reader", False, "fallback.sms", "filled otherwise", 8, 8)]),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "told"), FALLBACKS)
def test_a_change_of_a_fallback_is_told_at_its_lines(old, new, told):
    before, after = (WHOLE.replace("message:\n", f"{part}message:\n") for part in (old, new))
    (section,) = compare(versions(before), versions(after))
    lines = [(one.old and one.old.range.start.line, one.new and one.new.range.start.line) for one in section.changes]
    assert [(*one.change[:5], *at) for one, at in zip(section.changes, lines, strict=True)] == told
    texts = [(one.change.before, one.change.after) for one in section.changes]
    assert [(before is ABSENT, after is ABSENT) for before, after in texts] == [(not old, not new)] * len(texts)
