"""`--map variable=column`: a table's columns under the names that the specs know."""

from collections.abc import Collection, Iterable, Mapping

from pnpc.compile.tables.chunks import BadTable
from pnpc.compile.tables.phones import scrub
from pnpc.compile.tables.recipients import Record, Table
from pnpc.text.suggest import did_you_mean, near
from pnpc.text.wording import says


class BadMap(Exception):
    """A map that can't be used; its text is one line for people."""


def aside(name: str) -> str:
    """What the table's own column of a name is called where another one has been mapped to it."""
    return f"{name} (of the table)"


def names_of(pairs: Iterable[str], known: Collection[str]) -> dict[str, str]:
    """What each column is called here, from `variable=column` each; `known` are the names that a table may have.

    A column that has the name of a mapped one already makes room for it, unless it is mapped itself. Raises BadMap.
    """
    columns: dict[str, str] = {}
    for pair in pairs:
        name, equals, column = pair.partition("=")
        if not (name and equals and column):
            raise BadMap(f"`{scrub(pair)}` is not a mapping: write variable=column")
        if name not in known:
            help = did_you_mean(near(name, known)) or f"; there are {', '.join(sorted(known))}"
            raise BadMap(f"no spec has a variable `{name}`{help}")
        if name in columns:
            raise BadMap(f"`{name}` is mapped twice")
        columns[name] = column
    names: dict[str, str] = {}
    for name, column in columns.items():
        if column in names:
            raise BadMap(f"the column `{scrub(column)}` is mapped twice: to `{names[column]}` and to `{name}`")
        names[column] = name
    for name in columns:
        names.setdefault(name, aside(name))
    return names


def require(table: Table, names: Mapping[str, str]) -> None:
    """Demand that the mapped columns stand in a table that names its columns. Raises BadTable."""
    if table.columns is None:
        return
    for column, name in names.items():
        if name not in table.columns and name != aside(column):
            meant = did_you_mean(list(map(scrub, near(column, table.columns))))
            raise BadTable(
                says("no column `{column}` to map `{name}` to{meant}", column=scrub(column), name=name, meant=meant), 1
            )


def renamed(table: Table, names: Mapping[str, str]) -> Table:
    """A table whose records name their own columns, with these under other names."""
    back = {name: column for column, name in names.items()}

    def rename(record: Record) -> Record:
        values = {names.get(column, column): value for column, value in record.values.items()}
        return record._replace(values=values, locate=lambda name: record.locate(back.get(name, name) if name else None))

    return table._replace(records=map(rename, table.records), chunks=None, parse=None) if names else table
