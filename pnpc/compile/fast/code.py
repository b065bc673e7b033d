"""A function's source, and the values that it refers to: what users wrote gets into code as constants only."""

from collections.abc import Callable
from typing import Any

# Values that a memo holds before it is emptied: those that many rows share stay few, and are short.
MOST_KNOWN = 10_000
LONGEST_KNOWN = 500  # characters of all arguments


class Code:
    """The body of a function, line by line."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._values: dict[str, Any] = {}
        self._depth = 1
        self._locals = 0

    def add(self, line: str) -> None:
        """One more statement; after a line that ends in a colon the next is inside of it, until `end`."""
        self._lines.append("    " * self._depth + line)
        self._depth += line.endswith(":")

    def end(self) -> None:
        """Leave a block."""
        self._depth -= 1

    def leave_unless(self, condition: str) -> None:
        """Give the row up unless something is sure."""
        self.add(f"if not ({condition}):")
        self.add("return None")
        self.end()

    def value(self, stem: str, value: Any) -> str:
        """A name by which the code can refer to a value."""
        name = f"{stem}_{len(self._values)}"
        self._values[name] = value
        return name

    def local(self, stem: str) -> str:
        """A name for a value that the code makes."""
        self._locals += 1
        return f"{stem}{self._locals}"

    def source(self, signature: str) -> str:
        """The function's text."""
        return "\n".join([f"def {signature}:", *self._lines, ""])

    def compiled(self, signature: str) -> Callable[..., Any]:
        """The function."""
        space = dict(self._values)
        exec(compile(self.source(signature), "<a spec's rows>", "exec"), space)
        made: Callable[..., Any] = space[signature.partition("(")[0]]
        return made


class Memo(dict[str | tuple[str, ...], Any]):
    """What `work` gave for texts that many rows share; `None` is not kept, nor what was made of long texts."""

    def __init__(self, work: Callable[..., Any]) -> None:
        super().__init__()
        self._work = work

    def find(self, *arguments: str) -> Any:
        """Work it out and keep it: under the argument itself if there is one only."""
        result = self._work(*arguments)
        if result is not None and sum(map(len, arguments)) <= LONGEST_KNOWN:
            if len(self) >= MOST_KNOWN:
                self.clear()
            self[arguments[0] if len(arguments) == 1 else arguments] = result
        return result


class Calm(set[str]):
    """Texts of which no rule has anything to say."""

    def __init__(self, is_doubtful: Callable[[str], object]) -> None:
        super().__init__()
        self._is_doubtful = is_doubtful

    def ask(self, text: str) -> bool:
        """Whether a text is such a one; it is kept, if it is short."""
        if self._is_doubtful(text):
            return False
        if len(text) <= LONGEST_KNOWN:
            if len(self) >= MOST_KNOWN:
                self.clear()
            self.add(text)
        return True


def constant(text: str) -> str:
    """A text as Python code."""
    return repr(text)


def encoded(text: str) -> str:
    """A text as Python code for its bytes in UTF-8."""
    return repr(text.encode("utf-8", "backslashreplace"))


def joined(parts: list[str]) -> str:
    """The code of a text made of parts, each the code of a constant or of a text in braces: one operation for all."""
    some = [part for part in parts if part not in ("", "''", '""')]
    return f"({' '.join(some)})" if some else constant("")


def shown(name: str) -> str:
    """A value of the code as a part of a text."""
    return f"f'{{{name}}}'"
