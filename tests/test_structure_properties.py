"""Laws of `$if`, `$for` and `$include`: what is compiled is what they say, and what is clean keeps LINE's counts."""

import json
from collections.abc import Callable
from itertools import product
from typing import Any, NamedTuple

from conftest import tries
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pnpc.check.engine import check
from pnpc.compile.filled.message import FillableMessage
from pnpc.language.cases.parts import Fragment, NoFragment
from pnpc.language.directives.assembled import as_written
from pnpc.language.directives.values import around
from pnpc.language.message import notice
from pnpc.language.message.answers import locate
from pnpc.language.message.context import Context
from pnpc.line.catalog import Catalog
from pnpc.text.nodes import compose
from pnpc.text.source import Source
from pnpc.text.wording import says

Env = dict[str, Any]
VARIABLES = {
    "gift": {"type": "boolean", "example": True},
    "slot": {"type": "string", "enum": ["am", "pm", "night"], "example": "am"},
    "lines": {
        "type": "array",
        "maxItems": 3,
        "items": {
            "type": "object",
            "properties": {
                "kind": {"type": "string", "enum": ["big", "small"]},
                "parts": {"type": "array", "maxItems": 2, "items": {"type": "string", "maxLength": 3}},
            },
            "required": ["kind", "parts"],
        },
        "example": [],
    },
}


class Object(NamedTuple):
    """An object of a list: how often it stands there, and what it is: a text's number, or the objects of a box."""

    number: int
    loop: tuple[str, str] | None
    condition: tuple[str, Callable[[Env], Any]] | None
    children: "list[Object] | None"
    included: bool


ALWAYS: list[tuple[str, Callable[[Env], Any]]] = [
    ("gift", lambda env: env["gift"]),
    ("not gift", lambda env: not env["gift"]),
    ("{{ slot == 'am' }}", lambda env: env["slot"] == "am"),
    ('slot != "am" and gift', lambda env: env["slot"] != "am" and env["gift"]),
    ("slot in ['am', 'pm'] or not gift", lambda env: env["slot"] in ("am", "pm") or not env["gift"]),
    ("lines", lambda env: env["lines"]),
    ("not lines", lambda env: not env["lines"]),
]
IN_LOOPS: list[tuple[str, Callable[[Env], Any]]] = [
    ("loop.first", lambda env: env["loop"]["first"]),
    ("not loop.last", lambda env: not env["loop"]["last"]),
    ("loop.index == 2", lambda env: env["loop"]["index"] == 2),
]
OF_LINES: list[tuple[str, Callable[[Env], Any]]] = [
    ("line.kind == 'big'", lambda env: env["line"]["kind"] == "big"),
    ("line.kind != 'big' and not gift", lambda env: env["line"]["kind"] != "big" and not env["gift"]),
]


@st.composite
def objects(draw: st.DrawFn, loops: tuple[str, ...] = (), depth: int = 0) -> list[Object]:
    """A list of objects, inside these loops' variables."""
    made = []
    for _ in range(draw(st.integers(0 if depth else 1, 3))):
        source = ("line", "lines") if "line" not in loops else ("part", "line.parts") if "part" not in loops else None
        loop = draw(st.sampled_from([None, source])) if source else None
        inner = (*loops, loop[0]) if loop else loops
        known = ALWAYS + (IN_LOOPS if inner else []) + (OF_LINES if "line" in inner else [])
        condition = draw(st.one_of(st.none(), st.sampled_from(known)))
        children = draw(st.one_of(st.none(), objects(inner, depth + 1))) if depth < 2 else None
        made.append(Object(draw(st.integers(0, 99)), loop, condition, children, draw(st.booleans())))
    return made


lines = st.lists(
    st.fixed_dictionaries(
        {"kind": st.sampled_from(["big", "small"]), "parts": st.lists(st.text("xyz", max_size=3), max_size=2)}
    ),
    max_size=3,
)
rows = st.fixed_dictionaries({"gift": st.booleans(), "slot": st.sampled_from(["am", "pm", "night"]), "lines": lines})


