"""A path inside a document: keys and indices from its root, printed as LINE prints a `property` in its error answers."""

from pnpc.text.lazy import regex

Path = tuple[str | int, ...]

_PLAIN = regex(r"[^\s.\[\]\"]+")
_STEP = regex(r"""\.?([^\s.\[\]"]+)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]""")


def show(path: Path) -> str:
    """A path as text: `("message", "body", "items", 0)` gives `message.body.items[0]`, the root gives the empty text."""
    shown = ""
    for step in path:
        if isinstance(step, int):
            shown += f"[{step}]"
        elif _PLAIN.fullmatch(step):
            shown += f".{step}" if shown else step
        else:
            escaped = step.replace("\\", "\\\\").replace('"', '\\"')
            shown += f'["{escaped}"]'
    return shown


def parse(shown: str) -> Path:
    """The inverse of `show`. Raises ValueError for a text that `show` does not write."""
    steps: list[str | int] = []
    at = 0
    while at < len(shown):
        match = _STEP.match(shown, at)
        if match is None:
            raise ValueError(f"not a path: {shown!r}")
        name, index, quoted = match.groups()
        if index is not None:
            steps.append(int(index))
        elif quoted is not None:
            steps.append(quoted.replace('\\"', '"').replace("\\\\", "\\"))
        else:
            steps.append(name)
        at = match.end()
    return tuple(steps)
