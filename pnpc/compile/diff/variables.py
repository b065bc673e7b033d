"""What changed for whoever gives the data: variables that came, went, were renamed, or allow other values."""

from collections.abc import Iterator, Mapping
from typing import Any

from pnpc.compile.diff.bounds import ABSENT, Bound, Schema, compare, is_annotation
from pnpc.compile.diff.change import Change
from pnpc.line.grammar.run import same
from pnpc.text.finding import Place
from pnpc.text.path import show

Declared = Mapping[str, Schema | None]
_IGNORED = "a table that still has it works: the column is ignored"


def changes(old: Declared, new: Declared) -> Iterator[Change]:
    """The changes between two maps of variables; None stands for a declaration that is not sound."""
    renamed = _renamed(old, new)
    for name, schema in new.items():
        if name in renamed.values():
            continue
        if name in old:
            yield from _both(name, old[name], schema)
        else:
            yield _added(name, schema)
    for name, schema in old.items():
        if name in renamed:
            yield _rename(name, renamed[name])
        elif name not in new:
            yield Change("variable-removed", "caller", False, f"variable `{name}`", f"removed; {_IGNORED}",
                         _plain(schema), ABSENT, _key(name), None)  # fmt: skip


def _added(name: str, schema: Schema | None) -> Change:
    what = f"variable `{name}`"
    if schema is None:
        return _unsound(name, None, Place(("variables", name), "key"))
    if "default" in schema:
        message = "new, with a default; a column of this name was ignored until now"
        return Change("variable-added", "caller", False, what, message, ABSENT, _plain(schema), None, _key(name))
    message = "new and required: rows without it are refused"
    return Change("variable-required", "caller", True, what, message, ABSENT, _plain(schema), None, _key(name))


def _rename(name: str, to: str) -> Change:
    message = f"renamed to `{to}`: rows that give `{name}` only are not understood"
    return Change("variable-renamed", "caller", True, f"variable `{name}`", message, name, to, _key(name), _key(to))


def _both(name: str, old: Schema | None, new: Schema | None) -> Iterator[Change]:
    if old is None or new is None:
        if old is not new:
            yield _unsound(name, _key(name), _key(name))
        return
    for bound in compare(old, new):
        yield _bound(name, bound)
    yield from _default(name, old, new)


def _bound(name: str, bound: Bound) -> Change:
    what = f"variable `{name}`"
    message = f"`{show(bound.path)}` {_fate(bound)}"
    if bound.refuses:
        message += ": a value that was allowed may be refused"
    kind = "bound-tightened" if bound.refuses else "bound-loosened"
    path = ("variables", name, *bound.path)
    return Change(kind, "caller", bound.refuses, what, message, bound.before, bound.after, Place(path), Place(path))


def _fate(bound: Bound) -> str:
    if bound.before is ABSENT:
        return "added"
    return "removed" if bound.after is ABSENT else "changed"


def _default(name: str, old: Schema, new: Schema) -> Iterator[Change]:
    before, after = old.get("default", ABSENT), new.get("default", ABSENT)
    what, path = f"variable `{name}`", ("variables", name, "default")
    places = (Place(path), Place(path))
    if before is ABSENT and after is not ABSENT:
        yield Change("default-added", "caller", False, what, "`default` added: it is no longer required",
                     before, after, *places)  # fmt: skip
    elif after is ABSENT and before is not ABSENT:
        yield Change("default-removed", "caller", True, what, "`default` removed: rows without a value are refused",
                     before, after, *places)  # fmt: skip
    elif before is not after and not same(before, after):
        yield Change("default-changed", "caller", False, what, "`default` changed: rows without a value get another text",
                     before, after, *places)  # fmt: skip


def _unsound(name: str, old: Place | None, new: Place | None) -> Change:
    message = "its declaration has mistakes, so its values are not known (see `pnpc check`)"
    return Change("variable-unsound", "caller", True, f"variable `{name}`", message, old=old, new=new)


def _renamed(old: Declared, new: Declared) -> dict[str, str]:
    """Variables that went, and the one that came in the place of each: declared alike, with the same example or a name
    that is near. If several could be meant, none is."""
    gone = {name: schema for name, schema in old.items() if name not in new and schema is not None}
    come = {name: schema for name, schema in new.items() if name not in old and schema is not None}
    likely = [(name, other) for name in gone for other in come if _alike(name, gone[name], other, come[other])]
    return {
        name: other
        for name, other in likely
        if sum(pair[0] == name for pair in likely) == sum(pair[1] == other for pair in likely) == 1
    }


def _alike(name: str, schema: Schema, to: str, other: Schema) -> bool:
    if not same(_rules(schema), _rules(other)):
        return False
    if "example" in schema and same(schema["example"], other.get("example", ABSENT)):
        return True
    from pnpc.text.suggest import near  # rapidfuzz: only if names must be compared

    return bool(near(name, [to]))


def _rules(schema: Schema) -> dict[str, Any]:
    return {name: value for name, value in schema.items() if name == "default" or not is_annotation(name)}


def _plain(schema: Schema | None) -> Any:
    return ABSENT if schema is None else dict(schema)


def _key(name: str) -> Place:
    return Place(("variables", name), "key")