def written(one: Object, loops: tuple[str, ...], files: dict[str, str]) -> dict[str, Any]:
    """An object as it stands in a spec, or in a fragment that is added to `files`."""
    inner = (*loops, one.loop[0]) if one.loop else loops
    made: dict[str, Any] = {}
    if one.children is None:
        made |= {
            "type": "text",
            "text": f"{one.number} {{{{ slot }}}}" + "".join(f" {{{{ {name} }}}}" for name in shown(inner)),
        }
    else:
        contents = [written(child, inner, files) for child in one.children]
        made |= {"type": "box", "layout": "vertical", "contents": contents}
    steps = ({"$for": f"{one.loop[0]} in {one.loop[1]}"} if one.loop else {}) | (
        {"$if": one.condition[0]} if one.condition else {}
    )
    if not one.included:
        return made | steps
    name = f"{len(files)}.json"
    files[name] = json.dumps(made)
    return {"$include": name} | steps


def shown(loops: tuple[str, ...]) -> list[str]:
    names = {"line": "line.kind", "part": "part"}
    return [names[one] for one in loops] + (["loop.index0"] if loops else [])


def plainly(
    given_: list[Object], env: Env, loops: tuple[str, ...], path: str, moved: dict[str, tuple[int, ...]]
) -> list[Any]:
    """What a list of objects comes to, worked out without pnpc."""
    made: list[Any] = []
    order: list[int] = []
    for index, one in enumerate(given_):
        inner = (*loops, one.loop[0]) if one.loop else loops
        turns = [env]
        if one.loop:
            array = env["lines"] if one.loop[1] == "lines" else env["line"]["parts"]
            turns = [
                {
                    **env,
                    one.loop[0]: entry,
                    "loop": {"index0": n, "index": n + 1, "first": n == 0, "last": n == len(array) - 1},
                }
                for n, entry in enumerate(array)
            ]
        for turn in turns:
            if one.condition and not one.condition[1](turn):
                continue
            order.append(index)
            if one.children is None:
                words = {"line": lambda t: t["line"]["kind"], "part": lambda t: t["part"]}
                more = [words[name](turn) for name in inner] + ([str(turn["loop"]["index0"])] if inner else [])
                made.append({"type": "text", "text": " ".join([str(one.number), turn["slot"], *more])})
            else:
                below = f"{path}[{len(made)}].contents"
                made.append(
                    {"type": "box", "layout": "vertical", "contents": plainly(one.children, turn, inner, below, moved)}
                )
    if order != list(range(len(given_))):
        moved[path] = tuple(order)
    return made


def spec(messages: list[Any]) -> str:
    return json.dumps(
        {"pnpc": 1, "name": "x", "country": "JP", "variables": VARIABLES, "message": {"messages": messages}}
    )


def context(files: dict[str, str]) -> Context:
    return Context(Catalog(), fragments=lambda _file, path: Fragment(path, path, files[path].encode()))


def message(text: str, surroundings: Context) -> tuple[notice.Notice, FillableMessage]:
    (document,) = compose(Source("a.json", text))
    one = as_written(notice.read(document), surroundings)
    return one, FillableMessage(one, surroundings, {})


PATH = "messages[0].contents.body.contents"


@settings(max_examples=tries(40))
@given(objects(), st.lists(rows, min_size=1, max_size=4))
def test_what_is_compiled_is_what_the_directives_say(given_: list[Object], data: list[Env]) -> None:
    """The body, and which written object each of its objects is, compared with a plain expansion in Python."""
    files: dict[str, str] = {}
    contents = [written(one, (), files) for one in given_]
    bubble = {"type": "bubble", "body": {"type": "box", "layout": "vertical", "contents": contents}}
    one, made = message(spec([{"type": "flex", "altText": "x", "contents": bubble}]), context(files))
    assert made.findings == []
    for row in data:
        filled, flaws = made.fill({**row, "recipient": {"index": 0, "to": "0" * 64}})
        moved: dict[str, tuple[int, ...]] = {}
        expected = plainly(given_, row, (), PATH, moved)
        if any(flaw.finding.rule == "expression-failed" for flaw in flaws):
            raise AssertionError(flaws)
        assert filled.body["messages"][0]["contents"]["body"]["contents"] == expected
        assert {key: order for key, order in filled.moved.items() if order or key in moved} == moved
        for index, order in enumerate(moved.get(PATH, ())):
            place = locate(f"{PATH}[{index}]", one, moved=filled.moved)
            assert place is not None
            assert place.path == ("message", "messages", 0, "contents", "body", "contents", order)


