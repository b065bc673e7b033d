"""What an expression can be: its tree is walked with the bounds of the variables instead of values."""

from collections.abc import Mapping
from typing import Any

from pnpc.language.expressions.expression import MOST_OPERAND
from pnpc.language.extents.extent import INFINITE, joined, part_of
from pnpc.language.extents.number import calculated, known, negated
from pnpc.language.extents.value import (
    UNKNOWN,
    Cause,
    ExpressionFault,
    Value,
    constant,
    kinds_in_words,
    one_of,
    written,
)
from pnpc.language.proof.declared_bounds import value_of
from pnpc.language.proof.expression_tree import ExpressionTree, shown
from pnpc.language.variables.scope import Names, no_member
from pnpc.text.wording import says

_BOOLEAN = Value(boolean=True)


class Evaluation:
    """One expression's evaluation, in a scope and for a country; `faults` are the mistakes found on the way. `is_doubtful`: a
    part that is evaluated for some data only may fail for some data, and it is not known whether these are the same.

    `data` are known values (see `pnpc.language.proof.few_values`): an expression that reads nothing else is worked out exactly.
    """

    def __init__(self, scope: Names, country: str, data: Mapping[str, Any] | None = None) -> None:
        self.faults: list[ExpressionFault] = []
        self.is_doubtful = False
        self._scope = scope
        self._country = country
        self._data = data

    def value(self, tree: ExpressionTree) -> Value:
        """What a tree can be. Sound: for all data the expression's value is inside the bounds, or it fails.

        Raises `few_values.Failed` where it surely fails for the values that are known.
        """
        if self._data is not None and tree.kind != "const":
            from pnpc.language.proof import few_values  # loads Jinja2, which bounds alone do not need

            if few_values.is_known(tree, self._data):
                return constant(few_values.worth(tree, self._data, self._country))
        if tree.kind == "name":
            return self._used(value_of(self._scope.get(tree.own, {})), tree)
        if tree.kind == "filter":
            return self._filtered(tree)
        value: Value = getattr(self, f"_{tree.kind}")(tree)
        return value

    def _used(self, value: Value, tree: ExpressionTree) -> Value:
        """A value used by name: a missing bound is reported with that name from here on."""
        return value._replace(causes=(Cause(shown(tree), value.lacks),)) if value.lacks else value

    def _unknown(self, _tree: ExpressionTree) -> Value:
        return UNKNOWN

    def _const(self, tree: ExpressionTree) -> Value:
        if isinstance(tree.own, int | float) and not -MOST_OPERAND <= tree.own <= MOST_OPERAND:
            return UNKNOWN  # expression-syntax reports it
        return constant(tree.own)

    def _member(self, tree: ExpressionTree) -> Value:
        base = self.value(tree.parts[0])
        if base.members is None:
            return UNKNOWN
        return self._key(base, tree.own, tree)

    def _key(self, base: Value, key: object, tree: ExpressionTree) -> Value:
        if base.members is None or not isinstance(key, str) or key not in base.members:
            return UNKNOWN if base.members else _open(tree.parts[0], "properties")
        value = self._used(value_of(base.members[key]), tree)
        return value if key in base.required else value._replace(missing=True)

    def _item(self, tree: ExpressionTree) -> Value:
        base, index = self.value(tree.parts[0]), tree.parts[1]
        self.value(index)
        at = _written_index(index)
        if base.members is not None and (index.kind == "const" or at is not None):
            key = index.own if at is None else at
            if base.members and key not in base.members and not base.unknown:
                self._has_no_member(tree.parts[0], key, base)
            return self._key(base, key, tree)
        if base.entry is not None and not base.is_object:
            value = self._used(value_of(base.entry), tree)
            if not base.entry:
                return _open(tree.parts[0], "items")
            return value._replace(missing=at is None or not -base.entries <= at < base.entries)
        if base.text is not None and not base.unknown:
            return Value(text=part_of(base.text, 1), missing=True)
        if not base.is_object:
            self._has_no_entries(tree.parts[0], base)
        return UNKNOWN

    def _has_no_member(self, tree: ExpressionTree, key: object, base: Value) -> None:
        name = shown(tree) or "this value"
        self.faults.append(ExpressionFault(True, no_member(name, str(key), tuple(base.members or ()))))

    def _has_no_entries(self, tree: ExpressionTree, base: Value) -> None:
        if base.unknown or base.is_list:
            return
        name = shown(tree)
        what = says("`{name}`", name=name) if name else says("this value")
        kinds = kinds_in_words(base.kinds())
        self.faults.append(
            ExpressionFault(True, says("{what} is {kinds}, which has no entries", what=what, kinds=kinds))
        )

    def _slice(self, tree: ExpressionTree) -> Value:
        base = self.value(tree.parts[0])
        if base.text is not None and not base.unknown:
            start, stop = tree.own
            counted = isinstance(start, int) and isinstance(stop, int) and start >= 0 and stop >= 0
            return Value(text=part_of(base.text, max(0, stop - start) if counted else INFINITE), causes=base.causes)
        self._has_no_entries(tree.parts[0], base)
        return base if base.is_list and not base.unknown else UNKNOWN

    def _filtered(self, tree: ExpressionTree) -> Value:
        from pnpc.language.proof.filtered import FILTERS, PARAMETERS, Call  # half of the expressions have no filter

        name, named = tree.own
        base, *rest = tree.parts
        values = [self.value(argument) for argument in rest]
        given = dict(zip(PARAMETERS.get(name, ()), values, strict=False))
        if named:
            given.update(zip(named, values[-len(named) :], strict=True))
        value = self.value(base) if name == "default" else self._present(base)
        if name not in FILTERS:
            return UNKNOWN
        made = FILTERS[name](Call(value, shown(base), given, self._country, self.faults))
        return made._replace(causes=()) if made.causes and made.text and made.text.units < INFINITE else made

    def _present(self, tree: ExpressionTree) -> Value:
        """A value that must be there, because something is made of it."""
        value = self.value(tree)
        if value.missing and not value.unknown:
            name = shown(tree)
            message = says("`{name}` may be missing", name=name) if name else says("a value may be missing")
            help = says("pipe it through `default('…')`, or declare it as `required`")
            if tree.kind == "if":
                help = says("give it an `else`, or pipe it through `default('…')`")
            self.faults.append(ExpressionFault(False, message, help))
        return value._replace(missing=False) if value.missing else value

    def _if(self, tree: ExpressionTree) -> Value:
        test, *branches = tree.parts
        if self._data is not None and (chosen := self._chosen(test, branches)) is not None:
            return chosen
        self._present(test)
        values = [self._perhaps(branch) for branch in branches]
        return one_of(values[0], values[1]) if len(values) > 1 else values[0]._replace(missing=True)

    def _chosen(self, test: ExpressionTree, branches: list[ExpressionTree]) -> Value | None:
        """The branch that is taken, where the test can be worked out."""
        from pnpc.language.proof import few_values  # loads Jinja2, which bounds alone do not need

        if self._data is None or not few_values.is_known(test, self._data):
            return None
        if few_values.worth(test, self._data, self._country):
            return self.value(branches[0])
        return self.value(branches[1]) if len(branches) > 1 else Value(missing=True)

    def _perhaps(self, tree: ExpressionTree) -> Value:
        """A part that is evaluated only for some data: a condition may keep away the data for which it fails."""
        before = len(self.faults)
        value = self.value(tree)
        sure = [fault for fault in self.faults[before:] if fault.sure]
        self.is_doubtful = self.is_doubtful or len(self.faults) > before + len(sure)
        self.faults[before:] = sure
        return value

    def _join(self, tree: ExpressionTree) -> Value:
        values = [self._present(part) for part in tree.parts]
        for value, part in zip(values, tree.parts, strict=True):
            if (value.is_list or value.is_object) and not value.unknown:
                name = shown(part)
                what = says("`{name}`", name=name) if name else says("this")
                kinds = kinds_in_words(value.kinds())
                self.faults.append(
                    ExpressionFault(
                        len(value.kinds()) == 1,
                        says("`~` joins texts and numbers, but {what} is {kinds}", what=what, kinds=kinds),
                    )
                )
        whole = written(values[0], stored_numbers=True)
        for value in values[1:]:
            whole = joined(whole, written(value, stored_numbers=True))
        causes = tuple(cause for value in values for cause in value.causes)
        return Value(text=whole, causes=causes)

    def _binary(self, tree: ExpressionTree) -> Value:
        left, right = (self._present(part) for part in tree.parts)
        causes = left.causes + right.causes
        text = None
        if tree.own == "+" and left.text is not None and right.text is not None:
            text = joined(left.text, right.text)
        if left.number is None or right.number is None:
            if text is None and not (left.unknown or right.unknown):
                self._refuse(tree, left, right)
                return UNKNOWN
            return Value(text=text, causes=causes) if text is not None else UNKNOWN
        number = calculated(tree.own, left.number, right.number)
        if tree.own in ("/", "//", "%") and right.number.lo <= 0 <= right.number.hi and not right.unknown:
            name = shown(tree.parts[1])
            if name:
                message = says("`{operator}` fails where `{name}` is 0", operator=tree.own, name=name)
            else:
                message = says("`{operator}` fails where the divisor is 0", operator=tree.own)
            self.faults.append(ExpressionFault(False, message))
        return Value(text=text, number=number, causes=causes)

    def _refuse(self, tree: ExpressionTree, left: Value, right: Value) -> None:
        at = 0 if left.number is None else len(tree.parts) - 1
        wrong = left if at == 0 else right
        name = shown(tree.parts[at])
        what = says("`{name}`", name=name) if name else says("this value")
        kinds = kinds_in_words(wrong.kinds())
        help = says("join texts with `~`") if wrong.text is not None else None
        self.faults.append(
            ExpressionFault(
                True,
                says(
                    "`{operator}` needs numbers, but {what} is {kinds}",
                    operator=tree.own,
                    what=what,
                    kinds=kinds,
                ),
                help,
            )
        )

    def _compare(self, tree: ExpressionTree) -> Value:
        from pnpc.language.proof.compared import uncomparable  # few texts compare anything

        values = [self._present(part) for part in tree.parts]
        sides = list(zip(values, map(shown, tree.parts), strict=True))
        for sign, left, right in zip(tree.own, sides, sides[1:], strict=False):
            fault = uncomparable(sign, left, right)
            if fault is not None:
                self.faults.append(fault)
        return _BOOLEAN

    def _either(self, tree: ExpressionTree) -> Value:
        return one_of(self._present(tree.parts[0]), self._perhaps(tree.parts[1]))

    def _not(self, tree: ExpressionTree) -> Value:
        self._present(tree.parts[0])
        return _BOOLEAN

    def _sign(self, tree: ExpressionTree) -> Value:
        value = self._present(tree.parts[0])
        if value.boolean:  # with a sign, Python takes true for 1
            value = one_of(value._replace(boolean=False), Value(number=known((0, 1))))
        if value.number is None:
            if not value.unknown:
                self._refuse(tree, value, value)
            return UNKNOWN
        number = negated(value.number) if tree.own == "-" else value.number
        return Value(number=number, causes=value.causes)

    def _list(self, tree: ExpressionTree) -> Value:
        for part in tree.parts:
            self.value(part)
        return Value(is_list=True)


def _open(tree: ExpressionTree, lacks: str) -> Value:
    """An unknown value, from an object or a list without declared members or entries."""
    return UNKNOWN._replace(causes=(Cause(shown(tree), lacks),)) if shown(tree) else UNKNOWN


def _written_index(index: ExpressionTree) -> int | None:
    """An index that is written as a number, with or without a minus; None for one that is worked out."""
    if index.kind == "sign" and index.own == "-":
        after = _written_index(index.parts[0])
        return None if after is None else -after
    return index.own if index.kind == "const" and isinstance(index.own, int) else None
