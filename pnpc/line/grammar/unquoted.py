"""An expression that was written without quotes, which YAML reads as a mapping in a mapping."""

from pnpc.text.document import Mapping, Scalar, end, start
from pnpc.text.finding import Finding
from pnpc.text.source import Span
from pnpc.text.values import is_plain
from pnpc.text.yaml.trouble import unquoted_expression


def unquoted(node: Mapping) -> Finding | None:
    """What is said of such a mapping; None of any other."""
    if not _looks_like_expression(node):
        return None
    return unquoted_expression(Span(start(node), end(node)), _as_written(node))


def _looks_like_expression(node: Mapping) -> bool:
    """`{{ name }}`: a mapping that is nothing but a key, itself a mapping that begins at once, of a name alone."""
    if not node.flow_style or len(node.value) != 1:
        return False
    inner = node.value[0][0]
    if not isinstance(inner, Mapping) or not inner.flow_style or start(inner) != start(node) + 1:
        return False
    return all(isinstance(value, Scalar) and is_plain(value) and not value.value for _, value in inner.value)


def _as_written(node: Mapping) -> str:
    """The text of what looks like an expression, if it is a single name on one line with only spaces around it."""
    inner = node.value[0][0]
    if not inner.value:
        return "{{ }}"
    first, last = inner.value[0][0], inner.value[-1][0]
    names = ", ".join(key.value for key, _ in inner.value if isinstance(key, Scalar))
    before, after = start(first) - start(inner) - 1, end(node) - 2 - end(last)
    return "{{" + " " * before + names + " " * after + "}}"
