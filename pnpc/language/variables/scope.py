"""Scope: the names that an expression may use where it stands, each with the JSON Schema of its values."""

from collections.abc import Mapping
from typing import Any

from pnpc.language.message.notice import Notice
from pnpc.language.variables.declared import RECIPIENT, declarations
from pnpc.text.path import Path
from pnpc.text.suggest import did_you_mean, near
from pnpc.text.wording import NameList, Said, says

Names = Mapping[str, Mapping[str, Any]]

_last: tuple[Notice, Names] | None = None


def scope(notice: Notice, path: Path) -> Names:
    """The JSON Schemas of the names that an expression at `path` may use.

    The declared variables, `recipient`, and inside a `$for` its variable and `loop`. The schema of a variable whose
    declaration is broken is empty: nothing is known of its values. `path` is a path in the tree of this notice: in a variant it counts
    the variant's entries.
    """
    names = _declared(notice)
    inside = notice.expansion.loops(path) if notice.expansion is not None else ()
    return {**names, **{name: schema for loop in inside for name, schema in loop.names.items()}} if inside else names


def members_of(schema: Mapping[str, Any]) -> tuple[str, ...] | None:
    """The names of the members that a value of a schema has; None where that is not known; empty for a text or a number."""
    kind = schema.get("type")
    if kind is None or (kind == "object" and not schema.get("properties")):
        return None
    return tuple(schema["properties"]) if kind == "object" else ()


def no_member(name: str, member: str, known: tuple[str, ...]) -> Said:
    """The message about a member that a value does not have."""
    close = did_you_mean(near(member, list(known)))
    if close or not known:
        return says("`{name}` has no `{member}`{meant}", name=name, member=member, meant=close)
    return says(
        "`{name}` has no `{member}`; it has {known}", name=name, member=member, known=NameList(known, " and ", mark="")
    )


def _declared(notice: Notice) -> Names:
    """The names that may be used everywhere; those of the last notice are remembered, because a message has many texts."""
    global _last
    if _last is None or _last[0] is not notice:
        declared = {name: declaration.schema or {} for name, declaration in declarations(notice).items()}
        _last = (notice, {**declared, "recipient": RECIPIENT})
    return _last[1]
