"""Jinja2's sandbox for our expressions: arithmetic for numbers only, members of data only, and no value where none is given."""

from functools import lru_cache
from math import isfinite
from typing import Any

from jinja2 import StrictUndefined, Undefined
from jinja2.compiler import CodeGenerator
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import missing

from pnpc.language.expressions.expression import MOST_OPERAND
from pnpc.language.filling.filters import MAKERS
from pnpc.text.wording import Said, says

_KINDS: dict[type, str] = {str: "text", list: "list", dict: "mapping"}


class _NoValue(StrictUndefined):
    """What is not there; using it fails with words of ours."""

    __slots__ = ()

    @property
    def _undefined_message(self) -> str:
        if self._undefined_hint:
            return "the condition is false, and there is no `else`"  # Jinja2 has a hint in no other case
        if self._undefined_obj is missing:
            return f"`{self._undefined_name}` has no value"
        kind = _KINDS.get(type(self._undefined_obj), "value")
        entry = "" if isinstance(self._undefined_name, str) else "entry "
        return f"this {kind} has no {entry}`{self._undefined_name}`"


class _Generator(CodeGenerator):
    """Jinja2's own `if` without `else` gives an empty text, so a message could lose a word without a sign of it."""

    def write_commons(self) -> None:
        super().write_commons()
        self.writeline("cond_expr_undefined = undefined")


class _Environment(ImmutableSandboxedEnvironment):
    """Jinja2's sandbox with arithmetic for numbers only, so that no text can be multiplied into gigabytes."""

    code_generator_class = _Generator
    intercepted_binops = frozenset(("*", "/", "//", "%", "+", "-"))

    def getattr(self, obj: Any, attribute: str) -> Any:
        """A member of the data: `order.items` is the data's member and not Python's method; texts have methods, too."""
        if isinstance(obj, dict):
            return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
        return (
            super().getattr(obj, attribute) if isinstance(obj, Undefined) else self.undefined(obj=obj, name=attribute)
        )

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        if operator == "+" and isinstance(left, str) and isinstance(right, str):
            return left + right
        for value in (left, right):
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise SecurityError(f"`{operator}` needs numbers, but found {noun(value)} (join texts with `~`)")
            if not abs(value) <= MOST_OPERAND:
                raise SecurityError("a number beyond 10^30")
        result = super().call_binop(context, operator, left, right)
        if isinstance(result, float) and not isfinite(result):
            raise SecurityError("the result is too large for a number")
        return result


@lru_cache(maxsize=8)
def environment(country: str) -> _Environment:
    """Jinja2 with our filters for a country, and without its own filters and globals."""
    made = _Environment(undefined=_NoValue, autoescape=False, optimized=False, cache_size=0)
    made.globals.clear()
    made.filters.clear()
    made.filters.update({name: make(country) for name, make in MAKERS.items()})
    return made


_NOUNS = {
    str: says("a text"), bool: says("true or false"), type(None): says("an empty value"), list: says("a list"),
    dict: says("a mapping"),
}  # fmt: skip


def noun(value: Any) -> Said:
    """What a value is, as messages call it."""
    return _NOUNS.get(type(value)) or says("a value of type {type}", type=type(value).__name__)
