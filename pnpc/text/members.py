"""The members of a mapping as every reader of a file must see them. Only this module handles YAML's merge key (`<<`)."""

from pnpc.text.document import Mapping, Node, Scalar, Sequence


def members(node: Node | None) -> dict[str, Node]:
    """A mapping's values by their keys, with merged ones (`<<`); empty for any other node."""
    if node.__class__ is not Mapping:
        return {}
    by_key: dict[str, Node] = {key.value: value for key, value in node.value if key.__class__ is Scalar}
    if "<<" in by_key:
        return {name: value for name, (_, value) in entries(node).items()}
    return by_key


def entries(node: Node) -> dict[str, tuple[Node, Node]]:
    """A mapping's keys and values by name. Its own ones come before merged ones; of a key that is set twice the last counts.

    YAML's merge key is a plain `<<` with a mapping, or with a list of mappings, of which an earlier one counts more. What
    those mappings merge belongs to them. Keys that are not scalars, and merges of anything else, are left out.
    Source: https://yaml.org/type/merge.html
    """
    by_name: dict[str, tuple[Node, Node]] = {}
    merged: list[Node] = []
    for key, value in node.value if isinstance(node, Mapping) else ():
        if is_merge(key):
            merged += merge_sources(value)
        elif isinstance(key, Scalar):
            by_name[key.value] = (key, value)
    for source in merged:
        for name, entry in entries(source).items():
            by_name.setdefault(name, entry)
    return by_name


def written_out(node: Mapping) -> list[tuple[Node, Node]]:
    """A mapping's keys and values, followed by those that it merges, as in `entries`; keys that are set twice stay."""
    pairs = [(key, value) for key, value in node.value if not is_merge(key)]
    if len(pairs) == len(node.value):
        return pairs
    names = {key.value for key, _ in pairs if isinstance(key, Scalar)}
    sources = [source for key, value in node.value if is_merge(key) for source in merge_sources(value)]
    for source in sources:
        if isinstance(source, Mapping):
            merged = [(key, value) for key, value in written_out(source) if isinstance(key, Scalar)]
            new = [(key, value) for key, value in merged if key.value not in names]
            names.update(key.value for key, _ in new)
            pairs += new
    return pairs


def merge_sources(value: Node) -> list[Node]:
    """The nodes from which a merge key with this value merges: the value itself, or the entries of a list."""
    return value.value if isinstance(value, Sequence) else [value]


def is_merge(key: Node) -> bool:
    """Whether a key is YAML's merge key; a quoted `<<` is an ordinary key."""
    return key.value == "<<" and isinstance(key, Scalar) and not key.style
