"""An expression without quotes, which YAML reads as a mapping inside a mapping."""

from pnpc.text.document import Mapping, Scalar, end, start
from pnpc.text.finding import Finding
from pnpc.text.source import Span
from pnpc.text.values import is_plain
from pnpc.text.yaml.trouble import unquoted_expression


def unquoted(node: Mapping) -> Finding | None:
    """The finding about a mapping that was meant as an expression; None for any other mapping."""
    if not _looks_like_expression(node):
        return None
    return unquoted_expression(Span(start(node), end(node)), _source_text(node))


def _looks_like_expression(node: Mapping) -> bool:
    """Whether a mapping was written as `{{ name }}`: its only key is a mapping that begins right after the first brace
    and has keys without values."""
    if not node.flow_style or len(node.value) != 1:
        return False
    inner = node.value[0][0]
    if not isinstance(inner, Mapping) or not inner.flow_style or start(inner) != start(node) + 1:
        return False
    return all(isinstance(value, Scalar) and is_plain(value) and not value.value for _, value in inner.value)


def _source_text(node: Mapping) -> str:
    """The expression as it was probably written: the keys of the inner mapping, with the spaces before and after them."""
    inner = node.value[0][0]
    if not inner.value:
        return "{{ }}"
    first, last = inner.value[0][0], inner.value[-1][0]
    names = ", ".join(key.value for key, _ in inner.value if isinstance(key, Scalar))
    before, after = start(first) - start(inner) - 1, end(node) - 2 - end(last)
    return "{{" + " " * before + names + " " * after + "}}"
