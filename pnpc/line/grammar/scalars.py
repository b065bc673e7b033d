"""Checks of scalars: text and its length in LINE's unit, numbers and their range, booleans, null, fixed values."""

from collections.abc import Callable
from math import inf

from pnpc.line.grammar import verdicts
from pnpc.line.grammar.patterns import TooSlow, matcher
from pnpc.line.grammar.run import TYPE_TESTS, Check, Demand, Run, is_expression, is_number, same
from pnpc.line.grammar.schema import Schema, listed
from pnpc.line.grammar.units import COUNTS, graphemes
from pnpc.text.document import Node, Scalar
from pnpc.text.finding import Finding, Place
from pnpc.text.lazy import regex
from pnpc.text.path import Path
from pnpc.text.values import BOOLEANS, INTEGER, NULLS, NUMBER, TRAP_STARTS, construct, trap
from pnpc.text.wording import Subject, says

_HIDDEN = regex("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")  # not allowed in YAML, but an escape can write them
_LONGEST_NUMBER = 400  # digits; a longer one is compared as a float


def string(schema: Schema) -> Check:
    """The check of a text: not a JSON number, not null; it is measured unless it contains an expression."""
    measure = _measure(schema)
    fixed = schema.get("x-expressions") is False

    def check_string(node: Node, path: Path, run: Run) -> None:
        if node.__class__ is not Scalar:
            run.findings.append(verdicts.wrong_type(schema, node, path, json=run.json))
            return
        value = node.value
        if not node.style:
            if run.json or value in NULLS:
                run.findings.append(verdicts.wrong_type(schema, node, path, json=run.json))
                return
            if value[0] in TRAP_STARTS and trap(value):
                run.findings.append(verdicts.implicit(node, path))  # type: ignore[arg-type]
        elif not value.isprintable() and node.style == '"' and (hidden := _HIDDEN.search(value)):
            run.findings.append(verdicts.control_character(hidden[0], path, hidden.start()))
        if not ("{{" in value and run.expressions):
            measure(value, path, run)
            return
        if fixed:
            run.findings.append(_not_here(path))
        else:
            run.demands.append(Demand(path, value, schema))
        if run.kept is not None:
            run.kept[id(node)] = ("string", check_string)

    return check_string


def _measure(schema: Schema) -> Callable[[str, Path, Run], None]:
    """The check of the length, pattern and allowed values of a text without expressions."""
    only = listed(schema)
    allowed = None if only is None else frozenset(value for value in only if isinstance(value, str))
    longest, shortest = schema.get("maxLength"), schema.get("minLength", 0)
    unit = schema.get("x-count", "")
    count = COUNTS.get(unit, len)
    # So many code points are certainly within the limit: each is at most two UTF-16 units, and at most one cluster.
    safe = inf if longest is None else longest // 2 if unit == "utf16" else longest
    matches = _pattern(schema["pattern"]) if "pattern" in schema else None

    def measure(value: str, path: Path, run: Run) -> None:
        if allowed is not None and value not in allowed:
            run.findings.append(verdicts.not_allowed(schema, value, path))
        if len(value) > safe and (length := count(value)) > (longest or 0):
            odd = (graphemes(value) if unit == "codepoint" else length) != len(value)
            run.findings.append(verdicts.bad_length(schema, "maxLength", length, path, astral=odd))
        elif len(value) < shortest:
            run.findings.append(verdicts.bad_length(schema, "minLength", len(value), path, astral=False))
        elif matches is not None:
            try:
                if not matches(value):
                    run.findings.append(verdicts.bad_pattern(schema, value, path))
            except TooSlow:
                run.findings.append(verdicts.untried_pattern(path))

    return measure


def _pattern(pattern: str) -> Callable[[str], bool]:
    """The test whether a text contains a match. The pattern is compiled at its first use: most of Flex's never are."""
    compiled: list[Callable[[str], bool]] = []

    def matches(value: str) -> bool:
        if not compiled:
            compiled.append(matcher(pattern))
        return compiled[0](value)

    return matches


def _not_here(path: Path) -> Finding:
    message = says(
        "{subject} can't be an expression: which one is sent must be known when the spec is reviewed",
        subject=Subject(path),
    )
    return Finding(Place(path), message, rule="expression-not-allowed")


def number(schema: Schema) -> Check:
    """The check of a number, or of a whole number with `type: integer`."""
    pattern = INTEGER if schema["type"] == "integer" else NUMBER
    limits = [(keyword, schema[keyword]) for keyword in ("minimum", "maximum", "exclusiveMinimum") if keyword in schema]
    allowed = schema.get("enum", [schema["const"]] if "const" in schema else None)

    def check_number(node: Node, path: Path, run: Run) -> None:
        if not is_number(node, pattern, run):
            run.findings.append(verdicts.wrong_type(schema, node, path, json=run.json))
            return
        if run.kept is not None:
            run.kept[id(node)] = ("number", check_number)
        if is_expression(node, run):
            run.demands.append(Demand(path, node.value, schema))
            return
        value = (
            int(node.value)
            if INTEGER.fullmatch(node.value) and len(node.value) < _LONGEST_NUMBER
            else float(node.value)
        )
        if allowed is not None and not any(same(value, permitted) for permitted in allowed):
            run.findings.append(verdicts.not_allowed(schema, value, path))
        for keyword, limit in limits:
            if _breaks(keyword, value, limit):
                run.findings.append(verdicts.bad_range(schema, keyword, value, path))
                return

    return check_number


def _breaks(keyword: str, value: float, limit: float) -> bool:
    return value < limit if keyword == "minimum" else value > limit if keyword == "maximum" else value <= limit


def boolean(schema: Schema) -> Check:
    """The check of a boolean."""
    allowed = schema.get("enum", [schema["const"]] if "const" in schema else None)

    def check_boolean(node: Node, path: Path, run: Run) -> None:
        if run.kept is not None:
            run.kept[id(node)] = ("boolean", check_boolean)
        if not TYPE_TESTS["boolean"](node, run):
            run.findings.append(verdicts.wrong_type(schema, node, path, json=run.json))
        elif is_expression(node, run):
            run.demands.append(Demand(path, node.value, schema))
        elif allowed is not None and not any(same(BOOLEANS.get(node.value), permitted) for permitted in allowed):
            run.findings.append(verdicts.not_allowed(schema, BOOLEANS.get(node.value), path))

    return check_boolean


def null(schema: Schema) -> Check:
    """The check of a null: no value, `~` or null."""

    def check_null(node: Node, path: Path, run: Run) -> None:
        if not TYPE_TESTS["null"](node, run):
            run.findings.append(verdicts.wrong_type(schema, node, path, json=run.json))

    return check_null


def fixed(schema: Schema) -> Check:
    """The check of `enum` or `const` without a type: it compares values as YAML 1.2 reads them."""
    allowed = listed(schema) or []

    def check_value(node: Node, path: Path, run: Run) -> None:
        value = construct(node)
        if not any(same(value, permitted) for permitted in allowed):
            run.findings.append(verdicts.not_allowed(schema, value, path))

    return check_value