@settings(max_examples=tries(40))
@given(objects(depth=2))
def test_counts_are_proved_and_the_proof_is_tight(given_: list[Object]) -> None:
    """Of all rows there can be the longest and the shortest list decide, and the check knows how long they are."""
    files: dict[str, str] = {}
    text = spec([written(one, (), files) for one in given_])
    kinds = [some for count in range(4) for some in product(("big", "small"), repeat=count)]
    lengths = []
    for gift, slot, some in product((True, False), ("am", "pm", "night"), kinds):
        row = {"gift": gift, "slot": slot, "lines": [{"kind": kind, "parts": []} for kind in some]}
        lengths.append(len(plainly(given_, row, (), "messages", {})))
    told = {
        one.message for one in check(Source("a.json", text), context(files), {}).diagnostics if one.name == "part-count"
    }
    expected = {f"{max(lengths)} messages, limit 5"} if max(lengths) > 5 else set()
    assert told == expected | ({"0 messages, minimum 1"} if not min(lengths) else set())


constants = st.lists(st.one_of(st.integers(-9, 9), st.floats(-9, 9).map(lambda one: round(one, 1))), max_size=4)
bounds = st.fixed_dictionaries({}, optional={"minimum": st.integers(-9, 9), "exclusiveMaximum": st.integers(-9, 9)})


@given(st.sampled_from(["integer", "number"]), bounds, constants, st.integers(-100, 100))
def test_some_number_is_tried_that_compares_as_any_other_does(
    kind: str, limits: Env, points: list[Any], tenths: int
) -> None:
    value = tenths / 10 if kind == "number" else tenths // 5
    assume(limits.get("minimum", -99) <= value < limits.get("exclusiveMaximum", 99))

    def answers(one: Any) -> list[Any]:
        return [bool(one), *((one < point, one == point) for point in points)]

    assert answers(value) in [answers(one) for one in around({"type": kind, **limits}, points)]


@given(st.lists(st.text("ab", max_size=3), max_size=4), st.text("abc", max_size=4))
def test_some_text_is_tried_that_compares_as_any_other_does(points: list[str], text: str) -> None:
    def answers(one: str) -> list[Any]:
        return [bool(one), *((one < point, one == point) for point in points)]

    assert answers(text) in [answers(one) for one in around({"type": "string", "minLength": 0}, points)]


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from(["gift", "line in lines", "0.json", "{{ gift }}", "loop.x", "-"])
    | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["$if", "$for", "$include", "$fi", "type", "text", "contents", "body"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@settings(max_examples=tries(150))
@given(anything, anything, anything)
def test_whatever_stands_under_a_directive_is_told_or_taken(one: Any, other: Any, fragment: Any) -> None:
    """The check never raises; and what it calls clean can be made ready for rows."""
    files = {"0.json": json.dumps(fragment)}

    def read(_file: str, path: str) -> Fragment:
        if path not in files:
            raise NoFragment(says("no {path}", path=path))
        return Fragment(path, path, files[path].encode())

    text = spec([{"type": "text", "text": "x", "$if": one}, other])
    surroundings = Context(Catalog(), fragments=read)
    errors = [told for told in check(Source("a.json", text), surroundings, {}).diagnostics if told.severity == "error"]
    made = message(text, surroundings)[1]
    assert errors or not made.findings
