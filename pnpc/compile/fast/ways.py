"""The fast ways that are open to a spec: from a row, or from a program's values, to the line or the payload."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from pnpc.compile.fast import line, objects
from pnpc.compile.fast.code import Code
from pnpc.compile.fast.line import Compile, RequestCode
from pnpc.compile.fast.objects import CompileObject
from pnpc.compile.filled.message import FillableMessage
from pnpc.compile.tables.records import Variables
from pnpc.compile.targets import Payload, Target

# From a recipient's values, their index, and the row that the payload's origin names (None: none) to the payload; None
# where that is not sure.
MakePayload = Callable[[Mapping[str, Any], int, str | None], Payload | None]


class FastWays:
    """Each gives None if there is none for this spec; what it gives, None for a row that it is not sure of."""

    def __init__(
        self, message: FillableMessage, variables: Variables, target: Target, country: str | None,
        origin: Mapping[str, str],
    ) -> None:  # fmt: skip
        """`origin` is that of the spec's payloads, but for the row."""
        self._message = message
        self._variables = variables
        self._target = target
        self._country = country
        self._origin = origin

    def rows(self, columns: tuple[str, ...], file: str) -> Compile | None:
        """From a row of a table, whose columns these are, to its line."""
        url = self._target.url(self._message.kind)
        code = self.code(columns, line.line_of(self._target, url, self._origin, file))
        return code.compiled(line.SIGNATURE) if code is not None else None

    def objects(self, file: str) -> CompileObject | None:
        """The same for the objects of a table whose records name their own columns."""
        types = self._types()
        rows = self.rows(tuple(types), file)
        return objects.by_fields(rows, types) if rows is not None else None

    def payloads(self) -> MakePayload | None:
        """From the values of a program to a payload."""
        types = self._types()
        code = self.code(tuple(types), line.parts_of(self._target, self._origin))
        if code is None:
            return None
        parts = objects.by_fields(code.compiled(line.SIGNATURE), types)
        read = json.JSONDecoder().decode  # of our own JSON: sooner done than to build in Python what it holds
        name, method, url, origin = (
            self._target.name, self._target.method, self._target.url(self._message.kind), self._origin,
        )  # fmt: skip

        def make(values: Mapping[str, Any], index: int, row: str | None) -> Payload | None:
            made = parts(values, index, 0)
            if made is None:
                return None
            id, headers, body, fallback = made
            named = dict(origin) if row is None else {**origin, "row": row}
            beside = read(fallback) if fallback else None
            return Payload(id, name, method, url, read(headers), read(body), named, body, beside)

        return make

    def code(self, columns: tuple[str, ...], finish: Callable[[Code, RequestCode], None]) -> Code | None:
        """The function's code; see `pnpc.compile.fast.line.write`."""
        return line.write(self._message, self._variables, self._target, self._country, columns, finish)

    def _types(self) -> dict[str, str]:
        """The columns that count, each with the declared type of its values."""
        types = dict.fromkeys(self._target.columns, "string")
        types.update({name: str(schema["type"]) for name, schema in self._variables.declared.items()})
        return types
