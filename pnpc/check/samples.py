"""The values that a spec itself gives for its variables: examples, defaults, and listed values."""

from collections.abc import Iterator
from itertools import islice, product
from typing import Any, NamedTuple

from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.language.variables.declared import Declaration, declarations
from pnpc.language.variables.formats import misfits
from pnpc.line.grammar.run import Run
from pnpc.text.document import Node, Scalar, Sequence
from pnpc.text.members import members
from pnpc.text.path import Path
from pnpc.text.values import NULLS, construct, is_plain, whole
from pnpc.text.wording import Said, says

_MOST_LISTED = 200  # listed values of one variable that are tried
_MOST_GUARDS = 64  # combinations of the values of variables in conditions that are tried


class Sample(NamedTuple):
    """A value of a variable, the words for it (`the example of`), and its path."""

    value: Any
    words: Said
    path: Path


Samples = dict[str, list[Sample]]


def samples(notice: Notice, context: Context) -> Samples:
    """The values of each variable that its own declaration allows; the value that is used without data comes first."""
    declared = context.once(notice, declarations)
    return {name: _of(name, declared[name], notice) for name in notice.variables}


def _of(name: str, declared: Declaration, notice: Notice) -> list[Sample]:
    schema, check = declared.schema, declared.check
    if schema is None or check is None:
        return []
    samples: dict[str, Sample] = {}
    text = schema.get("type") == "string"
    for node, words, path in _written(members(notice.variables[name]), ("variables", name)):
        value = (
            None if isinstance(node, Scalar) and is_plain(node) and node.value in NULLS else construct(node, text=text)
        )
        run = Run(json=notice.document.json, expressions=False)
        check(node, path, run)
        # The rule bad-example reports a value that is not allowed. One that only other readers take for something else is.
        wrong = any(finding.rule != "implicit-value" for finding in run.findings)
        if value is not None and not wrong and not any(misfits(schema, value, path)):
            samples.setdefault(repr(value), Sample(_whole(value), words, path))
    if samples and schema.get("type") == "boolean":
        for value in (True, False):
            samples.setdefault(
                repr(value), Sample(value, says("true for") if value else says("false for"), ("variables", name))
            )
    return list(samples.values())


def _written(stated: dict[str, Node], path: Path) -> Iterator[tuple[Node, Said, Path]]:
    for key, words in (("example", says("the example of")), ("default", says("the default of"))):
        if key in stated:
            yield stated[key], words, (*path, key)
    for key, words in (("examples", says("an example of")), ("enum", says("a listed value of"))):
        listed = stated.get(key)
        if isinstance(listed, Sequence):
            for index, node in enumerate(listed.value[:_MOST_LISTED]):
                yield node, words, (*path, key, index)
    if "const" in stated:
        yield stated["const"], says("the one value of"), (*path, "const")


def _whole(value: Any) -> Any:
    """A value as compile reads it: a number without a fraction is an integer, however it is written."""
    if isinstance(value, float):
        return whole(value)
    if isinstance(value, list):
        return [_whole(part) for part in value]
    return {name: _whole(part) for name, part in value.items()} if isinstance(value, dict) else value


def choices(known: Samples, names: frozenset[str], guards: frozenset[str]) -> Iterator[dict[str, Sample]]:
    """Choices of a value for each variable: the first values, then each other value of a variable in `names` by itself.

    `guards` are the variables in conditions: their values are tried in all combinations.
    """
    first = {name: some[0] for name, some in known.items() if some}
    asked = sorted(name for name in guards if name in first)
    for combination in islice(product(*(known[name] for name in asked)), _MOST_GUARDS):
        base = {**first, **dict(zip(asked, combination, strict=True))}
        yield base
        for name in sorted(names - guards):
            for other in known.get(name, ())[1:]:
                yield {**base, name: other}
