"""The values of one message from a YAML or JSON mapping."""

from typing import NamedTuple

from pnpc.check.engine import diagnose, range_of
from pnpc.compile.tables.phones import scrub, scrubbed
from pnpc.compile.tables.recipients import Record
from pnpc.line.grammar.compiler import compile_schema
from pnpc.line.grammar.run import Run
from pnpc.text.document import Mapping, Unreadable
from pnpc.text.finding import Diagnostic, Finding, Place, Range
from pnpc.text.nodes import compose
from pnpc.text.source import Source, Span
from pnpc.text.tree import Tree
from pnpc.text.wording import says


class Data(NamedTuple):
    """What a data file holds: a record, or what is wrong with the file."""

    record: Record | None
    diagnostics: tuple[Diagnostic, ...] = ()


def read_data(source: Source) -> Data:
    """Read a mapping from variables (and `phone` or `to`) to values. Nothing of the values is repeated in messages."""
    try:
        documents = list(compose(source))
    except Unreadable as error:
        return Data(None, (_diagnostic(source, error.finding, None),))
    root = documents[0].root
    if not isinstance(root, Mapping) or len(documents) > 1:
        what = says("{count} documents", count=len(documents)) if len(documents) > 1 else says("no mapping")
        message = says("{what}: data must be one mapping from variables to values", what=what)
        finding = Finding(Span(0, 0), message, rule="bad-table")
        return Data(None, (_diagnostic(source, finding, None),))
    run = Run(json=documents[0].json, expressions=False)
    compile_schema(True, "variable")(root, (), run)
    tree = Tree(documents[0])
    if run.findings:
        return Data(None, tuple(_diagnostic(source, finding, tree) for finding in run.findings))

    def locate(name: str | None) -> Range:
        return range_of(source, tree.span(Place((name,) if name else ())))

    values = {str(key.value): value for key, value in root.value}
    return Data(Record(source.name, 0, values, "yaml", locate, needs_recipient=False))


def _diagnostic(source: Source, finding: Finding, tree: Tree | None) -> Diagnostic:
    shown = diagnose(source, finding._replace(message=scrubbed(finding.message), help=None, fix=None), tree, {})
    return shown._replace(path=scrub(shown.path))
