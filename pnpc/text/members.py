"""The members of a mapping as every reader of a file is to see them: YAML's merge key is understood here and nowhere else."""

from pnpc.text.document import Mapping, Node, Scalar, Sequence


def members(node: Node | None) -> dict[str, Node]:
    """A mapping's values by their keys, merged ones (`<<`) included; empty for anything else."""
    if node.__class__ is not Mapping:
        return {}
    found: dict[str, Node] = {key.value: value for key, value in node.value if key.__class__ is Scalar}
    if "<<" in found:
        return {name: value for name, (_, value) in entries(node).items()}
    return found


def entries(node: Node) -> dict[str, tuple[Node, Node]]:
    """A mapping's keys and values by name: its own, a later one over an earlier one, then what it merges.

    YAML's merge key is a plain `<<`. It names a mapping, or a list of them of which an earlier one wins; what they merge
    themselves belongs to them. Keys that are no scalars, and merges of anything else, are left out.
    """
    found: dict[str, tuple[Node, Node]] = {}
    merged: list[Node] = []
    for key, value in node.value if isinstance(node, Mapping) else ():
        if is_merge(key):
            merged += named(value)
        elif isinstance(key, Scalar):
            found[key.value] = (key, value)
    for source in merged:
        for name, entry in entries(source).items():
            found.setdefault(name, entry)
    return found


def written_out(node: Mapping) -> list[tuple[Node, Node]]:
    """A mapping's keys and values with what it merges in the place of its merges; what is written twice stays so.

    The rules of `entries` hold for what is merged. A mapping that merges nothing is given as it is.
    """
    found = [(key, value) for key, value in node.value if not is_merge(key)]
    if len(found) == len(node.value):
        return found
    names = {key.value for key, _ in found if isinstance(key, Scalar)}
    sources = [source for key, value in node.value if is_merge(key) for source in named(value)]
    for source in sources:
        if isinstance(source, Mapping):
            pairs = [(key, value) for key, value in written_out(source) if isinstance(key, Scalar)]
            brought = [(key, value) for key, value in pairs if key.value not in names]
            names.update(key.value for key, _ in brought)
            found += brought
    return found


def named(value: Node) -> list[Node]:
    """The nodes that a merge key's value names: itself, or those of a list."""
    return value.value if isinstance(value, Sequence) else [value]


def is_merge(key: Node) -> bool:
    """Whether a key is YAML's merge key; a quoted `<<` is a key like any other."""
    return key.value == "<<" and isinstance(key, Scalar) and not key.style
